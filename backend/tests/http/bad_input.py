"""Invalid values for every input of every operation, by the kind of the input."""

from math import inf, nan
from typing import Any

NUL = "nul \0 byte"
SURROGATE = "lone \ud800 surrogate"
TOO_LONG = "x" * 7_500  # for every field; but no more than a URL may have
HUGE = 10**400

NO_SCALAR: list[Any] = [True, [], ["no such"], {}, {"x": 1}, NUL, SURROGATE]
"""What no field of a JSON body takes."""

TEXTS = ["", "   ", TOO_LONG]
"""What a text is compared with the lengths and patterns of its schema for."""

JSON: dict[str, list[Any]] = {
    "text": [5, 1.5, HUGE],
    "uuid": [5, 1.5, HUGE, "", "x", "019a0000-0000-7000-8000-00000000000g", TOO_LONG],
    "slug": [5, 1.5, HUGE, "Windows", "two words", "-x", "x--y", "x_y", "x" * 61],
    "email": [
        "",
        "anna",
        "anna@",
        "@example.com",
        "anna@example",
        "anna@@example.com",
        "anna@exa mple.com",
        "an\nna@example.com",
        "anna@example.com, ben@example.com",
        "Anna <anna@example.com>",
        TOO_LONG + "@example.com",
    ],
    "money": [
        *("", "abc", "0x10", "1,50", "1_0", "12 34", "NaN", "Infinity", "0.00", "-0.01", "1.005"),
        *("1000000000", "100000000", "1e400", "0E1000000", nan, inf, 0, -1, 1.005, 10**9, HUGE),
    ],
    "integer": ["", "3", 1.5, nan, inf, 0, -1, 10**9, HUGE],
    "date-time": [
        *(1893456000, 1893456000.5, nan, HUGE, "", "1893456000", "tomorrow"),
        *("2030-01-31", "09:00:00Z", "2030-01-31T09:00:00", "2030-02-30T09:00:00Z"),
        *("0001-01-01T00:00:00+12:00", "9999-12-31T23:59:59-12:00", "10000-01-01T00:00:00Z"),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"),
    ],
    "enum": ["", "no such choice", "OPEN", 0],
    "boolean": ["", "perhaps", 2, HUGE],
    "object": [5, "de", {"de": 5}, {"de": ""}, {"German": "Fenster"}, {"": "Fenster"}],
    "array": ["read:feed", {"read:feed": True}, ["read:feed", "x"], ["read:feed", None], 5],
}
"""What a field of a JSON body doesn't take, by its kind."""

QUERY: dict[str, list[str]] = {
    "text": [NUL],
    "slug": ["", "Windows", "two words", "-x", "x--y", "x" * 61, NUL, SURROGATE],
    "money": [
        *("", "abc", "true", "0x10", "1_0", "NaN", "Infinity", "-1", "1.005", "1000000000"),
        *("1e400", "0E1000000", NUL, SURROGATE),
    ],
    "integer": [*("", "abc", "true", "1.5", "NaN", "0", "-1", "1000", "9" * 5000, NUL, SURROGATE)],
    "date-time": [str(value) for value in JSON["date-time"]] + [NUL, SURROGATE],
    "enum": ["", "no such choice", "OPEN", "0", NUL, SURROGATE],
    "uuid": ["", "1", "me", "0" * 31, "12345678-1234-1234-1234-12345678901g", NUL, SURROGATE],
    "boolean": ["", "perhaps", "2", NUL, SURROGATE],
}
"""What a parameter in the query doesn't take, by its kind."""

FORM = [NUL, SURROGATE, TOO_LONG, ""]
"""What a field of a form doesn't take, or what is at least no way to log in."""

