"""Search queries as people type them, for texts that were divided into words by `words_of`."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from app.core.names import folded
from app.core.words import Form, is_unspaced, pairs, runs, spaced, unmarked

SHORTEST_PREFIX = 3
"""The smallest number of letters that are looked for as the beginning of a word."""

RESTORED = {
    "fr": (re.compile(r"(?<=\w[^\Wé])e(e?s?)$"), r"é\1"),
    "ru": (re.compile(r"(?<=[\u0430\u0435\u0438\u043e\u0443\u044b\u044d\u044e\u044f])и"), "й"),
}
"""By language, letters whose marks people leave out although they decide about the stem."""

TERM = re.compile(r'-?"[^"]*"?|[^\s"]+')
"""A term of a query: a word or words in quotes, perhaps with a minus."""


class Term(NamedTuple):
    """A term of a query.

    Args:
        runs: Its words, one after the other.
        is_excluded: Whether texts with these words are excluded.
    """

    runs: Sequence[str]
    is_excluded: bool

    @property
    def may_be_prefix(self) -> bool:
        """Whether the last word may be the beginning of a word."""
        last = self.runs[-1]
        return not (self.is_excluded or is_unspaced(last)) and len(last) >= SHORTEST_PREFIX

    def written(self, form: Form) -> str:
        """The term for ``to_tsquery``. An excluded one is excluded in both forms of its words.

        Args:
            form: The form of its words.
        """
        if not self.is_excluded:
            return self._phrase(form)
        both = dict.fromkeys((self._phrase(str), self._phrase(unmarked)))
        return f"!({' | '.join(both)})"

    def words(self, form: Form) -> Iterator[str]:
        """The words of texts that have the term; none of a single unspaced letter, a prefix.

        Args:
            form: The form of its words.
        """
        for run in self.runs:
            yield from pairs(run) if is_unspaced(run) else (form(run),)

    def _phrase(self, form: Form) -> str:
        """The words one after the other.

        An unspaced run takes as many places in a text as it has letters (see `words_of`).
        """
        written, distance = "", 1
        for run in self.runs:
            written += f" <{distance}> " if written else ""
            distance = 1
            if not is_unspaced(run):
                written += form(run)
            elif two_letters := pairs(run):
                written += " <-> ".join(two_letters)
                distance = 2
            else:
                written += f"{run}:*"
        return written


class Query:
    """A query, to be written for PostgreSQL's ``to_tsquery``.

    As with ``websearch_to_tsquery``, quotes make a phrase, a leading minus excludes, and ``or``
    separates alternatives. Other punctuation separates words; a term of several words is a phrase:
    ``kitchen/bathroom`` finds these words one after the other.

    Args:
        text: The query of a caller.
    """

    def __init__(self, text: str) -> None:
        self._is_ascii = text.isascii()
        alternatives: list[list[Term]] = [[]]
        terms = TERM.findall(folded(text))
        for place, term in enumerate(terms):
            if term == "or" and alternatives[-1] and place < len(terms) - 1:
                alternatives.append([])
            elif words := [*runs(spaced(term))]:
                alternatives[-1].append(Term(words, is_excluded=term.startswith("-")))
        self._alternatives = [*filter(None, alternatives)]

    @property
    def may_be_prefix(self) -> bool:
        """Whether the last word may be the beginning of a word.

        It is not if it has less than `SHORTEST_PREFIX` letters, is excluded, or is of a script
        without spaces, of which parts of words are found anyway.
        """
        return bool(self._alternatives) and self._alternatives[-1][-1].may_be_prefix

    def written(self, language: str, *, as_prefix: bool = False) -> str:
        """The query for texts in a language.

        The forms of the words are not mixed: a text whose words have marks has both forms of each,
        and the folded form of a stop word is not a stop word.

        Args:
            language: The language.
            as_prefix: Whether the last word is the beginning of a word.
        """
        ending = ":*" if as_prefix else ""
        written = (self._in_form(form) + ending for form in self._forms(language))
        first, *others = dict.fromkeys(written)
        return " | ".join(f"({each})" for each in (first, *others)) if others else first

    def required(self, language: str) -> Sequence[str]:
        """For each alternative, in each form, the words that texts have if they match it.

        Args:
            language: The language.

        Returns:
            The words of each, separated by spaces; empty if it has none that are looked for whole.
        """
        return [
            " ".join(word for term in terms if not term.is_excluded for word in term.words(form))
            for form in self._forms(language)
            for terms in self._alternatives
        ]

    def _forms(self, language: str) -> Iterator[Form]:
        yield str
        if not self._is_ascii:
            yield unmarked
        if language in RESTORED:
            yield partial(re.sub, *RESTORED[language])

    def _in_form(self, form: Form) -> str:
        return " | ".join(
            " & ".join(term.written(form) for term in terms) for terms in self._alternatives
        )
