"""Output of verdicts: in the terminal and in docs/reliability.md."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.environment import machine
from benchmarks.report import replace
from chaos.verdicts import Verdict

PAGE = Path("docs/reliability.md")


def show(console: Console, name: str, verdict: Verdict) -> None:
    """Prints the verdict of a scenario."""
    console.print(f"\n[bold]{name}[/]: {verdict.promise}")
    console.print(f"  fault: {verdict.broken}")
    for what, figure in verdict.figures.items():
        console.print(f"  {what}: {figure}", highlight=False)
    for failure in verdict.failures:
        console.print(f"  [red]violated:[/] {failure}")
    console.print("  [green]holds[/]" if verdict.holds else "  [red]does not hold[/]")


def write_page(verdicts: Mapping[str, Verdict]) -> None:
    """Updates the generated sections of the page."""
    setting = f"Measured on {datetime.now(UTC):%Y-%m-%d}: {machine()}."
    replace(PAGE, "setting", setting)
    replace(PAGE, "verdicts", "\n\n".join(section(name, v) for name, v in verdicts.items()))


def section(name: str, verdict: Verdict) -> str:
    """The verdict of a scenario in Markdown."""
    lines = [
        f"### {name}: {'holds' if verdict.holds else 'DOES NOT HOLD'}\n",
        f"{verdict.promise}\n",
        f"- fault: {verdict.broken}",
        *(f"- {what}: {figure}" for what, figure in verdict.figures.items()),
        *(f"- **violated:** {failure}" for failure in verdict.failures),
    ]
    return "\n".join(lines)
