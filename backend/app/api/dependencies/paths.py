"""The ids in paths, as dependencies of routes that are made for several kinds of things."""

from uuid import UUID

from app.http.fastpath.early import early

Ids = dict[str, UUID]


@early
async def package_ids(package_id: UUID) -> Ids:
    """The ids in the path of a package."""
    return {"package_id": package_id}


@early
async def cleaning_ids(cleaning_id: UUID) -> Ids:
    """The ids in the path of a job."""
    return {"cleaning_id": cleaning_id}


@early
async def offer_ids(cleaning_id: UUID, offer_id: UUID) -> Ids:
    """The ids in the path of an offer."""
    return {"cleaning_id": cleaning_id, "offer_id": offer_id}


@early
async def evaluation_ids(cleaning_id: UUID, booking_id: UUID, evaluation_id: UUID) -> Ids:
    """The ids in the path of an evaluation."""
    return {"cleaning_id": cleaning_id, "booking_id": booking_id, "evaluation_id": evaluation_id}


@early
async def question_ids(cleaning_id: UUID, question_id: UUID) -> Ids:
    """The ids in the path of a question about a job."""
    return {"cleaning_id": cleaning_id, "question_id": question_id}


@early
async def answer_ids(cleaning_id: UUID, question_id: UUID, answer_id: UUID) -> Ids:
    """The ids in the path of an answer to a question about a job."""
    return {"cleaning_id": cleaning_id, "question_id": question_id, "answer_id": answer_id}


@early
async def package_question_ids(package_id: UUID, question_id: UUID) -> Ids:
    """The ids in the path of a question about a package."""
    return {"package_id": package_id, "question_id": question_id}


@early
async def package_answer_ids(package_id: UUID, question_id: UUID, answer_id: UUID) -> Ids:
    """The ids in the path of an answer to a question about a package."""
    return {"package_id": package_id, "question_id": question_id, "answer_id": answer_id}