PATH: dict[str, list[str]] = {
    "uuid": [
        *("1", "me", "no uuid", "0" * 31, "0" * 33, "12345678-1234-1234-1234-12345678901g"),
        *("f" * 400, NUL, SURROGATE, "{cleaning_id}", "%"),
    ],
    "slug": ["Windows", "two words", "-x", "x--y", "x_y", "ünder", "x\n", "x" * 61, NUL, SURROGATE],
    "integer": ["x", "1.5", "true", "NaN", "9" * 5000, NUL, SURROGATE],
    "text": ["x", "x" * 33, "anna ark", "anna@example.com", "änna", "anna\n", NUL, SURROGATE],
}
"""What doesn't stand in a path, by its kind."""

ALLOWED: dict[str, Any] = {"boolean": True, "object": {}, "array": []}
"""What of `NO_SCALAR` a field of a kind takes."""

HEADERS: dict[str, list[str]] = {
    "if-match": [
        *("", "garbage", '"garbage"', '"', '"1.5"', '"-1"', '"' + "9" * 5000 + '"', 'W/"x"')
    ],
    "Idempotency-Key": ["", "two words", "tab\tstop", "x" * 256],
    "Last-Event-ID": ["", "x", "1.5", "-1", "9" * 17, "9" * 5000],
}
"""What is no version of anything, no key, and no position, by the names of the headers."""

MISLEADING = ["two\nlines", "\u202eleft to right", "\u200b", "\u3164", "zero\u200bwidth"]
"""What a name of one line doesn't take."""

BY_NAME: dict[str, list[str]] = {
    **dict.fromkeys(("full_name", "headline", "area"), MISLEADING),
    "currency": ["eur", "EURO", "XXX", "€"],
    "cursor": ["", "made-up", "A" * 40, "AAAAAAAAAAAAAAAAWyJ4Il0", "é", "=", TOO_LONG, NUL],
    "image": ["anna.jpg", "//example.com/a.jpg", "ftp://example.com/a", "javascript:alert(1)"],
    "owner": ["x", "x" * 33, "anna ark", "me!", SURROGATE, NUL],
    "password": ["short", "x" * 129, "iloveyou", "PassWord123"],
    "phone_number": ["015112345678", "+0151", "+49 151 12345678", "+4915112345678901", "+49x"],
    "username": ["ab", "x" * 33, "anna ark", "anna@example.com", "änna", "anna\n"],
}
"""What certain fields don't take, beside what their kind doesn't."""

ANY_TEXT = {("step_up", "password")}
"""The fields that do take it, by their operations: what is entered there is only compared."""

PASSWORDS = {"password", "current_password"}
"""The fields that take any character: the database never sees them."""

JSON_TYPE = "application/json"
DOCUMENTS: list[tuple[str, bytes]] = [
    *((JSON_TYPE, body) for body in (b"{", b"{'price': 1}", b"\xff", b'"\\ud800', b"[" * 16_000)),
    *((JSON_TYPE, body) for body in (b"[]", b'"text"', b"5", b"true")),
    (JSON_TYPE, b'{"price": ' + b"9" * 5000 + b"}"),
    (JSON_TYPE, b'{"pri\\ud800ce": 1}'),
    ("text/plain", b"{}"),
    ("application/xml", b"<price>1</price>"),
    ("application/x-www-form-urlencoded", b"price=1"),
    ("multipart/form-data; boundary=yes", b"--no\r\nno"),
]
"""What is no JSON object."""

FORMS: list[tuple[str, bytes]] = [
    *((kind, b'{"username": "anna", "password": "x"}') for kind in (JSON_TYPE, "text/plain")),
    ("application/x-www-form-urlencoded", b""),
    ("application/x-www-form-urlencoded", b"username=anna"),
    ("application/x-www-form-urlencoded", b"=&=&%00=%ff"),
    ("multipart/form-data; boundary=yes", b"--no\r\nno"),
    ("multipart/form-data", b"no"),
]
"""What is no form to log in with."""

UNKNOWN = ["wages", "price\0", "", "__class__", TOO_LONG]
"""What no field is called."""
