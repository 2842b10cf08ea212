"""Server-sent events, as clients read them (WHATWG HTML, 9.2.6)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Event(NamedTuple):
    """An event."""

    type: str
    id: str
    data: str


class Parser:
    """Makes events of the lines of a stream.

    Attributes:
        last_id: The last id, which clients send back as ``Last-Event-ID``.
        retry: The milliseconds after which a client connects again.
        heartbeats: The number of comments.
    """

    def __init__(self) -> None:
        self.last_id, self.retry, self.heartbeats = "", 0, 0
        self._fields: dict[str, str] = {}

    def read(self, line: str) -> Event | None:
        """The event that a line completes, if it completes one with data."""
        if line:
            name, _, value = line.partition(":")
            self._fields[name] = value.removeprefix(" ")
            self.heartbeats += not name
            return None
        fields, self._fields = self._fields, {}
        self.last_id = fields.get("id", self.last_id)
        self.retry = int(fields.get("retry", self.retry))
        if "data" not in fields:
            return None
        return Event(fields.get("event", "message"), self.last_id, fields["data"])


def events_in(lines: Iterable[str]) -> Iterator[Event]:
    """The events in the lines of a stream."""
    parser = Parser()
    return (event for line in lines if (event := parser.read(line)))
