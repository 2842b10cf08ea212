"""Forms with pictures, which are stored before the transaction of the form begins."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import ContentTooLarge, Invalid, UnsupportedMediaType
from app.db.models.uploads import NotAnImage
from app.http.admission import FORM
from app.http.bodies import OF_MEMBERS, OF_STRANGERS, demand_small, media_type_sent
from app.http.idempotency_keys import REPLAYED
from app.http.multipart import FormReader, Part, boundary_of
from app.http.receiving import (
    OF_FILES,
    Arrivals,
    ReceivingPlaces,
    arriving,
    body_of,
    in_time,
    receive_file,
)
from app.services.uploads import UploadAdmission
from app.web.forms import Form
from app.web.visits import Visit

FIELD = "uploads"
"""The field of the pictures."""
MOST_FIELDS = 10
"""The largest number of other fields."""
LONGEST_FIELD = 20_000
"""The largest number of bytes of each of them."""
MEGABYTE = 1_000_000
SEE_OTHER = 303

Fields = list[tuple[str, str]]
"""The names and values of the other fields."""


async def answer_with_files(
    visit: Visit, most: int, handle: Callable[[bytes], Awaitable[Response]]
) -> Response:
    """Receives a form of a member with pictures, and answers it.

    The files are deleted again unless the response leads to the page that shows them.

    Args:
        visit: The request.
        most: The largest number of pictures.
        handle: Answers, given what makes the form differ from others.

    Raises:
        UnsupportedMediaType: It is no such form.
        Invalid: It is malformed, or has too much of something.
        BodyTooSlow: It did not arrive in time.
        TooManyRequests: The account has sent too many pictures.
        Unavailable: Too many are received at the same time, or they can't be stored.
    """
    state = visit.request.app.state
    places: ReceivingPlaces = state.receiving
    visit.form = form_of(visit, [])
    receiver = FormReceiver(visit, most)
    async with arriving(state.photos) as files:
        with places.taken(visit.caller.user_id):
            async with in_time(OF_FILES.seconds):
                await receiver.receive(files)
        visit.files = files
        response = await handle(receiver.content)
        files.used = response.status_code == SEE_OTHER and REPLAYED not in response.headers
    return response


def is_plain(request: Request) -> bool:
    """Whether a form has no files, as the page after a login sends it."""
    return media_type_sent(request) == FORM


async def receive_entries(visit: Visit) -> None:
    """Receives what a visitor has entered into a form with pictures, to keep it for after a login.

    It stands before the pictures, of which nothing is stored. No more is read than of other forms
    of visitors; what is malformed is left out.

    Args:
        visit: The request.

    Raises:
        ContentTooLarge: It is more than another form of a visitor can have.
        BodyTooSlow: It did not arrive in time.
    """
    fields: Fields = []
    with suppress(Invalid, UnsupportedMediaType):
        body = limited(visit.request, OF_STRANGERS.size)
        reader = FormReader(body, boundary_of(visit.request))
        async with in_time(OF_STRANGERS.seconds):
            async for part in reader.parts():
                if part.filename is not None:
                    break
                await take_field(part, fields)
    if len(urlencode(fields)) > OF_STRANGERS.size:
        raise ContentTooLarge
    visit.form = form_of(visit, fields)


def form_of(visit: Visit, fields: Fields) -> Form:
    """A form that was sent, with an empty field in the place of its pictures.

    That field tells the login that they are missing from what it keeps.
    """
    values = {FIELD: [""]} | {name: [value] for name, value in fields}
    return Form(visit.path, values, visit.renderer.formats, sent=True)


async def limited(request: Request, size: int) -> AsyncIterator[bytes]:
    """The body of a request, as it arrives.

    Args:
        request: The request.
        size: The largest number of bytes.

    Raises:
        ContentTooLarge: It exceeds the limit, up to which it was yielded.
        BodyIncomplete: It ends early.
    """
    async for content in body_of(request):
        yield content[:size]
        size -= len(content)
        if size < 0:
            raise ContentTooLarge


async def take_field(part: Part, fields: Fields) -> None:
    """Adds a field that has no file to others.

    Raises:
        Invalid: They are too many, or it is too long.
    """
    if len(fields) == MOST_FIELDS:
        raise Invalid("Too many fields.", field="")
    value = bytearray()
    async for content in part.content:
        value += content
        if len(value) > LONGEST_FIELD:
            raise Invalid("A field is too long.", field="")
    fields.append((part.name, value.decode(errors="replace")))


class FormReceiver:
    """Receives a form with pictures.

    Args:
        visit: The request.
        most: The largest number of pictures.

    Raises:
        UnsupportedMediaType: It is no such form.
        Invalid: Its stated size is too large.
    """

    def __init__(self, visit: Visit, most: int) -> None:
        self._visit, self._most = visit, most
        self._size = most * OF_FILES.size + OF_MEMBERS.size
        self._boundary = boundary_of(visit.request)
        self._state = visit.request.app.state
        self._fields: Fields = []
        self.content = b""
        """Differs from that of other forms: the fields, and the digests of the files."""

    async def receive(self, files: Arrivals) -> None:
        """Stores the pictures as `files`, and takes over the other fields."""
        async with self._complained_about():
            demand_small(self._visit.request.scope, self._size)
            body = limited(self._visit.request, self._size)
            try:
                async for part in FormReader(body, self._boundary).parts():
                    await self._take(part, files)
            except (ContentTooLarge, Invalid):
                # Browsers show a response once they have sent the whole form.
                async for _ in body:
                    pass
                raise
            finally:
                self._visit.form = form_of(self._visit, self._fields)
        self.content = b"".join([urlencode(self._fields).encode(), *(it.digest for it in files)])

    @asynccontextmanager
    async def _complained_about(self) -> AsyncIterator[None]:
        """Has the form say what is wrong with the pictures."""
        try:
            yield
        except ContentTooLarge as error:
            largest = OF_FILES.size // MEGABYTE
            raise Invalid(
                "Each picture can have {largest} MB at the most.", field=FIELD, largest=largest
            ) from error
        except NotAnImage as error:
            raise Invalid("Only pictures in JPEG, PNG or WebP can be used.", field=FIELD) from error

    async def _take(self, part: Part, files: Arrivals) -> None:
        if not part.filename:  # a field, or one for files without any
            await take_field(part, self._fields)
            return
        if len(files) == self._most:
            raise Invalid(
                "The number of pictures is limited to {most}.", field=FIELD, most=self._most
            )
        admission = UploadAdmission(self._state.database, self._state.safeguards)
        await admission.admit(self._visit.caller)
        files.append(await receive_file(part.content, self._state.photos))
