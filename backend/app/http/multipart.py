"""Forms with files (``multipart/form-data``, RFC 7578), which are read while they arrive."""

from collections import deque
from collections.abc import AsyncIterator
from typing import NamedTuple

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from app.core.errors import Invalid
from app.http.bodies import unsupported

MEDIA_TYPE = "multipart/form-data"
UNREADABLE = "The form can't be read."
MOST_PARTS = 30
"""The largest number of parts: the parser takes a microsecond for each byte between them."""


class Part(NamedTuple):
    """A part of a form.

    Args:
        name: The name of the field.
        filename: The name of the file; empty if none was chosen, None if the field has none.
        content: The content, as it arrives. What is not read of it is skipped.
    """

    name: str
    filename: str | None
    content: AsyncIterator[bytes]


class _Beginning(NamedTuple):
    name: str
    filename: str | None


def boundary_of(request: Request) -> bytes:
    """What separates the parts of the body of a request.

    Raises:
        UnsupportedMediaType: It is another kind of body.
    """
    media_type, options = parse_options_header(request.headers.get("content-type"))
    if media_type != MEDIA_TYPE.encode() or not options.get(b"boundary"):
        raise unsupported(MEDIA_TYPE)
    return options[b"boundary"]


class FormReader:
    """Reads the parts of a form, one after the other. It holds one part of the body in memory.

    Args:
        body: The body, as it arrives.
        boundary: What separates its parts.

    Raises:
        Invalid: The boundary is too long.
    """

    def __init__(self, body: AsyncIterator[bytes], boundary: bytes) -> None:
        self._body = body
        self._found: deque[_Beginning | bytes | None] = deque()
        self._header, self._value, self._disposition = b"", b"", b""
        self._is_in_part = self._is_complete = False
        self._begun = 0
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_header_field": self._on_header_field,
                    "on_header_value": self._on_header_value,
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": self._on_headers_finished,
                    "on_part_data": lambda data, start, end: self._found.append(data[start:end]),
                    "on_part_end": lambda: self._found.append(None),
                    "on_end": self._on_end,
                },
            )
        except FormParserError as error:
            raise Invalid(UNREADABLE, field="") from error

    async def parts(self) -> AsyncIterator[Part]:
        """The parts.

        Raises:
            Invalid: The form is malformed or incomplete, or has too many parts.
        """
        while found := await self._next():
            if isinstance(found, _Beginning):
                self._is_in_part = True
                yield Part(found.name, found.filename, self._content())
                async for _ in self._content():
                    pass

    async def _content(self) -> AsyncIterator[bytes]:
        """What has not been read of the present part."""
        while self._is_in_part:
            found = await self._next()
            if isinstance(found, bytes):
                yield found
            else:
                self._is_in_part = False

    async def _next(self) -> _Beginning | bytes | None:
        """The beginning of a part, some of its content, or None at its end and that of the form."""
        while not self._found:
            content = await anext(self._body, None)
            if content is None:
                if not self._is_complete:
                    raise Invalid(UNREADABLE, field="")
                return None
            try:
                self._parser.write(content)
            except FormParserError as error:
                raise Invalid(UNREADABLE, field="") from error
        return self._found.popleft()

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def _on_headers_finished(self) -> None:
        self._begun += 1
        if self._begun > MOST_PARTS:
            raise Invalid("Too many fields.", field="")
        _, options = parse_options_header(self._disposition)
        filename = options.get(b"filename")
        self._found.append(
            _Beginning(
                options.get(b"name", b"").decode(errors="replace"),
                None if filename is None else filename.decode(errors="replace"),
            )
        )
        self._disposition = b""

    def _on_end(self) -> None:
        self._is_complete = True
