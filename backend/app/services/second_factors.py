"""Second factors: adding, verifying and removing them."""

from uuid import UUID

from app.core.clients import Client
from app.core.errors import Invalid, TooManyRequests
from app.core.raising import raises
from app.core.security.codes import (
    OF_AN_APP,
    bare,
    key_uri,
    new_recovery_code,
    new_secret,
    recovery_code_hash,
    step_of,
)
from app.core.security.keys import NotOurs
from app.core.security.tokens import Bearer
from app.db.models.fields import now
from app.db.models.kinds import AuditAction
from app.db.models.kinds.second_factors import SecondFactorAction
from app.db.models.notices import Notice
from app.db.models.second_factors import (
    RECOVERY_CODES,
    Factor,
    InvalidSecondFactor,
    RecoveryCodesPublic,
    SecondFactor,
    SecondFactorNeeded,
    SecondFactorNotFound,
    SecondFactorOn,
    SecondFactorSecret,
)
from app.db.models.sessions import StepUpNeeded
from app.db.repositories.audit import AuditRepository
from app.db.repositories.credentials import Credentials, CredentialsReader
from app.db.repositories.second_factors import SecondFactorRepository
from app.db.repositories.sessions import SessionRepository
from app.db.repositories.tasks import TaskRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.db.repositories.users import UserRepository
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
from app.services.password_checks import PasswordChecks
from app.services.safeguards import Safeguards

PURPOSE = "second factors"


