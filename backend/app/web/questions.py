"""The questions about a job or a package, on its page."""

from dataclasses import dataclass
from uuid import UUID

from app.db.repositories.pages import PageRequest
from app.db.repositories.question_views import Topic
from app.db.repositories.questions import QuestionReader
from app.web.forms import Form
from app.web.views import json_list
from app.web.views.questions import QUESTIONS, Question
from app.web.visits import Visit

SHOWN = 20
"""The number of questions on the page of a job or a package; all are on a page of their own."""


@dataclass(frozen=True)
class Questions:
    """The questions about a job or a package.

    Args:
        path: The path of the job or the package.
        items: The questions.
        has_more: Whether there are more of them.
        is_own: Whether the caller is the one who is asked.
        is_open: Whether questions can be asked.
        form: The form of a question.
    """

    path: str
    items: list[Question]
    has_more: bool
    is_own: bool
    is_open: bool
    form: Form


async def questions_about(
    visit: Visit, topic: Topic, topic_id: UUID, path: str, *, is_own: bool, is_open: bool
) -> Questions:
    """Reads the questions about a job or a package, as the caller or a visitor sees them.

    Args:
        visit: The request.
        topic: The kind of thing.
        topic_id: The job or the package.
        path: The path of its page.
        is_own: Whether it is the caller's.
        is_open: Whether questions can be asked about it.
    """
    reader = QuestionReader(visit.reads, topic)
    page = await reader.page(visit.optional_caller, topic_id, PageRequest(SHOWN))
    items = QUESTIONS.validate_json(json_list(page))
    form = visit.form_at(f"{path}/questions")
    return Questions(path, items, page.next is not None, is_own, is_open, form)
