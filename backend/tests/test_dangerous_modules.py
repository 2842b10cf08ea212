"""Dangerous modules: each is forbidden, except in the packages and files that need it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_architecture import APP, SOURCES, imports, named

DANGEROUS = {
    "_pickle": "creates arbitrary objects from bytes",
    "aiohttp": "connects to other servers",
    "aiosmtplib": "connects to mail servers",
    "asyncio.create_subprocess_exec": "runs other programs",
    "asyncio.create_subprocess_shell": "runs other programs",
    "asyncio.open_connection": "connects to other servers",
    "cffi": "accesses raw memory",
    "code": "executes text as code",
    "ctypes": "accesses raw memory",
    "ftplib": "connects to other servers",
    "http.client": "connects to other servers",
    "httpcore": "connects to other servers",
    "httpcore2": "connects to other servers",
    "httpx": "connects to other servers",
    "importlib.import_module": "executes a module by its name",
    "jinja2": "executes templates",
    "mako": "executes templates",
    "marshal": "creates code from bytes",
    "multiprocessing": "creates arbitrary objects from bytes",
    "pickle": "creates arbitrary objects from bytes",
    "random": "is predictable",
    "requests": "connects to other servers",
    "runpy": "executes a file by its name",
    "shelve": "creates arbitrary objects from bytes",
    "smtplib": "connects to mail servers",
    "socket": "connects to other servers",
    "subprocess": "runs other programs",
    "urllib.request": "connects to other servers",
    "urllib3": "connects to other servers",
    "xml": "resolves external entities",
    "xmlrpc": "connects to other servers",
    "yaml": "creates arbitrary objects from documents",
}
"""Modules and functions that an attacker could misuse, and their risks."""

ALLOWED = {
    "app/__main__.py": {
        "importlib.import_module": "imports only the commands that are listed there",
    },
    "app/core/features.py": {
        "importlib.import_module": "imports only the names of features that are listed there",
    },
    "app/core/security/passwords.py": {
        "runpy.run_path": "reads a list of zxcvbn without importing all of it",
    },
    "app/services/letters.py": {
        "jinja2": "renders mails; all values in HTML are escaped",
    },
    "app/web/": {
        "jinja2": "renders pages; all values are escaped",
    },
    "app/worker/mailers.py": {
        "aiosmtplib": "sends mail to the configured server",
    },
    "app/worker/outbound.py": {
        "httpcore2": "connects to public addresses only",
        "socket": "resolves names",
    },
    "app/worker/outbound_streams.py": {
        "httpcore2": "reads a limited part of each response",
    },
    "app/worker/photos.py": {
        "asyncio.create_subprocess_exec": "decodes pictures in a process of their own",
    },
}
"""What a file, or all files of a package, may import in spite of its risk, and the reason."""


def attributes(path: Path) -> set[str]:
    """The names of the attributes that a file reads."""
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def within(name: str, module: str) -> bool:
    """Whether a name is that of a module, or of something in it."""
    return f"{name}.".startswith(f"{module}.")


def dangers(path: Path) -> set[str]:
    """The dangerous modules and functions that a file imports or calls."""
    names = imports(path)
    found = {module for module in DANGEROUS for name in names if within(name, module)}
    methods = {name.removeprefix("asyncio."): name for name in DANGEROUS if "asyncio." in name}
    return found | {methods[name] for name in methods.keys() & attributes(path)}


def allowed(file: str) -> set[str]:
    """The dangerous modules and functions that a file may use."""
    return {
        module
        for place, modules in ALLOWED.items()
        for module in DANGEROUS
        if file == place or (place.endswith("/") and file.startswith(place))
        for name in modules
        if within(name, module)
    }


def test_nothing_dangerous_is_within_reach() -> None:
    found = {named(path): dangers(path) - allowed(named(path)) for path in SOURCES}
    assert {file: modules for file, modules in found.items() if modules} == {}


def test_no_file_is_allowed_more_than_it_uses() -> None:
    for place, modules in ALLOWED.items():
        if place.endswith(".py"):
            names = imports(APP.parent / place)
            assert not [module for module in modules if not any(within(n, module) for n in names)]


@pytest.mark.parametrize(
    ("file", "text", "danger"),
    [
        ("app/api/server.py", "import xml.sax", "xml"),
        ("app/api/server.py", "from http import client", "http.client"),
        ("app/api/server.py", "from urllib import request as r", "urllib.request"),
        ("app/api/server.py", "from importlib import import_module", "importlib.import_module"),
        (
            "app/api/server.py",
            "import asyncio\nrun = asyncio.create_subprocess_shell",
            "asyncio.create_subprocess_shell",
        ),
        ("app/http/openapi.py", "from jinja2 import Template", "jinja2"),
        ("app/worker/handlers.py", "import aiosmtplib", "aiosmtplib"),
        ("app/web/pages.py", "import httpx", "httpx"),
        ("app/worker/webhooks.py", "import httpcore2", "httpcore2"),
    ],
)
def test_what_is_dangerous_would_be_seen(tmp_path: Path, file: str, text: str, danger: str) -> None:
    source = tmp_path / "file.py"
    source.write_text(text)
    assert danger in dangers(source) - allowed(file)


def test_templates_belong_to_pages(tmp_path: Path) -> None:
    source = tmp_path / "file.py"
    source.write_text("import jinja2")
    assert dangers(source) <= allowed("app/web/pages.py")


def test_the_linter_sees_no_danger() -> None:
    linter = subprocess.run(  # noqa: S603 (a command of our own)
        [Path(sys.executable).with_name("ruff"), "check", "--select", "S", "--no-cache", APP],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linter.returncode == 0, linter.stdout
