"""Writes the register of personal data into docs/privacy.md: python -m dev.register."""

import re
from itertools import groupby
from pathlib import Path

from app.db.models.register import REGISTER

PAGE = Path(__file__).parents[1] / "docs" / "privacy.md"
HEADER = ["| Data | Person | Visible to | Purpose | Erased when |", "|---|---|---|---|---|"]


def lines() -> list[str]:
    """The register as a table in Markdown."""
    rows = list(HEADER)
    for holding in REGISTER:
        for field, names in groupby(holding.personal, holding.personal.__getitem__):
            what = f"`{holding.table}`: " + ", ".join(f"`{name}`" for name in names)
            whose = f"`{holding.person}`" if holding.person else "not identified"
            erased = f"kept: {field.kept}" if field.kept else holding.until
            rows.append(f"| {what} | {whose} | {field.tier} | {field.purpose} | {erased} |")
    return rows


def main() -> None:
    """Replaces the table in the page."""
    table = re.compile(re.escape(HEADER[0]) + r"\n(\|.*\n)+")
    rows = "\n".join(lines()) + "\n"
    PAGE.write_text(table.sub(lambda _: rows, PAGE.read_text()))


if __name__ == "__main__":
    main()
