"""Export and erasure of questions and answers."""

from typing import Any

from sqlalchemy import ColumnElement, Uuid, and_, cast, delete, null, select

from app.db.models.package_questions import PackagePost
from app.db.models.privacy.questions import PostExport, VersionExport
from app.db.models.questions import CleaningPost, Post
from app.db.repositories.base import CALLER_ID, USER_ID, json_array, json_object
from app.db.repositories.privacy import Part, Privacy, Section, changing
from app.postgres.statements import col

POSTS: tuple[type[Post], ...] = (CleaningPost, PackagePost)
TOPIC_KEYS = {post.topic_key for post in POSTS}


def _versions(post: type[Post]) -> ColumnElement[Any]:
    version: Any = post.version_class
    item = json_object(VersionExport, version)
    return (
        select(json_array(item, version.number))
        .where(
            getattr(version, post.topic_key) == getattr(post, post.topic_key),
            version.post_id == post.id,
        )
        .scalar_subquery()
    )


def _part(post: type[Post], *, answers: bool) -> Part:
    """The questions or the answers in a table of posts."""
    is_question = col(post.question_id).is_(None)
    others = {key: cast(null(), Uuid) for key in TOPIC_KEYS - {post.topic_key}}
    return Part(
        source=post,
        item=json_object(PostExport, post, versions=_versions(post), **others),
        key=col(post.id),
        own=and_(col(post.author_id) == CALLER_ID, ~is_question if answers else is_question),
    )


def erasing(post: type[Post]) -> tuple[Any, ...]:
    """The statements that erase the posts of an account, and their versions."""
    version = post.version_class
    return (
        delete(version).where(col(version.author_id) == USER_ID),
        changing(
            post,
            and_(col(post.author_id) == USER_ID, col(post.text).is_not(None)),
            text=null(),
        ),
    )


PRIVACY = Privacy(
    export=(
        Section("questions", PostExport, tuple(_part(post, answers=False) for post in POSTS)),
        Section("answers", PostExport, tuple(_part(post, answers=True) for post in POSTS)),
    ),
    erase=erasing(CleaningPost),
)