class SecondFactorService:
    """The use cases of second factors.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The protection of accounts.
        source: Counts attempts and reads the hash of the password, outside of the transaction, so
            that no connection is occupied while a password is verified.
    """

    def __init__(
        self, transaction: Transaction, client: Client, safeguards: Safeguards, source: Source
    ) -> None:
        self._accounts = UserRepository(transaction)
        self._audit = AuditRepository(transaction)
        self._factors = SecondFactorRepository(transaction)
        self._tasks = TaskRepository(transaction)
        self._sessions = SessionRepository(transaction)
        self._throttles = ThrottleRepository(transaction, safeguards.keyring)
        self._client = client
        self._address_hash = safeguards.keyring.disguise("known addresses", client.site)
        self._keyring = safeguards.keyring
        self._lifetimes = safeguards.lifetimes
        self._limits = safeguards.limits
        self._password_checks = PasswordChecks(transaction, client, safeguards, source)
        self._credentials = CredentialsReader(source)

    @raises(SecondFactorOn, StepUpNeeded, PasswordChecks.demand)
    async def prepare(self, caller: Bearer, password: str) -> SecondFactorSecret:
        """Creates a secret for an authenticator app, which is off until it is confirmed.

        Only the same session can confirm it, or the one that steps up in its place.

        Args:
            caller: The session.
            password: The current password, as it was entered.
        """
        since = self._lifetimes.recent_since
        current = await self._credentials.access(caller, since, self._address_hash)
        await self._password_checks.demand(caller, password, current)
        user = await self._accounts.recent_caller(caller, since)
        if user.password_hash != current.password_hash:
            raise self._password_checks.wrong(caller)
        secret = new_secret()
        encrypted = self._encrypted(secret, user.id)
        factor = await self._factors.lock(user.id)
        if factor is None:
            self._factors.add(
                SecondFactor(user_id=user.id, session_id=caller.session_id, secret=encrypted)
            )
        else:
            factor.replace(encrypted, caller.session_id)
        return SecondFactorSecret(secret=secret, uri=key_uri(secret, user.username))

    @raises(SecondFactorNotFound, SecondFactorOn)
    async def confirm(self, caller: Bearer, code: str) -> RecoveryCodesPublic:
        """Turns the second factor on, and ends all other sessions, which started without it.

        Args:
            caller: The session of its owner.
            code: The code that the app shows.
        """
        factor = await self._factors.lock(caller.user_id)
        if factor is None:
            raise SecondFactorNotFound
        factor.turn_on(caller.session_id)
        if not self._use_code(factor, code):
            raise Invalid(
                "Enter the present code of the app. It is valid for 30 seconds: check the clock.",
                field="code",
            )
        await self._sessions.end_logins(caller.user_id, but=caller.session_id)
        self._record(SecondFactorAction.SECOND_FACTOR_ADDED, caller, Factor.TOTP)
        self._tasks.notify(caller.user_id, Notice.SECOND_FACTOR_ADDED)
        return await self._new_recovery_codes(caller)

    @raises(SecondFactorNotFound)
    async def renew_recovery_codes(self, caller: Bearer) -> RecoveryCodesPublic:
        """Replaces the recovery codes; the old ones become void."""
        await self._lock_own(caller)
        self._tasks.notify(caller.user_id, Notice.RECOVERY_CODES_RENEWED)
        return await self._new_recovery_codes(caller)

    @raises(SecondFactorNotFound)
    async def remove(self, caller: Bearer) -> None:
        """Turns the second factor off, and ends all other sessions."""
        await self._lock_own(caller)
        await self._factors.remove(caller.user_id)
        await self._sessions.end_logins(caller.user_id, but=caller.session_id)
        self._record(SecondFactorAction.SECOND_FACTOR_REMOVED, caller, Factor.TOTP)
        self._tasks.notify(caller.user_id, Notice.SECOND_FACTOR_REMOVED)

    @raises(SecondFactorNeeded, InvalidSecondFactor, TooManyRequests)
    async def show(self, found: Credentials, otp: str, failure: AuditAction) -> Factor:
        """Verifies the second factor of a login with a correct password, if the account has one.

        Attempts are counted in the unit of work: those of one account are serialised anyway, and a
        second connection could cause a deadlock of the pool.

        Args:
            found: The credentials of the account.
            otp: A code of the app or a recovery code; empty if there is none.
            failure: The kind of entry in the audit after a failure.

        Returns:
            The verified factor.
        """
        factor = await self._factors.lock(found.user_id)
        if factor is None or not factor.is_on:
            return Factor.PASSWORD
        if not otp:
            self._audit.record(
                failure, self._client, user_id=found.user_id, kind="no_second_factor"
            )
            raise SecondFactorNeeded
        attempts = self._attempts(found)
        await self._throttles.take(attempts)
        shown = await self._use(factor, bare(otp))
        if shown is None:
            self._audit.record(failure, self._client, user_id=found.user_id, kind="second_factor")
            raise InvalidSecondFactor
        await self._throttles.give_back(attempts)
        return shown

    def _attempts(self, found: Credentials) -> list[Attempt]:
        """The limits of an attempt. In places of earlier logins, strangers can't use them up."""
        limit = self._limits.second_factors_per_account
        subject = "account", str(found.user_id)
        if found.address_known:
            return [Attempt(limit, (*subject, "at", self._client.site))]
        return [
            Attempt(limit, subject),
            *Attempt.by_network(self._limits.logins_per_address, self._client),
        ]

    async def _use(self, factor: SecondFactor, code: str) -> Factor | None:
        if OF_AN_APP.fullmatch(code):
            return Factor.TOTP if self._use_code(factor, code) else None
        code_hash = recovery_code_hash(code)
        if not await self._factors.use_recovery_code(factor.user_id, code_hash):
            return None
        self._audit.record(
            SecondFactorAction.RECOVERY_CODE_USED, self._client, actor_id=factor.user_id
        )
        self._tasks.notify(factor.user_id, Notice.RECOVERY_CODE_USED)
        return Factor.RECOVERY_CODE

    def _use_code(self, factor: SecondFactor, code: str) -> bool:
        """Uses up a code of the app, and encrypts its secret with the present key."""
        try:
            encrypted, user_id = factor.secret, factor.user_id
            secret = self._keyring.decrypt(PURPOSE, encrypted, user_id.bytes).decode()
        except NotOurs:  # its key is forgotten: only recovery codes are left
            return False
        step = step_of(secret, code, now())
        if step is None or not factor.use(step):
            return False
        factor.secret = self._encrypted(secret, user_id)
        return True

    def _encrypted(self, secret: str, user_id: UUID) -> bytes:
        return self._keyring.encrypt(PURPOSE, secret.encode(), bound_to=user_id.bytes)

    async def _lock_own(self, caller: Bearer) -> None:
        factor = await self._factors.lock(caller.user_id)
        if factor is None or not factor.is_on:
            raise SecondFactorNotFound

    async def _new_recovery_codes(self, caller: Bearer) -> RecoveryCodesPublic:
        codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
        await self._factors.replace_recovery_codes(caller.user_id, map(recovery_code_hash, codes))
        self._record(SecondFactorAction.SECOND_FACTOR_ADDED, caller, Factor.RECOVERY_CODE)
        return RecoveryCodesPublic(recovery_codes=codes)

    def _record(self, action: AuditAction, caller: Bearer, factor: Factor) -> None:
        self._audit.record(action, self._client, actor_id=caller.user_id, factor=factor)
