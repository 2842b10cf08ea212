"""Preferences of a client, such as languages, with their weights (RFC 9110, 12.4.2)."""

from collections.abc import Iterator

MOST = 20
"""The largest number of preferences that are read of a header."""


def preferences(header: str) -> Iterator[tuple[str, float]]:
    """The values of a header in lower case, with their weights. Malformed ones are left out.

    Args:
        header: The value of a header such as `Accept-Language`.
    """
    for part in header.split(",", MOST)[:MOST]:
        value, _, parameter = part.partition(";")
        try:
            weight = float(parameter.strip().lower().removeprefix("q=") or 1)
        except ValueError:
            continue
        if 0 <= weight <= 1:
            yield value.strip().lower(), weight
