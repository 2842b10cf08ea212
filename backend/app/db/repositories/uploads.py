"""The queries of uploads."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Insert,
    Text,
    Uuid,
    and_,
    any_,
    case,
    cast,
    delete,
    func,
    insert,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.cleanings import Cleaning, CleaningNotFound
from app.db.models.kinds.uploads import UploadTask
from app.db.models.packages import Package, PackageNotFound
from app.db.models.tasks import Task
from app.db.models.uploads import (
    PhotosPublic,
    Upload,
    UploadFields,
    UploadNotFound,
    UploadPublic,
    UploadState,
)
from app.db.models.users import User
from app.db.repositories.base import (
    CALLER_ID,
    CLEANING_ID,
    PACKAGE_ID,
    USER_ID,
    Item,
    ItemQuery,
    Query,
    json_array,
    json_object,
)
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.photo_views import IS_SHOWN, photo_json
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

UPLOAD_ID, FILE = argument("upload_id", Uuid()), argument("name", Text())
IDS: Any = argument("ids", ARRAY(Uuid()))
KEPT = or_(col(Upload.expires_at).is_(None), col(Upload.expires_at) > func.now())
FILES = (col(Upload.original), col(Upload.large), col(Upload.small))


class Holder(NamedTuple):
    """What an upload belongs to: a job, a package, the profile of its user, or nothing."""

    user_id: UUID
    cleaning_id: UUID | None
    package_id: UUID | None
    of_profile: bool

    @classmethod
    def of(cls, upload: Upload) -> "Holder":
        """What an upload belongs to."""
        return cls(upload.user_id, upload.cleaning_id, upload.package_id, upload.of_profile)


def deleting(found: ColumnElement[bool]) -> Insert:
    """Deletes uploads, and enqueues a task for each that deletes its files.

    Args:
        found: The condition of these uploads.
    """
    gone = delete(Upload).where(found).returning(*FILES).cte("gone")
    names = func.array_remove(array(list(gone.c)), null())
    tasks: dict[str, Any] = {
        "id": func.gen_random_uuid(),
        "kind": inline(UploadTask.DELETE_FILES),
        "payload": func.jsonb_build_object(inline("names"), names),
        "attempts": inline(0),
        "due_at": func.now(),
        "created_at": func.now(),
    }
    return insert(Task).from_select(list(tasks), select(*tasks.values()).select_from(gone))


GIVEN = and_(col(Upload.user_id) == USER_ID, col(Upload.id) == any_(IDS), KEPT)
"""The condition of uploads of a user that are to be attached to something."""


def _lock(found: ColumnElement[bool]) -> RowQuery[Upload]:
    """Locks uploads."""
    uploads = select(Upload).where(found).order_by(col(Upload.id))
    return RowQuery(uploads.with_for_update(key_share=True))


class UploadRepository:
    """The uploads, in a unit of work."""

    _one = RowQuery(select(Upload).where(col(Upload.id) == UPLOAD_ID))
    _with_file = RowQuery(
        select(Upload).where(or_(col(Upload.large) == FILE, col(Upload.small) == FILE))
    )
    _given = _lock(GIVEN)
    _of_cleaning = _lock(or_(col(Upload.cleaning_id) == CLEANING_ID, GIVEN))
    _of_package = _lock(or_(col(Upload.package_id) == PACKAGE_ID, GIVEN))
    _of_profile = _lock(or_(and_(col(Upload.user_id) == USER_ID, col(Upload.of_profile)), GIVEN))
    _holder = Statement(
        select(*(col(getattr(Upload, name)) for name in Holder._fields))
        .join(User, col(User.id) == Upload.user_id)
        .where(col(Upload.id) == UPLOAD_ID)
        .with_for_update(key_share=True, read=True, of=User)
    )
    _deleting = Statement(deleting(col(Upload.id) == UPLOAD_ID))
    _deleting_of_cleaning = Statement(deleting(col(Upload.cleaning_id) == CLEANING_ID))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, upload: Upload) -> None:
        """Adds a new upload."""
        self._transaction.add(upload)

    async def find(self, upload_id: UUID) -> Upload | None:
        """An upload, which is not locked; None if there is none."""
        return await self._transaction.one(self._one, upload_id=upload_id)

    async def with_file(self, name: str) -> Upload | None:
        """The upload with a file of a photo, which is not locked; None if there is none."""
        return await self._transaction.one(self._with_file, name=name)

    async def holder(self, upload_id: UUID) -> Holder | None:
        """What an upload belongs to at present; None if there is none.

        The account of its user is locked against deletion, like that of a caller.
        """
        rows = await self._holder.fetch(self._transaction, upload_id=upload_id)
        return Holder(*rows[0]) if rows else None

    async def lock(self, holder: Holder, ids: Sequence[UUID]) -> dict[UUID, Upload]:
        """All uploads that are attached to something, and others of the same user, by their ids.

        What they are attached to is locked before.

        Args:
            holder: What they are attached to.
            ids: The ids of the others; those that don't exist, or have expired, are left out.
        """
        given: dict[str, Any] = {"user_id": holder.user_id, "ids": list(ids)}
        if holder.cleaning_id:
            query = self._of_cleaning
            given["cleaning_id"] = holder.cleaning_id
        elif holder.package_id:
            query = self._of_package
            given["package_id"] = holder.package_id
        else:
            query = self._of_profile
        uploads = await self._transaction.all(query, **given)
        return {upload.id: upload for upload in uploads}

    async def lock_given(self, user_id: UUID, ids: Sequence[UUID]) -> list[Upload]:
        """Uploads of a user, locked in the order of their ids.

        Raises:
            UploadNotFound: One does not exist, or has expired.
        """
        uploads = await self._transaction.all(self._given, user_id=user_id, ids=list(ids))
        if missing := set(ids) - {upload.id for upload in uploads}:
            raise UploadNotFound(upload_id=str(missing.pop()))
        return list(uploads)

    def delete(self, upload_id: UUID) -> None:
        """Deletes an upload, and its files after the commit."""
        self._transaction.put(self._deleting, upload_id=upload_id)

    def delete_of_cleaning(self, cleaning_id: UUID) -> None:
        """Deletes the uploads of a job, and their files after the commit."""
        self._transaction.put(self._deleting_of_cleaning, cleaning_id=cleaning_id)


def upload_json(shape: type[UploadFields]) -> ColumnElement[Any]:
    """An upload as JSON, as its user sees it."""
    return json_object(
        shape,
        Upload,
        photo=case((IS_SHOWN, photo_json())),
        hidden=col(Upload.hidden_at).is_not(None),
    )


@cache
def _own(shape: PageShape) -> PageQuery:
    return PageQuery(
        select().select_from(Upload).where(col(Upload.user_id) == CALLER_ID, KEPT),
        item=upload_json(UploadFields),
        keys=[col(Upload.id)],
        shape=shape,
        by_index=True,
    )


def _of_caller(which: ColumnElement[bool]) -> Query:
    """Uploads of the caller, the newest one first."""
    listed = json_array(upload_json(UploadFields), col(Upload.id).desc())
    uploads = cast(listed, Text).label("uploads")
    return Query(select(uploads).where(col(Upload.user_id) == CALLER_ID, which, KEPT))


def _attached(of: ColumnElement[bool], holder: Any) -> ColumnElement[Any]:
    """The uploads that are attached to a row, in their order."""
    uploads = (
        select(json_array(upload_json(UploadFields), col(Upload.place)))
        .where(of)
        .correlate(holder)
        .scalar_subquery()
    )
    return json_object(PhotosPublic, uploads=uploads)


class UploadReader:
    """Reads of uploads."""

    _one = ItemQuery(
        select()
        .select_from(Upload)
        .where(col(Upload.id) == UPLOAD_ID, col(Upload.user_id) == CALLER_ID, KEPT),
        item=upload_json(UploadPublic),
        version=col(Upload.version),
        missing=UploadNotFound,
    )
    _of_cleaning = ItemQuery(
        select()
        .select_from(Cleaning)
        .where(
            col(Cleaning.id) == CLEANING_ID,
            col(Cleaning.owner_id) == CALLER_ID,
            col(Cleaning.deleted_at).is_(None),
        ),
        item=_attached(col(Upload.cleaning_id) == Cleaning.id, Cleaning),
        version=col(Cleaning.version),
        missing=CleaningNotFound,
    )
    _of_package = ItemQuery(
        select()
        .select_from(Package)
        .where(col(Package.id) == PACKAGE_ID, col(Package.seller_id) == CALLER_ID),
        item=_attached(col(Upload.package_id) == Package.id, Package),
        version=col(Package.version),
        missing=PackageNotFound,
    )

    _refused = _of_caller(col(Upload.state) == inline(UploadState.REFUSED))
    _of_profile = _of_caller(col(Upload.of_profile))

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(UploadNotFound)
    async def one(self, caller: Bearer, upload_id: UUID) -> Item:
        """An upload of the caller."""
        return await self._one.one(self._source, caller, upload_id=upload_id)

    async def refused(self, caller: Bearer) -> str:
        """The refused uploads of the caller, as JSON."""
        (row,) = await self._refused.run(self._source, caller)
        return str(row["uploads"])

    async def of_profile(self, caller: Bearer) -> str:
        """The upload that is attached to the profile of the caller, if there is one, as JSON."""
        (row,) = await self._of_profile.run(self._source, caller)
        return str(row["uploads"])

    async def own(self, caller: Bearer, request: PageRequest) -> Page:
        """The caller's uploads, the newest one first."""
        return await _own(request.shape).page(self._source, caller, request)

    @raises(CleaningNotFound)
    async def of_cleaning(self, caller: Bearer, cleaning_id: UUID) -> Item:
        """The uploads that are attached to a job of the caller."""
        return await self._of_cleaning.one(self._source, caller, cleaning_id=cleaning_id)

    @raises(PackageNotFound)
    async def of_package(self, caller: Bearer, package_id: UUID) -> Item:
        """The uploads that are attached to a package of the caller."""
        return await self._of_package.one(self._source, caller, package_id=package_id)
