"""How verdicts are shown: in the terminal, and as a page of the documentation."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.environment import machine
from benchmarks.report import replace
from chaos.verdicts import Verdict

PAGE = Path("docs/reliability.md")


def show(console: Console, name: str, verdict: Verdict) -> None:
    """Prints what came of a scenario."""
    console.print(f"\n[bold]{name}[/]: {verdict.promise}")
    console.print(f"  broken: {verdict.broken}")
    for what, figure in verdict.figures.items():
        console.print(f"  {what}: {figure}", highlight=False)
    for failure in verdict.failures:
        console.print(f"  [red]not as promised:[/] {failure}")
    console.print("  [green]holds[/]" if verdict.holds else "  [red]does not hold[/]")


def write_page(verdicts: Mapping[str, Verdict]) -> None:
    """Writes the results into the page."""
    setting = f"Measured on {datetime.now(UTC):%Y-%m-%d}: {machine()}."
    replace(PAGE, "setting", setting)
    replace(PAGE, "verdicts", "\n\n".join(section(name, v) for name, v in verdicts.items()))


def section(name: str, verdict: Verdict) -> str:
    """What came of a scenario, as Markdown."""
    lines = [
        f"### {name}: {'holds' if verdict.holds else 'DOES NOT HOLD'}\n",
        f"{verdict.promise}\n",
        f"- broken: {verdict.broken}",
        *(f"- {what}: {figure}" for what, figure in verdict.figures.items()),
        *(f"- **not as promised:** {failure}" for failure in verdict.failures),
    ]
    return "\n".join(lines)
