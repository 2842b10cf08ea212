"""Questions about jobs and packages, and their answers: asking, answering, editing, deleting."""

from abc import ABC, abstractmethod
from typing import ClassVar
from uuid import UUID

from app.core.clients import Client
from app.core.contacts import ContactDetailsRefused, demand_no_contact_details
from app.core.errors import PreconditionFailed, TooManyRequests
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.core.versions import ExpectedVersion
from app.db.models.blocks import NotPossible
from app.db.models.cleanings import CleaningNotFound
from app.db.models.kinds.questions import VersionAction
from app.db.models.packages import PackageNotFound
from app.db.models.question_shapes import PostCreate, PostUpdate
from app.db.models.questions import (
    AnswerNotFound,
    NotAsker,
    NotAuthor,
    Post,
    PostKey,
    QuestionDeleted,
    QuestionNotFound,
    QuestionToSelf,
    TooManyAnswers,
)
from app.db.models.states.cleanings import CleaningExpired, CleaningMove, CleaningNotOpen
from app.db.models.users import User
from app.db.repositories.audit import AuditRepository
from app.db.repositories.blocks import BlockRepository
from app.db.repositories.cleanings import CleaningRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.packages import PackageRepository
from app.db.repositories.pages import Page, PageRequest
from app.db.repositories.question_versions import VersionReader
from app.db.repositories.question_views import CLEANINGS, PACKAGES, Topic
from app.db.repositories.questions import QuestionRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards


class QuestionService(ABC):
    """The use cases of questions about one kind of thing.

    Each locks the thing first, then the question, then the answer.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The settings with the rate limits, and with the country of the market.
    """

    topic: ClassVar[Topic]

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        self._transaction = transaction
        self._audit = AuditRepository(transaction)
        self._blocks = BlockRepository(transaction)
        self._events = EventRepository(transaction)
        self._questions = QuestionRepository(transaction, self.topic.posts)
        self._throttles = ThrottleRepository(transaction, safeguards.keyring)
        self._versions = VersionReader(transaction, self.topic)
        self._client = client
        self._limit = safeguards.limits.questions_per_account
        self._region = safeguards.phone_region

    @abstractmethod
    async def lock_open(self, caller: Bearer, topic_id: UUID) -> UUID:
        """Locks the account of the caller, and a thing that they can ask a question about.

        Returns:
            The account that the thing belongs to.
        """

    @abstractmethod
    async def lock_seen(self, caller: User, topic_id: UUID) -> UUID:
        """Locks a thing that the caller sees, and returns the account that it belongs to."""

    @raises(ContactDetailsRefused, NotPossible, TooManyRequests)
    async def ask(self, caller: Bearer, topic_id: UUID, draft: PostCreate) -> Post:
        """Asks a question."""
        self._demand_no_contact_details(draft.text)
        self._blocks.demand_free(caller.user_id, await self.lock_open(caller, topic_id))
        posts = self.topic.posts
        key = {posts.topic_key: topic_id}
        question = posts(author_id=caller.user_id, text=draft.text, **key)
        self._questions.add(question)
        self._record(caller.user_id, question, "created")
        await self._count(caller.user_id)
        return question

    @raises(
        ContactDetailsRefused,
        TooManyRequests,
        QuestionNotFound,
        QuestionDeleted,
        NotAsker,
        TooManyAnswers,
        NotPossible,
    )
    async def answer(self, caller: User, key: PostKey, draft: PostCreate) -> Post:
        """Answers a question."""
        self._demand_no_contact_details(draft.text)
        owner_id = await self.lock_seen(caller, key.topic_id)
        question = await self._questions.lock_question(key, caller.id)
        question.demand_kept()
        if caller.id not in {owner_id, question.author_id}:
            raise NotAsker
        self._blocks.demand_free(owner_id, question.author_id)
        answer = question.answer(caller.id, draft.text)
        self._questions.add(answer)
        self._record(caller.id, answer, "created")
        await self._count(caller.id)
        return answer

    @raises(
        ContactDetailsRefused,
        TooManyRequests,
        QuestionNotFound,
        QuestionDeleted,
        NotAuthor,
        NotPossible,
        PreconditionFailed,
    )
    async def edit_question(
        self,
        caller: User,
        key: PostKey,
        changes: PostUpdate,
        expected: ExpectedVersion,
    ) -> None:
        """Changes the text of a question. The earlier text is kept as a version."""
        self._demand_no_contact_details(changes.text)
        owner_id = await self.lock_seen(caller, key.topic_id)
        question = await self._questions.lock_question(key, caller.id)
        question.demand_kept()
        self._blocks.demand_free(owner_id, question.author_id)
        await self._edit(caller, question, changes, expected)

    @raises(
        ContactDetailsRefused,
        TooManyRequests,
        QuestionNotFound,
        AnswerNotFound,
        NotAuthor,
        NotPossible,
        PreconditionFailed,
    )
    async def edit_answer(
        self,
        caller: User,
        key: PostKey,
        changes: PostUpdate,
        expected: ExpectedVersion,
    ) -> None:
        """Changes the text of an answer. The earlier text is kept as a version."""
        self._demand_no_contact_details(changes.text)
        owner_id = await self.lock_seen(caller, key.topic_id)
        question, answer = await self._lock_answer(caller, key)
        self._blocks.demand_free(owner_id, question.author_id)
        await self._edit(caller, answer, changes, expected)

    @raises(QuestionNotFound, QuestionDeleted, NotAuthor, PreconditionFailed)
    async def delete_question(self, caller: User, key: PostKey, expected: ExpectedVersion) -> None:
        """Deletes a question. If it has answers, they stay, and so does its place."""
        await self.lock_seen(caller, key.topic_id)
        question = await self._questions.lock_question(key, caller.id)
        question.demand_kept()
        self._delete(caller, question, expected)

    @raises(QuestionNotFound, AnswerNotFound, NotAuthor, PreconditionFailed)
    async def delete_answer(
        self,
        caller: User,
        key: PostKey,
        expected: ExpectedVersion,
    ) -> None:
        """Deletes an answer."""
        await self.lock_seen(caller, key.topic_id)
        question, answer = await self._lock_answer(caller, key)
        self._delete(caller, answer, expected)
        question.answers -= 1

    @raises(QuestionNotFound, AnswerNotFound)
    async def read_versions(
        self,
        caller: Bearer,
        key: PostKey,
        request: PageRequest,
    ) -> Page:
        """All versions of a question or an answer, also of a deleted or hidden one, for staff."""
        post = await self._questions.find(key)
        page = await self._versions.kept(caller, key.topic_id, post.id, request)
        self._audit.record(
            VersionAction.VERSIONS_READ,
            self._client,
            actor_id=caller.user_id,
            user_id=post.author_id,
            **{post.topic_key: str(key.topic_id), f"{post.events.subject}_id": str(post.id)},
        )
        return page

    def _demand_no_contact_details(self, text: str | None) -> None:
        if text is not None:
            demand_no_contact_details("text", text, self._region)

    async def _count(self, caller_id: UUID) -> None:
        """Writes what is pending, and counts it towards the limit of the author."""
        attempt = Attempt(self._limit, ("account", str(caller_id)))
        await self._throttles.take_within(self._transaction, attempt)

    async def _lock_answer(self, caller: User, key: PostKey) -> tuple[Post, Post]:
        question = await self._questions.lock_question(key, caller.id)
        answer = await self._questions.lock_answer(key, caller.id)
        return question, answer

    async def _edit(
        self, caller: User, post: Post, changes: PostUpdate, expected: ExpectedVersion
    ) -> None:
        post.demand_author(caller.id)
        expected.demand(post.version)
        former = None if changes.text is None else post.edit(changes.text)
        if former is not None:
            self._questions.add(former)
            self._record(caller.id, post, "edited")
            await self._count(caller.id)

    def _delete(self, caller: User, post: Post, expected: ExpectedVersion) -> None:
        post.demand_author(caller.id)
        expected.demand(post.version)
        post.delete()
        self._record(caller.id, post, "deleted")

    def _record(self, caller_id: UUID, post: Post, kind: str) -> None:
        payload = {} if post.question_id is None else {"question_id": str(post.question_id)}
        self._events.record_within(post.topic, caller_id, post.events(kind), post.id, **payload)


