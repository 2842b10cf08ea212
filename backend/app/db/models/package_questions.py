"""Questions about packages, the answers to them, and the earlier versions of both."""

from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from app.db.models.fields import id_field
from app.db.models.kinds import EventKind
from app.db.models.kinds.package_questions import PackageAnswerEvent, PackageQuestionEvent
from app.db.models.questions import Post, PostVersion, post_constraints, version_constraints


class PackagePostVersion(PostVersion, table=True):
    """An earlier version of a question about a package, or of an answer to one."""

    __tablename__ = "package_post_versions"
    __table_args__ = version_constraints("package_posts", "package_id")

    package_id: UUID = Field(primary_key=True)
    post_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)


class PackagePost(Post, table=True):
    """A question about a package, or an answer to one."""

    __tablename__ = "package_posts"
    __table_args__ = post_constraints("package_posts", "package_id")
    topic_key: ClassVar[str] = "package_id"
    version_class: ClassVar[type[PostVersion]] = PackagePostVersion
    question_events: ClassVar[type[EventKind]] = PackageQuestionEvent
    answer_events: ClassVar[type[EventKind]] = PackageAnswerEvent

    package_id: UUID = Field(primary_key=True, foreign_key="packages.id")
    id: UUID = id_field()
