"""The results as a bar chart in SVG."""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from benchmarks.results import CallResult, Figure, Results

LEFT, TOP = 130, 74
ROW, BAR = 40, 13
PANEL, BARS = 172, 104
OURS, REFERENCE = "#1f77b4", "#b8bec6"


class Column(NamedTuple):
    """A column of the chart."""

    figure: Figure
    title: str
    scale: float
    digits: int


COLUMNS = (
    Column("rate", "requests/s", 1, 0),
    Column("p50", "p50, ms", 1e3, 1),
    Column("p99", "p99, ms", 1e3, 1),
    Column("app", "app CPU, µs", 1e6, 0),
    Column("server", "PostgreSQL CPU, µs", 1e6, 0),
)

STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#24292f}.h{font-weight:600}"
    "@media(prefers-color-scheme:dark){text{fill:#d0d7de}}"
)


def plot(results: Results) -> str:
    """A chart with a row per call and a column per figure.

    In each cell the longer bar has the full length: the calls differ too much for one scale.
    """
    width = LEFT + PANEL * len(COLUMNS)
    height = TOP + ROW * len(results.calls) + 8
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    lines = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        "<title>The service beside the bare reference</title>",
        f"<style>{STYLE}</style>",
        *_heading(),
        *(line for place, call in enumerate(results.calls) for line in _row(place, call)),
        "</svg>",
    )
    return "\n".join(lines) + "\n"


def _heading() -> Iterator[str]:
    for x, colour, name in ((LEFT, OURS, "service"), (LEFT + 90, REFERENCE, "bare reference")):
        yield f'<rect x="{x}" y="14" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 18}" y="24">{name}</text>'
    for place, column in enumerate(COLUMNS):
        yield f'<text class="h" x="{LEFT + PANEL * place}" y="{TOP - 16}">{column.title}</text>'


def _row(place: int, call: CallResult) -> Iterator[str]:
    y = TOP + ROW * place
    label = y + BAR + 4
    yield f'<text x="{LEFT - 12}" y="{label}" text-anchor="end">{escape(call.title)}</text>'
    for number, column in enumerate(COLUMNS):
        x = LEFT + PANEL * number
        pair = call.typical(column.figure)
        for line, (value, colour) in enumerate(zip(pair, (OURS, REFERENCE), strict=True)):
            top = y + line * (BAR + 2)
            length = max(1, round(BARS * value / (max(pair) or 1)))
            text = f"{value * column.scale:,.{column.digits}f}"
            yield f'<rect x="{x}" y="{top}" width="{length}" height="{BAR}" fill="{colour}"/>'
            yield f'<text x="{x + length + 5}" y="{top + BAR - 2}">{text}</text>'
