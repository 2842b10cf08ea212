"""Division of texts into the words by which they are found (`words_of`).

PostgreSQL stems the words and leaves out stop words. Everything before that is done here, in the
same way for texts and for queries (`app.core.queries`): PostgreSQL's parser would keep
``kitchen/bathroom``, ``a.b``, ``a@b.c`` and ``-2`` as one word each, and its tables of characters
are of another version of Unicode, and depend on the locale.

A word has two forms, which are both stemmed: as it is written, in lower case, and folded, as people
type it who leave the marks out. The folded form alone would not do: stemmers know the endings of
words by their marks.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple
from unicodedata import category, normalize

from app.core.names import IGNORED, folded

LONGEST_WORD = 100
"""The number of significant letters of a word; PostgreSQL takes 2,046 bytes."""

ASCII_TO_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}
NEITHER_WORD_NOR_SPACE = re.compile(r"[^\w ]|_")

LATIN_OR_GREEK = r"a-z\xdf-\u024f\u1e00-\u1eff\u0370-\u03ff\u1f00-\u1fff"
MARKS = re.compile(rf"(?<=[{LATIN_OR_GREEK}])[\u0300-\u036f]+")
LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i"}
)
"""Letters that Unicode does not decompose."""

THAI_MARKS = r"\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
UNSPACED = (
    r"\u0e00-\u0e7f\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Thai, Hangul, Hiragana, Katakana and Han, in which words stand without spaces between them, or
together with their particles."""
RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
LETTER = re.compile(rf"[{UNSPACED}][{THAI_MARKS}\u3099\u309a]*")

is_unspaced = re.compile(f"[{UNSPACED}]").match
"""Whether a run of letters is of such a script."""

Form = Callable[[str], str]
"""Makes one of the two forms of a word."""


class Words(NamedTuple):
    """The words of a text, separated by spaces.

    Args:
        plain: As they are written, in lower case.
        folded: The same without marks; None if no word has any.
    """

    plain: str
    folded: str | None


def words_of(text: str) -> Words:
    """The words of a text.

    Chinese, Japanese, Korean and Thai become pairs of letters, and the last letter by itself, so
    that there is a word that begins with each letter.

    Args:
        text: The text.
    """
    separated = spaced(folded(text))
    if separated.isascii():
        return Words(" ".join(word[:LONGEST_WORD] for word in separated.split()), None)
    plain: list[str] = []
    for run in runs(separated):
        if is_unspaced(run):
            plain += [*pairs(run), LETTER.findall(run)[-1]]
        else:
            plain.append(run)
    without_marks = [*map(unmarked, plain)]
    return Words(" ".join(plain), None if without_marks == plain else " ".join(without_marks))


def spaced(text: str) -> str:
    """A text in lower case with spaces in place of all characters that belong to no word."""
    if text.isascii():
        return text.translate(ASCII_TO_SPACES)
    return NEITHER_WORD_NOR_SPACE.sub(_mark_or_space, IGNORED.sub("", text))


def _mark_or_space(found: re.Match[str]) -> str:
    return found[0] if category(found[0]).startswith("M") else " "


def runs(separated: str) -> Iterator[str]:
    """The words of a text with spaces between them, divided where `UNSPACED` letters begin or end.

    Args:
        separated: The text, from `spaced`.
    """
    for word in separated.split():
        for run in [word] if word.isascii() else RUN.findall(word):
            yield run if is_unspaced(run) else run[:LONGEST_WORD]


def pairs(run: str) -> list[str]:
    """The pairs of letters of an unspaced run; a letter with its marks counts as one."""
    return [first + second for first, second in pairwise(LETTER.findall(run))]


def unmarked(word: str) -> str:
    """The folded form of a word: without the marks of Latin and Greek letters.

    Args:
        word: The word, in lower case.
    """
    if word.isascii():
        return word
    return normalize("NFC", MARKS.sub("", normalize("NFD", word))).translate(LETTERS)
