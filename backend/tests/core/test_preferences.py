"""Preferences of clients with their weights."""

import pytest

from app.core.preferences import MOST, preferences


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", [("", 1.0)]),
        ("gzip", [("gzip", 1.0)]),
        ("GZIP;Q=0.5 , br ; q=0", [("gzip", 0.5), ("br", 0.0)]),
        ("gzip;q=", [("gzip", 1.0)]),
        ("a;q=x, b;q=nan, c;q=inf, d;q=-1, e;q=2, f", [("f", 1.0)]),
    ],
)
def test_have_weights(header: str, found: list[tuple[str, float]]) -> None:
    assert list(preferences(header)) == found


def test_are_read_up_to_a_limit() -> None:
    assert len(list(preferences("a," * 1000))) == MOST
