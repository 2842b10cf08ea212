"""Output of results: tables in the terminal, docs/performance.md and its plot."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.environment import describe
from benchmarks.plot import plot
from benchmarks.results import Contention, Results
from benchmarks.server import Server

PAGE = Path("docs/performance.md")
PLOT = Path("docs/performance.svg")

QUIET = 0.1
"""Cores busy with other programs above which the figures are unreliable."""

Row = Sequence[str]


def ratios(results: Results) -> Iterable[Row]:
    """The comparison with the reference; the first row names the columns."""
    yield (
        "",
        "requests/s",
        "reference",
        "ratio",
        "goal",
        "p99 ratio",
        "app CPU ratio",
        "statements",
    )
    for call in results.calls:
        ours, reference = call.typical("rate")
        statements = " / ".join(f"{number:g}" for number in call.statements)
        yield (
            call.title,
            f"{ours:,.0f}",
            f"{reference:,.0f}",
            f"{call.ratio('rate'):.2f}",
            "" if call.goal is None else f"{call.goal:.2f}",
            f"{call.ratio('p99'):.2f}",
            f"{call.ratio('app'):.2f}",
            statements,
        )


def costs(results: Results) -> Iterable[Row]:
    """The cost of a request in the service and in the reference."""
    yield ("", "p50, ms", "p99, ms", "longest, ms", "app CPU, µs", "PostgreSQL CPU, µs")
    for call in results.calls:
        yield (
            call.title,
            _pair(call.typical("p50"), 1e3, 1),
            _pair(call.typical("p99"), 1e3, 1),
            _pair(call.typical("longest"), 1e3, 1),
            _pair(call.typical("app"), 1e6, 0),
            _pair(call.typical("server"), 1e6, 0),
        )


def _pair(values: tuple[float, float], scale: float, digits: int) -> str:
    ours, reference = values
    return f"{ours * scale:,.{digits}f} / {reference * scale:,.{digits}f}"


def facts(results: Results) -> Iterable[Row]:
    """Start-up, memory and latency."""
    yield ("", "measured", "goal")
    ours, reference = (size / 2**20 for size in results.worker_bytes)
    yield ("ready after its start", f"{results.ready_in:.2f} s", "1.0 s")
    yield ("`import app.api.server`", f"{results.import_in:.2f} s", "0.7 s")
    yield ("memory of a worker afterwards", f"{ours:.0f} MiB (reference {reference:.0f})", "120 MB")
    if results.painted_in is not None:
        measured = f"{results.painted_in:.2f} s"
        yield (
            "page of jobs: largest contentful paint, slow 4G, CPU 4 times slower",
            measured,
            "1.2 s",
        )
    longest = max(max(run.longest for run in c.ours) for c in results.calls if c.goal is not None)
    yield ("longest answer at 32 connections, without logins", f"{longest:.2f} s", "1 s")
    still = results.standstills
    measured = f"{still.rate:.1f} times a second, {still.length * 1e3:.1f} ms at a time"
    yield ("a core is kept from any program for over 1 ms", measured, "")
    for it, other in results.shapes:
        measured = (
            f"{it.p99 * 1e3:.1f} / {it.p50 * 1e3:.1f} ms = {it.p99 / it.p50:.1f} "
            f"(reference {other.p99 / other.p50:.1f})"
        )
        yield (f"p99 / p50 of {it.title} at {it.rate:,.0f}/s, half of the highest", measured, "3")
    for grown in results.scaling:
        one, two = (" + ".join(f"{cores:.2f}" for cores in busy) for busy in grown.busy)
        ratio = grown.rates[1] / grown.rates[0]
        measured = f"{ratio:.2f} (busy cores: {one}; then {two})"
        yield (f"two workers against one: {grown.title}", measured, "")


def popular(found: Contention) -> Iterable[Row]:
    """Contention on one job."""
    yield ("", "measured", "goal")
    yield ("offers/s for many jobs", f"{found.many_jobs:,.0f}", "")
    yield ("offers/s for one job", f"{found.one_job:,.0f}", "")
    held = f"{found.locked_share:.0%} of the time, {found.locked * 1e3:.1f} ms for each"
    yield ("… its lock is held", held, "")
    yield ("deadlocks", f"{found.deadlocks}", "0")
    paced = f"p99 of offers for one job at {found.paced_rate:,.0f}/s"
    yield (paced, f"{found.paced_p99 * 1e3:.0f} ms", "250 ms")
    it = found.acceptance
    yield ("accepting one of 10,000, in PostgreSQL", f"{it.in_database * 1e3:.0f} ms", "100 ms")
    yield ("… in all", f"{it.in_all * 1e3:.0f} ms", "")
    yield ("… statements and events", f"{it.statements} and {it.events}", "")


def print_results(console: Console, results: Results) -> None:
    """Prints the tables."""
    for rows in (
        ratios(results),
        costs(results),
        facts(results),
        popular(results.contention),
    ):
        print_table(console, rows)
    console.print("Pairs are the service / the reference; busy cores: service + PostgreSQL + wrk.")
    if results.neighbours > QUIET:
        console.print(
            f"[bold]Other programs kept {results.neighbours:.1f} cores busy meanwhile: "
            "measure again when the machine is quiet."
        )


def print_table(console: Console, rows: Iterable[Row]) -> None:
    """Prints a table."""
    names, *values = rows
    table = Table(*names)
    for column in table.columns[1:]:
        column.justify = "right"
    for row in values:
        table.add_row(*row)
    console.print(table)


def markdown(rows: Iterable[Row]) -> str:
    """A table as Markdown."""
    names, *values = rows
    rule = ["---"] + ["---:"] * (len(names) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in (names, rule, *values))


def write_report(server: Server, results: Results) -> None:
    """Updates the page and the plot."""
    PLOT.parent.mkdir(exist_ok=True)
    PLOT.write_text(plot(results))
    replace(PAGE, "setting", describe(server, results))
    replace(PAGE, "ratios", markdown(ratios(results)))
    replace(PAGE, "costs", markdown(costs(results)))
    replace(PAGE, "facts", markdown(facts(results)))
    replace(PAGE, "contention", markdown(popular(results.contention)))


def replace(page: Path, section: str, content: str) -> None:
    """Replaces a section of a page."""
    text = page.read_text()
    begin, end = f"<!-- {section} -->\n", f"<!-- end of {section} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    page.write_text(pattern.sub(lambda _: f"{begin}{content}\n{end}", text))
