"""Plain English: pronouns never stand in place of a noun in code and documentation."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import BACKEND

ROOT = BACKEND.parent
VAGUE = re.compile(r"\b(?:nobody|somebody|whoever|whomever|whatever)\b", re.IGNORECASE)
FOLDERS = [BACKEND / name for name in ("app", "benchmarks", "chaos", "dev", "docs", "ops")]
FILES = [
    *ROOT.glob("*.md"),
    *(ROOT / "Makefile", ROOT / "docker-compose.yml", BACKEND / ".env.example"),
    *BACKEND.glob("*.yml"),
]
BINARY = {".pyc", ".svg", ".webp"}
EXCEPTIONS = {
    "STYLE.md": "names the words",
    "backend/app/core/reserved.py": "a reserved username",
    "backend/benchmarks/sql/functions.sql": "the description of a job",
    "backend/dev/demo_texts/en.toml": "texts of users",
}


def texts() -> Iterator[Path]:
    """All files that are read by people."""
    yield from FILES
    for folder in FOLDERS:
        yield from (it for it in folder.rglob("*") if it.is_file() and it.suffix not in BINARY)


def vague_words(path: Path) -> list[str]:
    """The vague pronouns in a file, with their lines."""
    lines = enumerate(path.read_text().splitlines(), 1)
    return [f"{number}: {found[0]}" for number, line in lines for found in VAGUE.finditer(line)]


def test_nouns_are_used_in_place_of_vague_pronouns() -> None:
    found = {str(path.relative_to(ROOT)): vague_words(path) for path in texts()}
    assert len(found) > 300
    assert {name: words for name, words in found.items() if words and name not in EXCEPTIONS} == {}


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_exceptions_are_needed(name: str) -> None:
    assert vague_words(ROOT / name)
