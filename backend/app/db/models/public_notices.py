"""Notices: reports by persons without an account.

They have what Article 16 of Regulation (EU) 2022/2065 (Digital Services Act) demands: the reasons,
the location, the name and the email address of the notifier, and a statement of good faith. It lets
people give notice of sexual offences against children without a name.
"""

from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, Invalid
from app.db.models.fields import LONGEST_URL, NO_NUL, Email, FullName, Input, Moment
from app.db.models.reports import ReportKind, ReportWords
from app.db.models.searched import ChosenLanguage

MOST_NEW_NOTICES = 10
"""How many notices about a thing may wait for their first decision."""

Location = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_URL, pattern=NO_NUL),
]


def _is_stated(value: object) -> object:
    if not value:
        raise ValueError("must be true")
    return value


GoodFaith = Annotated[
    bool, AfterValidator(_is_stated), WithJsonSchema({"type": "boolean", "const": True})
]


class EnoughNotices(Conflict):
    code = "enough_notices"
    detail = f"Staff has {MOST_NEW_NOTICES} notices about this already, and decides about them."


class LocationNotFound(Invalid):
    code = "location_not_found"
    detail = "There is nothing at this address that visitors can see and that can be reported."

    def __init__(self) -> None:
        super().__init__(field="location")


class NoticeCreate(Input):
    """A new notice."""

    location: Location = Field(
        description="The URL or the path of a page of the market, or of something in this API, "
        "that is visible without a login: of a job, a question, an answer, a package, an "
        "evaluation, a photo or a profile",
        schema_extra={"examples": ["/jobs/018f0d2c-6f0e-7d33-8a56-0242ac120002"]},
    )
    kind: ReportKind = Field(schema_extra={"examples": ["illegal"]})
    words: ReportWords = Field(
        description="Why it is illegal, or what else is wrong with it",
        schema_extra={"examples": ["Asks for money in advance."]},
    )
    full_name: FullName | None = Field(
        description="Null for the kind `minors` only",
        schema_extra={"examples": ["Anna Schmidt"]},
    )
    email: Email | None = Field(
        description="The receipt and the decision are mailed to it; null without a name",
        schema_extra={"examples": ["anna@example.com"]},
    )
    good_faith: GoodFaith = Field(
        description="The statement that the notice is accurate and complete to the best of one's "
        "knowledge",
        schema_extra={"examples": [True]},
    )
    language: ChosenLanguage = None

    @field_validator("full_name", "email")
    @classmethod
    def demand_notifier(cls, value: str | None, info: ValidationInfo) -> str | None:
        """Refuses a notice without a name and an address, unless it is about harm to minors."""
        is_nameless = info.data.get("full_name", value) is None
        if value is None and not (is_nameless and info.data.get("kind") is ReportKind.MINORS):
            raise PydanticCustomError("missing", "Field required")
        if value is not None and is_nameless:
            raise ValueError("give your name, too, or leave out both")
        return value


class ReceiptPublic(SQLModel):
    """The receipt of a notice."""

    reference: UUID = Field(
        description="The same for each notice of an email address about a thing; an anonymous "
        "notice has its own",
        schema_extra={"examples": ["7c1d9f2e-52b4-6a0c-9d3e-8f0a41c7b265"]},
    )
    received_at: Moment
