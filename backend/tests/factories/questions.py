"""Questions about jobs and packages, and answers to them."""

from dataclasses import dataclass
from typing import Any

from tests.factories.cleanings import Job, make_cleaning
from tests.factories.packages import MadePackage
from tests.factories.users import Actor, Market, make_user


@dataclass(frozen=True)
class Question:
    """A question, as it was answered to its asker."""

    topic: Job | MadePackage
    asker: Actor
    data: dict[str, Any]

    @property
    def path(self) -> str:
        return f"{self.topic.path}/questions/{self.data['id']}"

    @property
    def owner(self) -> Actor:
        """Who is asked."""
        return self.topic.owner if isinstance(self.topic, Job) else self.topic.seller


@dataclass(frozen=True)
class Answer:
    """An answer, as it was answered to its author."""

    question: Question
    author: Actor
    data: dict[str, Any]

    @property
    def path(self) -> str:
        return f"{self.question.path}/answers/{self.data['id']}"


async def make_question(
    market: Market,
    topic: Job | MadePackage | None = None,
    asker: Actor | None = None,
    text: str = "Is there a lift?",
) -> Question:
    """A question about an open job, or about a published package."""
    topic = topic or await make_cleaning(market)
    asker = asker or await make_user(market)
    response = await asker.post(f"{topic.path}/questions", {"text": text})
    assert response.status_code == 201, response.text
    return Question(topic, asker, response.json())


async def make_answer(
    market: Market,
    question: Question | None = None,
    author: Actor | None = None,
    text: str = "Yes, a small one.",
) -> Answer:
    """An answer, by default of the owner of the job."""
    question = question or await make_question(market)
    author = author or question.owner
    response = await author.post(f"{question.path}/answers", {"text": text})
    assert response.status_code == 201, response.text
    return Answer(question, author, response.json())
