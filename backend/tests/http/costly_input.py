"""Requests that are as costly to parse and to refuse as their length allows."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

LARGEST_QUERY = 8_000  # bytes
LARGEST_HEADER = 6_000

WORD = "x"
UNORDERED = "\u0315\u0300\u05ae\u0062"
"""Combining characters, which normalising a text has to sort."""


def filled(begin: str, part: str, end: str, size: int) -> str:
    """A text of about so many bytes, of as many equal parts as fit between two ends."""
    room = size - len((begin + end).encode())
    return begin + part * (room // len(part.encode())) + end


VALUES: dict[str, Callable[[int], str]] = {
    "a list of texts": lambda size: filled("[", '"x",', '"x"]', size),
    "a list of numbers": lambda size: filled("[", "1,", "1]", size),
    "a list of objects": lambda size: filled("[", "{},", "{}]", size),
    "lists in lists": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "lists as deep as one can go": lambda size: filled("[", f"{'[' * 900}{']' * 900},", "1]", size),
    "objects in objects": lambda size: filled("", '{"x":', "", size),
    "an object": lambda size: json.dumps({f"{n:x}": 1 for n in range(size // 12)}),
    "a name again and again": lambda size: filled("{", '"x":1,', '"x":1}', size),
    "a text": lambda size: filled('"', "x", '"', size),
    "escapes": lambda size: filled('"', "\\u0041", '"', size),
    "blanks": lambda size: filled('"', " ", '"', size),
    "at signs": lambda size: filled('"', "a@", '"', size),
    "dots": lambda size: filled('"https://a', ".b", '"', size),
    "unordered accents": lambda size: filled('"', UNORDERED, '"', size),
    "a number": lambda size: "9" * size,
    "a text of digits": lambda size: filled('"', "9", '"', size),
    "a fraction": lambda size: filled("0.", "9", "", size),
    "an exponent": lambda size: filled("1e", "9", "", size),
    "long numbers": lambda size: filled("[", f"{'9' * 4300},", "1]", size),
}
"""JSON of about so many bytes."""

FORMS: dict[str, Callable[[int], str]] = {
    "a field again and again": lambda size: filled("", "x=1&", "x=1", size),
    "many fields": lambda size: "&".join(f"{n:x}=1" for n in range(size // 7)),
    "a duplicate at the end": lambda size: "&".join(f"{n:x}=1" for n in [*range(size // 7), 0]),
    "nothing": lambda size: "&" * size,
    "a long field": lambda size: filled("username=", "x", "", size),
    "escapes": lambda size: filled("username=", "%41", "", size),
    "broken escapes": lambda size: filled("username=", "%", "", size),
    "blanks": lambda size: filled("username=", "+", "", size),
    "unordered accents": lambda size: "username=" + quote(UNORDERED * (size // 32)),
    "a long password": lambda size: filled("username=anna&password=", "x", "", size),
}
"""Forms and queries of about so many bytes."""

HEADERS: dict[str, str] = {
    "If-Match": filled("", '"1",', '"1"', LARGEST_HEADER),
    "Idempotency-Key": "x" * LARGEST_HEADER,
    "X-Request-ID": "x" * LARGEST_HEADER,
    "User-Agent": "x" * LARGEST_HEADER,
    "Cookie": filled("", "x=1;", "", LARGEST_HEADER),
}
"""Headers that together are as large as they may be."""


def json_bodies(fields: dict[str, bool], size: int) -> Iterator[tuple[str, bytes]]:
    """Bodies of JSON, each with what it is.

    Args:
        fields: The names of the operation's fields, and whether each is a list: a list gets as many
            bytes as it may have, among all others they are divided.
        size: The most bytes that a body may have.
    """
    others = [name for name, is_list in fields.items() if not is_list]
    for what, make in VALUES.items():
        yield what, make(size).encode()
        for name in fields.keys() - set(others):
            yield f"{what} as {name}", f'{{"{name}":{make(size - len(name) - 5)}}}'.encode()
        if others:
            each = size // len(others) - 40
            content = ",".join(f'"{name}":{make(each)}' for name in others)
            yield f"{what} in each field", f"{{{content}}}".encode()
