"""Answers to questions: writing, editing and deleting them."""

from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.core.versions import ExpectedVersion
from app.db.models.question_shapes import PostCreate, PostUpdate
from app.db.models.questions import AnswerNotFound
from app.web.pages.questions import (
    ASKED,
    Asked,
    PostDeletionPage,
    PostFormPage,
    demand_author,
    read_question,
)
from app.web.routing import Pages
from app.web.views.questions import Answer, Question
from app.web.visits import Visit

SAID = {
    "question_answered": N_("Your answer is online."),
    "answer_edited": N_("Your answer is changed."),
    "answer_deleted": N_("Your answer is deleted."),
}

pages = Pages()


def answer_in(question: Question, answer_id: UUID) -> Answer:
    """An answer to a question.

    Raises:
        AnswerNotFound: There is none that the caller sees.
    """
    found = next((answer for answer in question.answers if answer.id == answer_id), None)
    if found is None:
        raise AnswerNotFound
    return found


def add_pages(asked: Asked) -> None:
    """Adds the pages of answers to questions about one kind of thing."""

    @pages.get(f"{asked.question}/answers")
    async def show_new(visit: Visit, **ids: UUID) -> Response:
        """The form of an answer."""
        found = await read_question(visit, asked, asked.key(ids))
        form = visit.form_at(visit.path)
        return visit.page(PostFormPage(asked.thing(ids), form, found, answers=True, is_new=True))

    @pages.post(f"{asked.question}/answers", again=show_new)
    async def answer_question(visit: Visit, **ids: UUID) -> Response:
        """Answers a question."""
        draft = visit.read(PostCreate)
        user = await visit.locked_user()
        await asked.service_of(visit).answer(user, asked.key(ids), draft)
        return visit.see(asked.thing(ids), "question_answered")

    @pages.get(f"{asked.answer}/edit")
    async def show_form(visit: Visit, **ids: UUID) -> Response:
        """The form that changes an answer."""
        key = asked.key(ids)
        item = await asked.reader_of(visit).answer(visit.caller, key)
        present = Answer.model_validate_json(item.json)
        demand_author(visit, present.author)
        found = await read_question(visit, asked, key)
        form = visit.form_at(visit.path, {"text": present.text}, item.version)
        return visit.page(PostFormPage(asked.thing(ids), form, found, answers=True))

    @pages.post(f"{asked.answer}/edit", again=show_form)
    async def edit(visit: Visit, **ids: UUID) -> Response:
        """Changes an answer."""
        changes = visit.read(PostUpdate, needed=("text",))
        user, service = await visit.locked_user(), asked.service_of(visit)
        await service.edit_answer(user, asked.key(ids), changes, visit.seen)
        return visit.see(asked.thing(ids), "answer_edited")

    @pages.get(f"{asked.answer}/deletion")
    async def show_deletion(visit: Visit, **ids: UUID) -> Response:
        """The question whether to delete an answer."""
        found = await read_question(visit, asked, asked.key(ids))
        present = answer_in(found, ids["answer_id"])
        demand_author(visit, present.author)
        form = visit.form_at(visit.path)
        return visit.page(PostDeletionPage(asked.thing(ids), form, present.text, answers=True))

    @pages.post(f"{asked.answer}/deletion", again=show_deletion)
    async def delete(visit: Visit, **ids: UUID) -> Response:
        """Deletes an answer."""
        user, service = await visit.user(), asked.service_of(visit)
        await service.delete_answer(user, asked.key(ids), ExpectedVersion())
        return visit.see(asked.thing(ids), "answer_deleted")


for each in ASKED:
    add_pages(each)
