"""Staff finds accounts, blocks and deactivates them, ends their sessions and sets their roles."""

from uuid import UUID

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.administration import (
    AccountDetail,
    AccountFilters,
    DecidedGrounds,
    Grounds,
    RestrictionGrounds,
)
from app.db.models.audit import AuditFilters
from app.db.models.kinds.administration import AdministrationAction, AdministrationTask
from app.db.models.kinds.audit import AuditReading
from app.db.models.kinds.second_factors import SecondFactorAction
from app.db.models.kinds.users import UserEvent
from app.db.models.notices import Notice
from app.db.models.users import SuperuserOnly, User, UserNotFound, UserRole
from app.db.repositories.administration import AdministrationReader, AdministrationRepository
from app.db.repositories.audit import AuditReader, AuditRepository
from app.db.repositories.base import Item
from app.db.repositories.category_counts import CategoryCountRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.pages import Page, PageRequest
from app.db.repositories.second_factors import SecondFactorRepository
from app.db.repositories.session_requests import SessionRequestRepository
from app.db.repositories.sessions import SessionRepository
from app.db.repositories.tasks import TaskRepository
from app.postgres.transactions import Transaction
from app.services.order_ends import OrderEnds
from app.services.packages import PackageService
from app.services.staff_acts import StaffActs


