"""Questions about jobs and packages: reading, asking, editing and deleting them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.core.versions import ExpectedVersion
from app.db.models.pages import PageParameters
from app.db.models.question_shapes import PostCreate, PostUpdate
from app.db.models.questions import NotAuthor, PostKey
from app.db.repositories.questions import QuestionReader
from app.services.questions import CleaningQuestionService, PackageQuestionService, QuestionService
from app.web.forms import Form
from app.web.pages.cleanings import read_job, show_job
from app.web.pages.packages import is_own, read_package, show_package
from app.web.rendering import Template
from app.web.routing import Access, Endpoint, Pages
from app.web.views import json_list
from app.web.views.people import Named
from app.web.views.questions import QUESTIONS, Question
from app.web.visits import Visit

SAID = {
    "question_asked": N_("Your question is online. You see the answer here."),
    "question_edited": N_("Your question is changed."),
    "question_deleted_by_author": N_("Your question is deleted."),
}

pages = Pages()


class Asked(NamedTuple):
    """A kind of thing that questions are about.

    Args:
        path: The path before the id of a thing.
        service: The use cases.
        show: The page of a thing.
        owns: Whether the caller is the one who is asked.
    """

    path: str
    service: type[QuestionService]
    show: Endpoint
    owns: Callable[[Visit, UUID], Awaitable[bool]]

    @property
    def topic_key(self) -> str:
        """The parameter of paths with the id of a thing."""
        return self.service.topic.posts.topic_key

    @property
    def questions(self) -> str:
        """The path of the questions about a thing."""
        return f"{self.path}/{{{self.topic_key}:uuid}}/questions"

    @property
    def question(self) -> str:
        """The path of a question."""
        return f"{self.questions}/{{question_id:uuid}}"

    @property
    def answer(self) -> str:
        """The path of an answer."""
        return f"{self.question}/answers/{{answer_id:uuid}}"

    def key(self, ids: Mapping[str, UUID]) -> PostKey:
        """The key of the question or the answer in a path, by the parameters of the path."""
        return PostKey(ids[self.topic_key], ids["question_id"], ids.get("answer_id"))

    def thing(self, ids: Mapping[str, UUID]) -> str:
        """The path of the thing in a path."""
        return f"{self.path}/{ids[self.topic_key]}"

    def service_of(self, visit: Visit) -> QuestionService:
        """The use cases, in the transaction of a form."""
        return self.service(visit.transaction, visit.client, visit.safeguards)

    def reader_of(self, visit: Visit) -> QuestionReader:
        """The reads of a page."""
        return QuestionReader(visit.reads, self.service.topic)


async def owns_job(visit: Visit, cleaning_id: UUID) -> bool:
    """Whether a job is the caller's."""
    return (await read_job(visit, cleaning_id)).is_own


async def owns_package(visit: Visit, package_id: UUID) -> bool:
    """Whether the caller sells a package."""
    return is_own(visit, await read_package(visit, package_id))


ASKED = (
    Asked("/jobs", CleaningQuestionService, show_job, owns_job),
    Asked("/packages", PackageQuestionService, show_package, owns_package),
)


@dataclass(frozen=True)
class QuestionsPage(Template, file="questions/list.html"):
    """All questions about a job or a package.

    Args:
        thing: The path of the job or the package.
        items: The questions.
        more: The address of the next page.
        is_own: Whether the caller is the one who is asked.
    """

    thing: str
    items: list[Question]
    more: str | None
    is_own: bool


@dataclass(frozen=True)
class PostFormPage(Template, file="questions/edit.html"):
    """The form of an answer, or of the change of a question or an answer.

    Args:
        thing: The path of the job or the package.
        form: The text.
        question: The question.
        answers: Whether the form is that of an answer.
        is_new: Whether the answer is a new one.
    """

    thing: str
    form: Form
    question: Question
    answers: bool = False
    is_new: bool = False


@dataclass(frozen=True)
class PostDeletionPage(Template, file="questions/delete.html"):
    """The question whether to delete a question or an answer.

    Args:
        thing: The path of the job or the package.
        form: The form.
        text: The text of the question or the answer.
        answers: Whether it is an answer.
        is_answered: Whether it is a question with answers.
    """

    thing: str
    form: Form
    text: str
    answers: bool = False
    is_answered: bool = False


def demand_author(visit: Visit, author: Named | None) -> None:
    """Refuses other users than the author of a question or an answer.

    Raises:
        NotAuthor: It is another user's, or was deleted.
    """
    if author is None or visit.viewer is None or author.id != visit.viewer.id:
        raise NotAuthor


async def read_question(visit: Visit, asked: Asked, key: PostKey) -> Question:
    """A question with its answers, as the caller sees it."""
    item = await asked.reader_of(visit).question(visit.caller, key._replace(answer_id=None))
    return Question.model_validate_json(item.json)


def add_pages(asked: Asked) -> None:
    """Adds the pages of questions about one kind of thing."""

    @pages.get(asked.questions, Access.VISITORS)
    async def show_questions(visit: Visit, **ids: UUID) -> Response:
        """All questions about a thing, oldest first."""
        topic_id = ids[asked.topic_key]
        part = visit.listing.part(PageParameters())
        page = await asked.reader_of(visit).page(visit.optional_caller, topic_id, part)
        items = QUESTIONS.validate_json(json_list(page))
        own = visit.viewer is not None and await asked.owns(visit, topic_id)
        shown = QuestionsPage(asked.thing(ids), items, visit.more(page), own)
        return visit.page(shown, public=True)

    @pages.post(asked.questions, again=asked.show)
    async def ask(visit: Visit, **ids: UUID) -> Response:
        """Asks a question."""
        draft = visit.read(PostCreate)
        await asked.service_of(visit).ask(visit.caller, ids[asked.topic_key], draft)
        return visit.see(asked.thing(ids), "question_asked")

    @pages.get(f"{asked.question}/edit")
    async def show_form(visit: Visit, **ids: UUID) -> Response:
        """The form that changes a question."""
        item = await asked.reader_of(visit).question(visit.caller, asked.key(ids))
        found = Question.model_validate_json(item.json)
        demand_author(visit, found.author)
        form = visit.form_at(visit.path, {"text": found.text}, item.version)
        return visit.page(PostFormPage(asked.thing(ids), form, found))

    @pages.post(f"{asked.question}/edit", again=show_form)
    async def edit(visit: Visit, **ids: UUID) -> Response:
        """Changes a question."""
        changes = visit.read(PostUpdate, needed=("text",))
        user, service = await visit.locked_user(), asked.service_of(visit)
        await service.edit_question(user, asked.key(ids), changes, visit.seen)
        return visit.see(asked.thing(ids), "question_edited")

    @pages.get(f"{asked.question}/deletion")
    async def show_deletion(visit: Visit, **ids: UUID) -> Response:
        """The question whether to delete a question."""
        found = await read_question(visit, asked, asked.key(ids))
        demand_author(visit, found.author)
        is_answered = bool(found.answers)
        text, form = found.text or "", visit.form_at(visit.path)
        page = PostDeletionPage(asked.thing(ids), form, text, is_answered=is_answered)
        return visit.page(page)

    @pages.post(f"{asked.question}/deletion", again=show_deletion)
    async def delete(visit: Visit, **ids: UUID) -> Response:
        """Deletes a question."""
        user, service = await visit.user(), asked.service_of(visit)
        await service.delete_question(user, asked.key(ids), ExpectedVersion())
        return visit.see(asked.thing(ids), "question_deleted_by_author")


for each in ASKED:
    add_pages(each)
