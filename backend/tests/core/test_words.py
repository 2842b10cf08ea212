"""Words: marks separate them, but for those that a query is written with."""

import pytest

from app.core.words import web_search


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("oven", "oven"),
        ("oven  floor", "oven floor"),
        ("kitchen/bathroom", '"kitchen bathroom"'),
        ("anna@example.com", '"anna example com"'),
        ("-a.b c", '-"a b" c'),
        ("-oven", "-oven"),
        ("--oven", "-oven"),
        ("oven or floor", "oven or floor"),
        ('"oven/floor scrub" x', '"oven floor scrub" x'),
        ('-"oven scrub"', '-"oven scrub"'),
        ('"or"', '"or"'),
        ('"oven', '"oven"'),
        ('a"b c"d', 'a "b c" d'),
        ("floor, oven!", "floor oven"),
        ("24/7", '"24 7"'),
        ("Küche/Bad", '"Küche Bad"'),
        ("- / \" '", ""),
        ('""', ""),
    ],
)
def test_a_query_keeps_its_words_and_its_operators(query: str, meant: str) -> None:
    assert web_search(query) == meant
