"""The house keeps its shape: what ARCHITECTURE.md says, as far as a machine can see it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import BACKEND

APP, TESTS = BACKEND / "app", BACKEND / "tests"
SOURCES = sorted(APP.rglob("*.py"))
REVISIONS = APP / "db" / "migrations" / "versions"
LONGEST = 350

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
    "routes": {"health"},
    "services": {
        "clock",
        "erasure",
        "letters",
        "notices",
        "password_checks",
        "removals",
        "safeguards",
    },
    "repositories": {
        "clock",
        "constraints",
        "credentials",
        "erasure",
        "housekeeping",
        "listings",
        "offer_views",
        "people",
        "searches",
        "session_requests",
        "views",
        "words",
    },
    "factories": {"jobs", "scenes"},
}
"""Files that stand for no feature."""

DANGEROUS = {
    "ctypes": "reaches into memory",
    "http.client": "calls other servers",
    "httpx": "calls other servers",
    "jinja2": "runs templates",
    "marshal": "makes code out of bytes",
    "multiprocessing": "reads pickles",
    "pickle": "makes any object out of bytes",
    "random": "can be foretold",
    "shelve": "reads pickles",
    "subprocess": "runs other programs",
    "urllib.request": "calls other servers",
    "xml": "fetches what a document names",
}
"""Modules that the service has no use for, and what an attacker would have of them."""


def named(path: Path) -> str:
    return str(path.relative_to(BACKEND))


def imports(path: Path) -> set[str]:
    """The modules that a file names in its imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
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
    assert owning == {"app/db/commits.py", "app/db/engine.py"}


def test_only_the_api_and_the_pages_know_of_http() -> None:
    frameworks = {"fastapi", "starlette"}
    knowing = {
        named(path)
        for path in SOURCES
        if not {APP / "api", APP / "web"} & set(path.parents)
        and {module.split(".")[0] for module in imports(path)} & frameworks
    }
    assert knowing == {"app/core/tasks.py"}
    naming = {named(path) for path in SOURCES if "HTTPException" in path.read_text()}
    assert naming == {"app/api/errors.py"}


def test_nothing_dangerous_is_within_reach() -> None:
    found = {
        (named(path), module)
        for path in SOURCES
        for module in imports(path)
        if any(f"{module}.".startswith(f"{dangerous}.") for dangerous in DANGEROUS)
    }
    assert found == set()


def test_the_linter_sees_no_danger() -> None:
    linter = subprocess.run(  # noqa: S603 (a command of our own)
        [Path(sys.executable).with_name("ruff"), "check", "--select", "S", "--no-cache", APP],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linter.returncode == 0, linter.stdout


@pytest.mark.parametrize("floor", STANDS_ON)
def test_each_feature_has_one_name_on_every_floor(floor: str) -> None:
    missing = {
        f"{name} of {floor} in {other}"
        for other in STANDS_ON[floor]
        for name in features(floor) - features(other)
    }
    assert missing == set()


def test_each_file_says_what_it_is_for() -> None:
    silent = {
        named(path)
        for folder in ("app", "chaos", "dev", "tests")
        for path in (BACKEND / folder).rglob("*.py")
        if path.read_text() and not ast.get_docstring(ast.parse(path.read_text()))
    }
    assert silent == set()


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    lengths = {
        named(path): len(path.read_text().splitlines())
        for path in SOURCES
        if path.parent != REVISIONS
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
