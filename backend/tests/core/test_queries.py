"""Search queries: words, and the operators that a query is written with."""

import pytest

from app.core.queries import Query


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("oven", "oven"),
        ("oven  floor", "oven & floor"),
        ("kitchen/bathroom", "kitchen <1> bathroom"),
        ("anna@example.com", "anna <1> example <1> com"),
        ("-a.b c", "!(a <1> b) & c"),
        ("-oven", "!(oven)"),
        ("--oven", "!(oven)"),
        ("oven or floor", "oven | floor"),
        ("oven OR floor tile", "oven | floor & tile"),
        ("or oven or", "or & oven & or"),
        ("oven or !", "oven"),
        ('"oven/floor scrub" x', "oven <1> floor <1> scrub & x"),
        ('-"oven scrub"', "!(oven <1> scrub)"),
        ('"or"', "or"),
        ('"oven', "oven"),
        ('a"b c"d', "a & b <1> c & d"),
        ("floor, oven!", "floor & oven"),
        ("24/7", "24 <1> 7"),
        ("Küche/Bad", "(küche <1> bad) | (kuche <1> bad)"),
        ("Ofen -Küche", "ofen & !(küche | kuche)"),
        ("- / \" '", ""),
        ('""', ""),
        ("掃除機", "掃除 <-> 除機"),
        ("窓", "窓:*"),
        ("3LDK掃除 窓", "3ldk <1> 掃除 & 窓:*"),
        ("掃除/one", "掃除 <2> one"),
        ("窓/one", "窓:* <1> one"),
        ("청소 집", "청소 & 집:*"),
    ],
)
def test_a_query_keeps_its_words_and_its_operators(text: str, written: str) -> None:
    assert Query(text).written("en") == written


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("nettoye", "fr", "(nettoye) | (nettoyé)"),
        (
            "vitres nettoyées",
            "fr",
            "(vitres & nettoyées) | (vitres & nettoyees) | (vitrés & nettoyées)",
        ),
        ("le nettoyage", "fr", "(le & nettoyage) | (le & nettoyagé)"),
        ("nettoye", "de", "nettoye"),
        ("чистыи", "ru", "(чистыи) | (чистый)"),
        ("чистыи", "bg", "чистыи"),
        ("окна", "ru", "окна"),
    ],
)
def test_marks_that_decide_about_the_stem_are_restored(
    text: str, language: str, written: str
) -> None:
    assert Query(text).written(language) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ove", "ove:*"),
        ("ov", None),
        ("clean ove", "clean & ove:*"),
        ("clean/ove", "clean <1> ove:*"),
        ("clean or ove", "clean | ove:*"),
        ("küch", "(küch:*) | (kuch:*)"),
        ("oven -flo", None),
        ("掃除機", None),
        ("", None),
    ],
)
def test_the_last_word_may_be_a_prefix(text: str, written: str | None) -> None:
    query = Query(text)
    assert (query.written("en", as_prefix=True) if query.may_be_prefix else None) == written