class CleaningQuestionService(QuestionService):
    """The use cases of questions about jobs."""

    topic = CLEANINGS

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        super().__init__(transaction, client, safeguards)
        self._cleanings = CleaningRepository(transaction)

    @raises(CleaningNotFound, QuestionToSelf, CleaningExpired, CleaningNotOpen)
    async def lock_open(self, caller: Bearer, topic_id: UUID) -> UUID:
        """Locks the account of the caller, and an open job of another user, whom it returns."""
        cleaning = await self._cleanings.lock_seen_by(caller, topic_id)
        if cleaning.owner_id == caller.user_id:
            raise QuestionToSelf
        cleaning.demand_open(CleaningMove.ASK)
        return cleaning.owner_id

    @raises(CleaningNotFound)
    async def lock_seen(self, caller: User, topic_id: UUID) -> UUID:
        """Locks a job that the caller sees, and returns its owner."""
        cleaning = await self._cleanings.lock_visible(caller.id, topic_id)
        return cleaning.owner_id


class PackageQuestionService(QuestionService):
    """The use cases of questions about packages."""

    topic = PACKAGES

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        super().__init__(transaction, client, safeguards)
        self._packages = PackageRepository(transaction)
        self._users = UserRepository(transaction)

    @raises(PackageNotFound, QuestionToSelf)
    async def lock_open(self, caller: Bearer, topic_id: UUID) -> UUID:
        """Locks the account of the caller, and a package of another user, whom it returns."""
        await self._users.caller_locked(caller)
        package = await self._packages.lock_visible(caller.user_id, topic_id)
        if package.seller_id == caller.user_id:
            raise QuestionToSelf
        return package.seller_id

    @raises(PackageNotFound)
    async def lock_seen(self, caller: User, topic_id: UUID) -> UUID:
        """Locks a package that the caller sees, and returns its seller."""
        package = await self._packages.lock_visible(caller.id, topic_id)
        return package.seller_id
