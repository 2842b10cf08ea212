"""The rules of questions in the state machine."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.market_model.jobs import Job
from tests.market_model.machine import CHOICE, DONE, SOMEBODY, Machine
from tests.market_model.packages import Package
from tests.market_model.people import Person
from tests.market_model.questions import Answer, Post, Question, Topic, owner_of

METHODS = {"edit": "PATCH", "delete": "DELETE"}
SELDOM = 6
"""Of so many changes of questions and answers, one is a deletion."""


class QuestionRules(Machine):
    """Questions are asked, answered, edited, deleted and hidden."""

    jobs: list[Job]
    packages: list[Package]
    questions: list[Question]

    @rule(topic=CHOICE, who=SOMEBODY)
    def ask(self, *, topic: int, who: int | None) -> None:
        topics: Sequence[Topic] = [*self.jobs, *self.packages]
        on = topics[topic % len(topics)]
        others = [person for person in self.people if person is not owner_of(on)]
        person = self.person(who, others[topic % len(others)])
        path = f"{on.path}/questions"
        response = self.send(person, "POST", path, {"text": "Is there a lift?"})
        question = self.compare(response, lambda: Question.of(on, person))
        if question:
            question.path = f"{path}/{response.json()['id']}"
            self.questions.append(question)
        self.look_at_questions(person, on)

    @precondition(lambda self: self.questions)
    @rule(question=CHOICE, who=SOMEBODY, by_asker=st.booleans())
    def answer(self, *, question: int, who: int | None, by_asker: bool) -> None:
        on = self.questions[question % len(self.questions)]
        person = self.person(who, on.author if by_asker else owner_of(on.topic))
        path = f"{on.path}/answers"
        response = self.send(person, "POST", path, {"text": "Yes"})
        given = self.compare(response, lambda: on.answer(person))
        if given:
            given.path = f"{path}/{response.json()['id']}"
        self.look_at_questions(person, on.topic)

    @precondition(lambda self: self.questions)
    @rule(post=CHOICE, what=CHOICE, who=SOMEBODY)
    def change_a_question(self, *, post: int, what: int, who: int | None) -> None:
        on, question = self.chosen_post(post)
        name = "edit" if what % SELDOM else "delete"
        person = self.person(who, on.author)
        body = {"text": f"Text {on.texts + 1}"} if name == "edit" else None
        response = self.send(person, METHODS[name], on.path, body)
        self.compare(response, lambda: on.take(person, name))
        self.look_at_questions(person, question.topic)

    @precondition(lambda self: self.questions)
    @rule(post=CHOICE, hidden=st.booleans())
    def hide_a_question(self, *, post: int, hidden: bool) -> None:
        on, question = self.chosen_post(post)
        gone = "cleaning_not_found" if question.topic.is_gone else on.refusal()
        assert self.look_after(f"{on.path}/hiding", takes=hidden) == (gone or DONE)
        if not gone:
            on.hide(hidden=hidden)

    def chosen_post(self, choice: int) -> tuple[Any, Question]:
        """A question or an answer, and the question that it belongs to."""
        posts: list[tuple[Question | Answer, Question]] = []
        for question in self.questions:
            posts += [(question, question), *((answer, question) for answer in question.answers)]
        return posts[choice % len(posts)]

    def look_at_questions(self, who: Person, topic: Topic) -> None:
        """Compares the questions about a job or a package as a person sees them with the rules."""
        if not who.acts or not topic.path or not topic.sees(who):
            return
        items = self.send(who, "GET", f"{topic.path}/questions?limit=100").json()["items"]
        expected = [it for it in self.questions if it.topic is topic and it.sees(who)]
        assert [item["id"] for item in items] == [id_of(question) for question in expected]
        for item, question in zip(items, expected, strict=True):
            assert (item["deleted"], item["hidden"]) == (not question.is_kept, question.hidden)
            assert item["status"] == ("answered" if question.given else "asked")
            assert (item["author"] is not None) == question.is_kept
            seen = [answer for answer in question.answers if answer.sees(who)]
            assert [answer["id"] for answer in item["answers"]] == [id_of(it) for it in seen]
            self.look_at_versions(who, question)

    def look_at_versions(self, who: Person, post: Question | Answer) -> None:
        """Compares the versions of a question or an answer with the rules."""
        response = self.send(who, "GET", f"{post.path}/versions?limit=100")
        if post.hidden or not post.is_kept:
            assert response.status_code == 404
        else:
            assert len(response.json()["items"]) == post.texts


def id_of(post: Post) -> str:
    return post.path.rpartition("/")[2]
