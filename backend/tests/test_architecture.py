"""The house keeps its shape: what ARCHITECTURE.md says, as far as a machine can see it."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from app.core.features import modules
from tests.server import BACKEND

APP, TESTS = BACKEND / "app", BACKEND / "tests"
FOLDERS = ("app", "benchmarks", "chaos", "dev", "tests")
SOURCES = sorted(APP.rglob("*.py"))
REVISIONS = APP / "db" / "migrations" / "versions"
LONGEST = 310
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
        "clock",
        "erasure",
        "letters",
        "notices",
        "password_checks",
        "removals",
        "safeguards",
    },
    "repositories": {
        "base",
        "cleaning_locks",
        "clock",
        "constraints",
        "credentials",
        "erasure",
        "housekeeping",
        "listings",
        "offer_views",
        "pages",
        "people",
        "person_views",
        "searches",
        "session_requests",
        "task_schedules",
        "views",
        "words",
    },
    "factories": {"removals", "scenes", "tasks"},
}
"""Files that stand for no feature."""

EXCEPTIONS = {"models": {"exports"}}  # which are put together from the shapes of other features
"""Features that need no file of their name on a floor."""

DECLARING = {
    "app.api.routes": {"health", "metrics"},
    "app.db.doctor": {"check", "erasure", "examination", "history", "log", "references"},
    "app.db.models.kinds": set[str](),
    "app.db.models.privacy": set[str](),
    "app.db.repositories.privacy": set[str](),
}
"""Packages whose files declare something for a feature, and the files in them that do not."""

DANGEROUS = {
    "_pickle": "makes any object out of bytes",
    "aiohttp": "calls other servers",
    "asyncio.create_subprocess_exec": "runs other programs",
    "asyncio.create_subprocess_shell": "runs other programs",
    "asyncio.open_connection": "calls other servers",
    "cffi": "reaches into memory",
    "code": "runs text",
    "ctypes": "reaches into memory",
    "ftplib": "calls other servers",
    "http.client": "calls other servers",
    "httpx": "calls other servers",
    "importlib.import_module": "runs the module that a text names",
    "jinja2": "runs templates",
    "mako": "runs templates",
    "marshal": "makes code out of bytes",
    "multiprocessing": "reads pickles",
    "pickle": "makes any object out of bytes",
    "random": "can be foretold",
    "requests": "calls other servers",
    "runpy": "runs the file that a text names",
    "shelve": "reads pickles",
    "socket": "calls other servers",
    "subprocess": "runs other programs",
    "urllib.request": "calls other servers",
    "urllib3": "calls other servers",
    "xml": "fetches what a document names",
    "xmlrpc": "calls other servers",
    "yaml": "makes objects that a document names",
}
"""What the service has no use for, and what an attacker would have of it."""


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


def attributes(path: Path) -> set[str]:
    """The names of the attributes that a file reads."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


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


def is_dangerous(name: str) -> bool:
    return any(f"{name}.".startswith(f"{dangerous}.") for dangerous in DANGEROUS)


def test_nothing_dangerous_is_within_reach() -> None:
    methods = {name.removeprefix("asyncio.") for name in DANGEROUS if "asyncio." in name}
    found = {
        (named(path), name)
        for path in SOURCES
        for name in {*filter(is_dangerous, imports(path)), *(methods & attributes(path))}
    }
    assert found == {
        ("app/core/features.py", "importlib.import_module"),  # of names that stand in that file
        ("app/core/security/passwords.py", "runpy.run_path"),  # of a list in zxcvbn
    }


@pytest.mark.parametrize(
    "text",
    [
        "import xml.sax",
        "from http import client",
        "from urllib import request as r",
        "from importlib import import_module",
        "import asyncio\nrun = asyncio.create_subprocess_shell",
    ],
)
def test_what_is_dangerous_would_be_seen(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file.py"
    file.write_text(text)
    assert any(map(is_dangerous, imports(file))) or "create_subprocess_shell" in attributes(file)


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
        for name in features(floor) - features(other) - EXCEPTIONS.get(other, set())
    }
    assert missing == set()


@pytest.mark.parametrize("package", DECLARING)
def test_each_file_with_declarations_is_found(package: str) -> None:
    files = {path.stem for path in (BACKEND / package.replace(".", "/")).glob("*.py")}
    found = {module.__name__.rpartition(".")[2] for module in modules(package)}
    assert files - found == DECLARING[package] | {"__init__"}


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
