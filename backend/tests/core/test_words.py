"""Words of texts: marks separate them, and they have a form without accents."""

import pytest

from app.core.words import LONGEST_WORD, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kitchen/bathroom floor", "kitchen bathroom floor"),
        ("a.b anna@example.com -2 x_y", "a b anna example com 2 x y"),
        ("<b>Oven</b> & hood\n\x01 24/7", "b oven b hood 24 7"),
        ("🧹 ½ „Ofen“", "1 2 ofen"),
        ("", ""),
        ("사무실청소합니다", "사무 무실 실청 청소 소합 합니 니다 다"),
        ("窓掃除をお願い", "窓掃 掃除 除を をお お願 願い い"),
        ("ガラス", "ガラ ラス ス"),
        ("ห้องน้ำ", "ห้อ อง งน้ํ น้ํา า"),
        ("3LDK掃除 one", "3ldk 掃除 除 one"),
        ("窓", "窓"),
    ],
)
def test_are_separated(text: str, words: str) -> None:
    assert words_of(text) == (words, None)


@pytest.mark.parametrize(
    ("text", "plain", "folded"),
    [
        ("Küche reinigen", "küche reinigen", "kuche reinigen"),
        ("Ku\u0308che", "küche", "kuche"),
        ("Straße", "strasse", None),
        ("Œuvre Æsop Łódź Sørøya", "œuvre æsop łódź sørøya", "oeuvre aesop lodz soroya"),
        ("Đà Nẵng", "đà nẵng", "da nang"),
        ("IS\u0131", "is\u0131", "isi"),
        ("Καθαρισμός", "καθαρισμόσ", "καθαρισμοσ"),
        ("чистый зелёный", "чистый зелёный", None),
        ("नमस्ते", "नमस्ते", None),
        ("Fen\u00adster", "fenster", None),
    ],
)
def test_have_a_form_without_the_marks_of_latin_and_greek_letters(
    text: str, plain: str, folded: str | None
) -> None:
    assert words_of(text) == (plain, folded)


@pytest.mark.parametrize("letter", ["a", "ü", "ﷺ"])
def test_are_not_longer_than_postgresql_takes(letter: str) -> None:
    plain, folded = words_of(letter * 5000)
    for words in (plain, folded or ""):
        assert max(len(word.encode()) for word in words.split() or [""]) < 4 * LONGEST_WORD < 2046
