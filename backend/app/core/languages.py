"""Languages of texts (ISO 639-1), and the languages of a market."""

from typing import NamedTuple

CODES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia
    id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
    lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl
    ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 (as a list it would take 180 lines)
)
"""The two-letter codes of all languages."""

MOST_SEARCHED = 6
"""The largest number of languages that a market searches in."""


class Languages(NamedTuple):
    """The languages of a market.

    Args:
        default: The language of jobs and packages that are posted without one.
        searched: The languages whose texts a search finds, unless it names another one.
    """

    default: str
    searched: tuple[str, ...]


def known(code: str) -> str:
    """Validates a language, and returns its code.

    Args:
        code: An ISO 639-1 code, in lower case.

    Raises:
        ValueError: No language has this code.
    """
    if code not in CODES:
        raise ValueError("is not the ISO 639-1 code of a language, such as en")
    return code
