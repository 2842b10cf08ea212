"""Things that can be reported, as their reporter or a visitor sees them."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from app.core.errors import NotFound, Unauthenticated
from app.core.security.tokens import Bearer
from app.db.models.questions import PostKey
from app.db.models.reported import Reported, reported
from app.db.models.reports import ReportedNotFound
from app.db.models.threads import ThreadKey
from app.db.models.uploads import UploadNotFound
from app.db.repositories.base import Item
from app.db.repositories.cleanings import CleaningReader
from app.db.repositories.evaluations import EvaluationReader
from app.db.repositories.messages import MessageReader
from app.db.repositories.offers import OfferReader
from app.db.repositories.packages import PackageReader
from app.db.repositories.profiles import ProfileReader
from app.db.repositories.question_views import CLEANINGS, PACKAGES
from app.db.repositories.questions import QuestionReader
from app.db.repositories.uploads import UploadRepository
from app.postgres.transactions import Transaction

Read = Callable[..., Awaitable[Item]]


class Seen(NamedTuple):
    """A thing, as a user or a visitor sees it.

    Args:
        subject: Its kind.
        author_id: Who wrote or showed it.
        content: The parts of it that its author chose, by the names of their fields.
    """

    subject: Reported
    author_id: UUID
    content: dict[str, Any]


class Form(NamedTuple):
    """How a kind of thing is read.

    Args:
        read: Reads one, given the caller and the parts of its path.
        author: The place of the id of its author in what is read.
        fields: The fields that are copied.
    """

    read: Read
    author: str
    fields: tuple[str, ...]


class ReportedThings:
    """Reads things by their paths, with the visibility that they have elsewhere."""

    def __init__(self, transaction: Transaction) -> None:
        self._uploads = UploadRepository(transaction)
        self._jobs = jobs = CleaningReader(transaction)
        self._packages = packages = PackageReader(transaction)
        self._profiles = ProfileReader(transaction)
        self._messages = MessageReader(transaction)
        about_jobs = QuestionReader(transaction, CLEANINGS)
        about_packages = QuestionReader(transaction, PACKAGES)
        named = ("name", "description", "price", "currency", "area")
        stars = ("overall_rating", "headline", "comment")
        self._forms = {
            Reported.CLEANING: Form(jobs.one, "owner.id", named),
            Reported.OFFER: Form(OfferReader(transaction).one, "cleaner.id", ("price", "message")),
            Reported.EVALUATION: Form(EvaluationReader(transaction).one, "author.id", stars),
            Reported.QUESTION: _posts(about_jobs.question),
            Reported.ANSWER: _posts(about_jobs.answer),
            Reported.PACKAGE: Form(packages.one, "cleaner.id", named),
            Reported.PACKAGE_QUESTION: _posts(about_packages.question),
            Reported.PACKAGE_ANSWER: _posts(about_packages.answer),
            Reported.MESSAGE: Form(self._message, "sender_id", ("text",)),
            Reported.PROFILE: Form(
                self._profile, "id", ("username", "full_name", "bio", "image", "picture")
            ),
        }

    async def see(self, caller: Bearer | None, path: str) -> Seen:
        """A thing, as a user or a visitor sees it.

        Args:
            caller: The user; None for a visitor.
            path: Its path, a `ReportedPath`.

        Raises:
            ReportedNotFound: They see nothing there.
        """
        subject, parts = reported(path)
        try:
            if subject is Reported.PHOTO:
                return await self._photo(caller, **parts)
            form = self._forms[subject]
            content = orjson.loads((await form.read(caller, **parts)).json)
        except NotFound:
            raise ReportedNotFound from None
        except Unauthenticated:
            if caller is None:  # only users see things of this kind
                raise ReportedNotFound from None
            raise
        author: Any = content
        for name in form.author.split("."):
            author = author and author[name]
        if author is None:  # a deleted question whose answers are shown
            raise ReportedNotFound
        return Seen(subject, UUID(author), {name: content[name] for name in form.fields})

    async def _message(
        self, caller: Bearer, cleaning_id: UUID, cleaner_id: UUID, number: int
    ) -> Item:
        return await self._messages.one(caller, ThreadKey(cleaning_id, cleaner_id), number)

    async def _profile(self, caller: Bearer | None, user_id: UUID) -> Item:
        return await self._profiles.named(caller, str(user_id))

    async def _photo(self, caller: Bearer | None, upload_id: UUID) -> Seen:
        upload = await self._uploads.find(upload_id)
        photo = upload.photo if upload and upload.is_attached else None
        if upload is None or photo is None:
            raise UploadNotFound
        if upload.cleaning_id:
            await self._jobs.one(caller, upload.cleaning_id)
        elif upload.package_id:
            await self._packages.one(caller, upload.package_id)
        elif upload.message_cleaning_id and upload.message_number:
            if caller is None:
                raise UploadNotFound
            key = upload.message_cleaning_id, upload.message_cleaner_id
            await self._messages.one(caller, ThreadKey(*key), upload.message_number)
        else:
            await self._profile(caller, upload.user_id)
        return Seen(Reported.PHOTO, upload.user_id, photo)


def _posts(read: Callable[[Bearer | None, PostKey], Awaitable[Item]]) -> Form:
    """How questions or answers are read."""

    async def read_post(caller: Bearer | None, **parts: UUID) -> Item:
        return await read(caller, PostKey(*parts.values()))

    return Form(read_post, "author.id", ("text",))
