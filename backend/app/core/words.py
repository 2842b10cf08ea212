"""Division of texts into words, for indexing and for searching."""

import re
import string

MARKS = string.punctuation
"""ASCII punctuation; each character separates words.

PostgreSQL's parser would take ``kitchen/bathroom`` for a file, ``a.b`` for a host, ``a@b.c`` for an
email address and ``-2`` for a number, and keep each as one word.
"""

SPACES = " " * len(MARKS)
TO_SPACES = str.maketrans(MARKS, SPACES)
TERM = re.compile(r'-?"[^"]*"?|[^\s"]+')


def web_search(query: str) -> str:
    """A query for PostgreSQL's ``websearch_to_tsquery``, without other punctuation.

    Quotes, a leading minus and ``or`` keep their meanings. A term of several words becomes a
    phrase: ``kitchen/bathroom`` finds these words one after the other.

    Args:
        query: The query of a caller.
    """
    return " ".join(filter(None, map(_without_marks, TERM.findall(query))))


def _without_marks(term: str) -> str:
    words = term.translate(TO_SPACES).split()
    if not words:
        return ""
    sign = "-" if term.startswith("-") else ""
    is_phrase = len(words) > 1 or '"' in term
    return f'{sign}"{" ".join(words)}"' if is_phrase else sign + words[0]
