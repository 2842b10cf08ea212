"""Personal data of questions and answers."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike

PLACE_KEPT = "place in the conversation"


class VersionExport(SQLModel):
    """An earlier version of a question or an answer."""

    number: int
    text: str
    written_at: Moment


class PostExport(SQLModel):
    """A question or an answer of the user."""

    id: UUID
    cleaning_id: UUID | None = Field(description="The job that it is about")
    package_id: UUID | None = Field(description="The package that it is about")
    question_id: UUID | None = Field(description="The question, of an answer")
    text: str | None
    revision: int
    created_at: Moment
    edited_at: Moment | None
    deleted_at: Moment | None
    hidden_at: Moment | None
    versions: list[VersionExport]


def holdings(table: str, versions: str, topic_key: str) -> tuple[Holding, Holding]:
    """The personal data of a table of posts, and of the table of their versions.

    Args:
        table: The name of the table of posts.
        versions: The name of the table of versions.
        topic_key: The column with the id of the thing that the questions are about.
    """
    written = "public question or answer"
    return (
        Holding(
            table,
            "author_id",
            {
                "text": Personal(Tier.PUBLIC, written),
                **alike(("created_at", "edited_at"), Personal(Tier.PUBLIC, written, PLACE_KEPT)),
            },
            others=(
                *(topic_key, "id", "question_id", "author_id", "revision", "answers"),
                *("version", "updated_at", "deleted_at", "hidden_at"),
            ),
        ),
        Holding(
            versions,
            "author_id",
            alike(("text", "written_at"), Personal(Tier.PUBLIC, written)),
            others=(topic_key, "post_id", "number", "author_id"),
        ),
    )


HOLDINGS = holdings("cleaning_posts", "cleaning_post_versions", "cleaning_id")
