"""Questions about jobs and packages, and answers to them."""

from dataclasses import dataclass, field

from app.db.models.questions import MOST_ANSWERS
from tests.market_model.jobs import Job
from tests.market_model.packages import Package
from tests.market_model.people import Person, demand

Topic = Job | Package


def owner_of(topic: Topic) -> Person:
    return topic.owner if isinstance(topic, Job) else topic.seller


def demand_found(topic: Topic, who: Person) -> None:
    who.act()
    if isinstance(topic, Job):
        topic.demand_found(who)
    else:
        demand(topic.sees(who), "package_not_found")


@dataclass(eq=False)
class Post:
    """A question or an answer."""

    author: Person
    path: str = ""
    texts: int = 1
    hidden: bool = False
    deleted: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether its text is there."""
        return not (self.deleted or self.author.deleted)

    def is_known_to(self, who: Person) -> bool:
        return who is self.author or not (self.hidden or self.author.blocked)

    def hide(self, *, hidden: bool) -> None:
        self.hidden = hidden

    def change(self, who: Person, name: str) -> None:
        demand(who is self.author, "not_author")
        if name == "edit":
            self.texts += 1
        else:
            self.deleted = True


@dataclass(eq=False, kw_only=True)
class Question(Post):
    """A question."""

    topic: Topic
    answers: list["Answer"] = field(default_factory=list)

    @classmethod
    def of(cls, topic: Topic, who: Person) -> "Question":
        demand_found(topic, who)
        demand(who is not owner_of(topic), "question_to_self")
        if isinstance(topic, Job):
            demand(not topic.expired, "cleaning_expired")
            demand(topic.status == "open", "cleaning_not_open")
        return cls(who, topic=topic)

    @property
    def given(self) -> list["Answer"]:
        """The answers that count."""
        return [answer for answer in self.answers if not answer.deleted]

    def sees(self, who: Person) -> bool:
        """Whether a person who sees the topic sees the question."""
        return self.is_known_to(who) and bool(self.is_kept or self.given)

    def refusal(self) -> str | None:
        """Why it can't be answered, changed or hidden any more."""
        if self.is_kept:
            return None
        return "question_deleted" if self.given else "question_not_found"

    def answer(self, who: Person) -> "Answer":
        self.demand_seen(who)
        self._demand_kept()
        demand(who in (self.author, owner_of(self.topic)), "not_asker")
        demand(len(self.given) < MOST_ANSWERS, "too_many_answers")
        self.answers.append(Answer(who, question=self))
        return self.answers[-1]

    def take(self, who: Person, name: str) -> None:
        """Edits or deletes it."""
        self.demand_seen(who)
        self._demand_kept()
        self.change(who, name)

    def demand_seen(self, who: Person) -> None:
        demand_found(self.topic, who)
        demand(self.is_known_to(who), "question_not_found")

    def _demand_kept(self) -> None:
        refusal = self.refusal()
        demand(refusal is None, refusal or "")


@dataclass(eq=False, kw_only=True)
class Answer(Post):
    """An answer."""

    question: Question

    def sees(self, who: Person) -> bool:
        """Whether a person who sees the question sees the answer."""
        return self.is_kept and self.is_known_to(who)

    def refusal(self) -> str | None:
        """Why it can't be hidden any more."""
        return None if self.is_kept else "answer_not_found"

    def take(self, who: Person, name: str) -> None:
        """Edits or deletes it."""
        self.question.demand_seen(who)
        demand(self.sees(who), "answer_not_found")
        self.change(who, name)