class AdministrationService:
    """The use cases of administration. Each locks the account first, and the caller's.

    A change to the present state is no error. The audit records every act, even without an effect.

    Args:
        transaction: The unit of work.
        client: Where the request comes from.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._accounts = AdministrationRepository(transaction)
        self._acts = StaffActs(transaction, client)
        self._audit = AuditRepository(transaction)
        self._audit_shown = AuditReader(transaction)
        self._counts = CategoryCountRepository(transaction)
        self._events = EventRepository(transaction)
        self._factors = SecondFactorRepository(transaction)
        self._order_ends = OrderEnds(transaction)
        self._tasks = TaskRepository(transaction)
        self._packages = PackageService(transaction)
        self._requests = SessionRequestRepository(transaction)
        self._sessions = SessionRepository(transaction)
        self._shown = AdministrationReader(transaction)
        self._client = client

    async def search(self, caller: Bearer, filters: AccountFilters, request: PageRequest) -> Page:
        """The accounts that match all filters, newest first.

        The audit has which filters there were, without the name that was searched for.
        """
        page = await self._shown.page(caller, filters, request)
        given = filters.model_dump(include={"q", "role", "state"}, exclude_none=True)
        self._audit.record(
            AdministrationAction.ACCOUNTS_LISTED,
            self._client,
            actor_id=caller.user_id,
            filters=" ".join(sorted(given)),
        )
        return page

    @raises(UserNotFound)
    async def look_up(self, caller: Bearer, email: str) -> Item:
        """Returns the account with an email address, in any case.

        The audit records the request, even if there is no such account.
        """
        try:
            found = await self._shown.with_email(caller, email)
        except UserNotFound:
            self._audit.record(
                AdministrationAction.ACCOUNT_LOOKED_UP,
                self._client,
                actor_id=caller.user_id,
                found="no",
            )
            raise
        user_id = AccountDetail.model_validate_json(found.json).id
        self._audit.record(
            AdministrationAction.ACCOUNT_LOOKED_UP,
            self._client,
            actor_id=caller.user_id,
            user_id=user_id,
        )
        return found

    @raises(UserNotFound)
    async def read(self, caller: Bearer, user_id: UUID) -> Item:
        """An account."""
        found = await self._shown.one(caller, user_id)
        self._audit.record(
            AdministrationAction.ACCOUNT_READ,
            self._client,
            actor_id=caller.user_id,
            user_id=user_id,
        )
        return found

    async def read_audit(self, caller: Bearer, filters: AuditFilters, request: PageRequest) -> Page:
        """The entries of the audit that match all filters, newest first.

        An entry tells that the history of a person was read, if a filter names the person.
        """
        page = await self._audit_shown.page(caller, filters, request)
        person = filters.user_id or filters.actor_id
        if person and page.items:  # only then it is certain that there is such a person
            self._audit.record(
                AuditReading.AUDIT_READ, self._client, actor_id=caller.user_id, user_id=person
            )
        return page

    @raises(StaffActs.lock)
    async def block(
        self, caller: Bearer, user_id: UUID, grounds: RestrictionGrounds | DecidedGrounds
    ) -> None:
        """Blocks an account: it can't be used, its jobs are hidden, and its packages archived.

        Its placed orders are cancelled or declined, and unconfirmed requests of its sessions become
        void. The reasons are mailed to its owner.
        """
        user = await self._acts.lock(caller, user_id)
        if user.block():
            self._restrict(UserEvent.BLOCKED, caller, user, grounds)
            await self._order_ends.end_placed_of(user)
            await self._packages.archive_all(user.id, caller.user_id)
            await self._counts.count_jobs_of(user.id, shown=False)
        self._requests.void(user.id)
        self._acts.record(AdministrationAction.BLOCKED, caller, user.id, grounds)

    @raises(StaffActs.lock)
    async def unblock(self, caller: Bearer, user_id: UUID, grounds: Grounds | None) -> None:
        """Unblocks an account."""
        user = await self._acts.lock(caller, user_id)
        if user.unblock():
            self._record(UserEvent.UNBLOCKED, caller, user, grounds)
            await self._counts.count_jobs_of(user.id, shown=True)
        self._acts.record(AdministrationAction.UNBLOCKED, caller, user.id, grounds)

    @raises(StaffActs.lock)
    async def deactivate(self, caller: Bearer, user_id: UUID, grounds: RestrictionGrounds) -> None:
        """Deactivates an account: it can't be used, but its jobs stay visible.

        Unconfirmed requests of its sessions become void. The reasons are mailed to its owner.
        """
        user = await self._acts.lock(caller, user_id)
        if user.deactivate():
            self._restrict(UserEvent.DEACTIVATED, caller, user, grounds)
        self._requests.void(user.id)
        self._acts.record(AdministrationAction.DEACTIVATED, caller, user.id, grounds)

    @raises(StaffActs.lock)
    async def reactivate(self, caller: Bearer, user_id: UUID, grounds: Grounds | None) -> None:
        """Reactivates an account."""
        user = await self._acts.lock(caller, user_id)
        if user.reactivate():
            self._record(UserEvent.REACTIVATED, caller, user, grounds)
        self._acts.record(AdministrationAction.REACTIVATED, caller, user.id, grounds)

    @raises(StaffActs.lock)
    async def end_sessions(self, caller: Bearer, user_id: UUID, grounds: Grounds | None) -> None:
        """Ends all sessions of an account and deletes its API keys and webhooks, at once."""
        user = await self._acts.lock(caller, user_id)
        await self._sessions.end_all(user.id)
        self._acts.record(AdministrationAction.SESSIONS_ENDED, caller, user.id, grounds)

    @raises(StaffActs.lock, SuperuserOnly)
    async def give_role(self, caller: Bearer, user_id: UUID, role: UserRole) -> None:
        """Sets the role of an account.

        A pending removal of its second factor is cancelled.
        """
        superuser, user = await self._accounts.lock(caller, user_id)
        before = user.role
        superuser.give_role(role, user)
        self._audit.record(
            AdministrationAction.ROLE_CHANGED,
            self._client,
            actor_id=caller.user_id,
            user_id=user.id,
            before=before,
            role=role,
        )
        await self._keep_second_factor(user, before)

    @raises(UserNotFound)
    async def appoint(self, username: str) -> User:
        """Makes an account a superuser, by order of the operator instead of a caller."""
        user = await self._accounts.lock_named(username)
        if user is None:
            raise UserNotFound
        before = user.role
        user.take_over({"role": UserRole.SUPERUSER})
        self._audit.record(
            AdministrationAction.ROLE_CHANGED,
            self._client,
            user_id=user.id,
            before=before,
            role=UserRole.SUPERUSER,
        )
        await self._keep_second_factor(user, before)
        return user

    def _restrict(
        self,
        kind: UserEvent,
        caller: Bearer,
        user: User,
        grounds: RestrictionGrounds | DecidedGrounds,
    ) -> None:
        """Records a restriction, and mails its reasons unless they are those of a decision."""
        event_id = self._record(kind, caller, user, grounds)
        if isinstance(grounds, RestrictionGrounds):
            payload = {"event_id": str(event_id)}
            self._tasks.enqueue(AdministrationTask.RESTRICTION_STATEMENT, payload)

    def _record(self, kind: UserEvent, caller: Bearer, user: User, grounds: Grounds | None) -> UUID:
        facts = grounds.facts if grounds else {}
        return self._events.record(caller.user_id, kind, user.id, None, **facts)

    async def _keep_second_factor(self, user: User, before: UserRole) -> None:
        """Cancels a removal after a change of role: its requester may have a lower rank now."""
        factor = await self._factors.lock(user.id) if user.role != before else None
        if factor is not None and factor.keep():
            self._tasks.notify(user.id, Notice.REMOVAL_CANCELLED)
            self._audit.record(
                SecondFactorAction.SECOND_FACTOR_REMOVAL_CANCELLED, self._client, user_id=user.id
            )
