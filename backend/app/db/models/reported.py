"""What can be reported, and the paths that name it in the API."""

import re
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints
from sqlmodel import Field, SQLModel

from app.core.catalogues import N_

UUID_IN_PATH = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NUMBER_IN_PATH = "[1-9][0-9]{0,5}"


class Reported(StrEnum):
    """The kind of a reported thing."""

    CLEANING = "cleaning"
    OFFER = "offer"
    EVALUATION = "evaluation"
    QUESTION = "question"
    ANSWER = "answer"
    PACKAGE = "package"
    PACKAGE_QUESTION = "package_question"
    PACKAGE_ANSWER = "package_answer"
    MESSAGE = "message"
    PROFILE = "profile"
    PHOTO = "photo"


THINGS = {
    Reported.CLEANING: N_("Job"),
    Reported.OFFER: N_("Offer"),
    Reported.EVALUATION: N_("Review"),
    Reported.QUESTION: N_("Question"),
    Reported.ANSWER: N_("Answer"),
    Reported.PACKAGE: N_("Package"),
    Reported.PACKAGE_QUESTION: N_("Question"),
    Reported.PACKAGE_ANSWER: N_("Answer"),
    Reported.MESSAGE: N_("Message"),
    Reported.PROFILE: N_("Profile"),
    Reported.PHOTO: N_("Photo"),
}
"""The words for the kinds."""

UNHIDEABLE = frozenset({Reported.MESSAGE, Reported.PROFILE})
"""What can't be hidden."""

JOB, PACKAGE = "/cleanings/{cleaning_id}", "/packages/{package_id}"
QUESTION, ANSWER = "/questions/{question_id}", "/answers/{answer_id}"
PATHS = {
    Reported.CLEANING: JOB,
    Reported.OFFER: f"{JOB}/offers/{{offer_id}}",
    Reported.EVALUATION: f"{JOB}/bookings/{{booking_id}}/evaluations/{{evaluation_id}}",
    Reported.QUESTION: f"{JOB}{QUESTION}",
    Reported.ANSWER: f"{JOB}{QUESTION}{ANSWER}",
    Reported.PACKAGE: PACKAGE,
    Reported.PACKAGE_QUESTION: f"{PACKAGE}{QUESTION}",
    Reported.PACKAGE_ANSWER: f"{PACKAGE}{QUESTION}{ANSWER}",
    Reported.MESSAGE: f"{JOB}/threads/{{cleaner_id}}/messages/{{number}}",
    Reported.PROFILE: "/profiles/{user_id}",
    Reported.PHOTO: "/uploads/{upload_id}",
}
"""The paths by kind of thing. Each thing has one, so a path identifies it."""


def _pattern(path: str, *, named: bool) -> str:
    """The regular expression of a path, whose groups have the names of its parts if wanted."""

    def part(found: re.Match[str]) -> str:
        form = NUMBER_IN_PATH if found[1] == "number" else UUID_IN_PATH
        return f"(?P<{found[1]}>{form})" if named else form

    return re.sub(r"{(\w+)}", part, path)


MATCHES = {kind: re.compile(_pattern(path, named=True)).fullmatch for kind, path in PATHS.items()}

REPORTED_PATH = f"^(?:{'|'.join(_pattern(path, named=False) for path in PATHS.values())})$"
ReportedPath = Annotated[str, StringConstraints(max_length=200, pattern=REPORTED_PATH)]
"""The path of a thing that can be reported, with ids in lower case."""


def reported(path: str) -> tuple[Reported, dict[str, Any]]:
    """The kind of a reported thing, and the ids and numbers in its path.

    Args:
        path: A `ReportedPath`.
    """
    kind, found = next((it, found) for it, match in MATCHES.items() if (found := match(path)))
    parts = found.groupdict().items()
    return kind, {name: int(it) if name == "number" else UUID(it) for name, it in parts}


class ReportedThing(SQLModel):
    """The thing that a report is about."""

    subject: Reported
    path: str = Field(description="Its path, also once it is gone")
    name: str | None = Field(
        description="The name of the job or the package that it is or belongs to, or the username "
        "of the person whose profile it is or belongs to; null if the caller can't see it now"
    )
