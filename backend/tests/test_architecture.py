"""The house keeps its shape: what ARCHITECTURE.md says, as far as a machine can see it."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from app.core.features import FEATURES, modules
from tests.server import BACKEND

APP, TESTS = BACKEND / "app", BACKEND / "tests"
FOLDERS = ("app", "benchmarks", "chaos", "dev", "tests")
SOURCES = sorted(APP.rglob("*.py"))
REVISIONS = APP / "db" / "migrations" / "versions"
LONGEST = 300
LARGEST_SHARE = 1 / 5

FLOORS = {
    "routes": APP / "api" / "routes",
    "services": APP / "services",
    "repositories": APP / "db" / "repositories",
    "models": APP / "db" / "models",
    "tests": TESTS / "api",
    "factories": TESTS / "factories",
}
STANDS_ON = {
    "routes": ["tests"],
    "services": ["routes", "repositories", "models", "tests"],
    "repositories": ["models"],
    "factories": ["routes", "models"],
}
"""Whatever has a file on one floor has files of the same name on these."""

HELPERS = {
    "routes": {"health", "metrics"},
    "services": {
        "agreements",
        "clock",
        "erasure",
        "letters",
        "link_letters",
        "measures",
        "notice_letters",
        "notices",
        "notification_mails",
        "notification_views",
        "order_ends",
        "photo_hiding",
        "password_checks",
        "public_notice_letters",
        "removals",
        "reported_addresses",
        "reported_things",
        "safeguards",
        "session_cookies",
        "staff_acts",
        "statement_letters",
    },
    "repositories": {
        "agendas",
        "base",
        "booking_views",
        "browsing",
        "category_filters",
        "cleaning_listing",
        "category_locks",
        "cleaning_locks",
        "clock",
        "constraints",
        "credentials",
        "decision_views",
        "earlier_terms",
        "earnings",
        "erasure",
        "housekeeping",
        "listing_pages",
        "listings",
        "matches",
        "notification_recipients",
        "notification_storing",
        "notification_streams",
        "offer_views",
        "order_locks",
        "outbox",
        "package_choices",
        "package_listing",
        "package_views",
        "pages",
        "people",
        "person_views",
        "saved_search_matches",
        "photo_views",
        "question_versions",
        "question_views",
        "searches",
        "session_cookies",
        "session_requests",
        "sitemaps",
        "task_schedules",
        "thread_closures",
        "thread_views",
        "throttle_counting",
        "viewers",
        "views",
        "words",
    },
    "factories": {"browsers", "notification_mails", "removals", "scenes", "stream"},
}
"""Files that stand for no feature."""

EXCEPTIONS = {"models": {"exports"}}  # which are put together from the shapes of other features
"""Features that need no file of their name on a floor."""

DECLARING = {
    "app.api.routes": {"health", "metrics"},
    "app.db.doctor": {
        *("check", "erasure", "examination", "files", "history", "log", "references", "revisions"),
        "words",
    },
    "app.db.models.kinds": set[str](),
    "app.db.models.privacy": set[str](),
    "app.db.repositories.privacy": set[str](),
    "app.web.pages": set[str](),
    "app.worker.consequences": set[str](),
    "app.worker.handlers": set[str](),
    "tests.features": set[str](),
}
"""Packages whose files declare something for a feature, and the files in them that do not."""


def named(path: Path) -> str:
    return str(path.relative_to(BACKEND))


def imports(path: Path) -> set[str]:
    """The modules that a file names in its imports, and what it takes out of them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module or ''}.{alias.name}" for alias in node.names}
    return found


def calls(path: Path) -> set[str]:
    """The names of the methods that a file calls."""
    return {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def features(floor: str) -> set[str]:
    """What has a file on a floor."""
    names = {path.stem.removeprefix("test_") for path in FLOORS[floor].glob("*.py")}
    return names - HELPERS.get(floor, set()) - {"__init__"}


def test_each_floor_knows_only_those_below_it() -> None:
    linter = subprocess.run(  # noqa: S603 (a command of our own)
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=BACKEND,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linter.returncode == 0, linter.stdout


def test_only_the_engine_begins_and_commits() -> None:
    owning = {named(path) for path in SOURCES if {"transaction", "begin", "commit"} & calls(path)}
    assert owning == {"app/postgres/commits.py", "app/postgres/database.py"}


def test_only_one_file_names_the_exception_of_the_framework() -> None:
    naming = {named(path) for path in SOURCES if "HTTPException" in path.read_text()}
    assert naming == {"app/http/errors.py"}


def test_only_the_fast_path_knows_the_inside_of_the_framework() -> None:
    private = re.compile(r"fastapi\.(_|dependencies\.|.*\._)")
    knowing = {path.parent for path in SOURCES if any(map(private.match, imports(path)))}
    assert knowing == {APP / "http" / "fastpath"}


def test_no_folder_holds_too_much_of_the_house() -> None:
    lines: Counter[Path] = Counter()
    for path in SOURCES:
        lines[path.parent] += len(path.read_text().splitlines())
    most = lines.total() * LARGEST_SHARE
    large = {folder for folder, count in lines.items() if count > most}
    assert large <= {APP / "db" / "models", APP / "db" / "repositories"}


@pytest.mark.parametrize("floor", STANDS_ON)
def test_each_feature_has_one_name_on_every_floor(floor: str) -> None:
    missing = {
        f"{name} of {floor} in {other}"
        for other in STANDS_ON[floor]
        for name in features(floor) - features(other) - EXCEPTIONS.get(other, set())
    }
    assert missing == set()


@pytest.mark.parametrize("package", DECLARING)
def test_each_file_with_declarations_is_found(package: str) -> None:
    files = {path.stem for path in (BACKEND / package.replace(".", "/")).glob("*.py")}
    found = {module.__name__.rpartition(".")[2] for module in modules(package)}
    assert files - found == DECLARING[package] | {"__init__"}


def test_each_feature_has_files() -> None:
    named = {path.stem for path in SOURCES}
    assert set(FEATURES) - named == set()
    assert len(set(FEATURES)) == len(FEATURES)


def test_each_file_says_what_it_is_for() -> None:
    silent = {
        named(path)
        for folder in FOLDERS
        for path in (BACKEND / folder).rglob("*.py")
        if path.read_text() and not ast.get_docstring(ast.parse(path.read_text()))
    }
    assert silent == set()


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    lengths = {
        named(path): len(path.read_text().splitlines())
        for folder in FOLDERS
        for path in (BACKEND / folder).rglob("*.py")
        if path.parent != REVISIONS
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
