"""Sessions: login, refresh, step-up and logout."""

from datetime import timedelta
from uuid import UUID

from app.core.clients import Client
from app.core.errors import Unauthenticated, Unavailable
from app.core.names import login_key
from app.core.raising import raises
from app.core.security.passwords import Verification
from app.core.security.tokens import Bearer, new_opaque_token, opaque_token_hash
from app.db.models.fields import now
from app.db.models.kinds import AuditAction
from app.db.models.kinds.sessions import SessionAction
from app.db.models.known_devices import kind_of
from app.db.models.notices import Notice
from app.db.models.second_factors import Factor
from app.db.models.sessions import (
    EmailNotVerified,
    InvalidCredentials,
    RefreshToken,
    Session,
    SessionNotFound,
    StepUp,
    TokenPublic,
)
from app.db.models.users import User
from app.db.repositories.audit import AuditRepository
from app.db.repositories.credentials import (
    Credentials,
    CredentialsReader,
    CredentialsRepository,
)
from app.db.repositories.session_requests import SessionRequestRepository
from app.db.repositories.sessions import SessionRepository
from app.db.repositories.tasks import TaskRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
from app.services.notices import browser_of
from app.services.safeguards import Safeguards
from app.services.second_factors import SecondFactorService


class SessionService:
    """The use cases of sessions.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The protection of accounts.
        source: Reads credentials and counts attempts. It is not the transaction, so that no
            connection is occupied while a password is verified.
    """

    def __init__(
        self, transaction: Transaction, client: Client, safeguards: Safeguards, source: Source
    ) -> None:
        self._audit = AuditRepository(transaction)
        self._tasks = TaskRepository(transaction)
        self._requests = SessionRequestRepository(transaction)
        self._sessions = SessionRepository(transaction)
        self._accounts = CredentialsRepository(transaction)
        self._credentials = CredentialsReader(source)
        self._throttles = ThrottleRepository(source, safeguards.keyring)
        self._second_factors = SecondFactorService(transaction, client, safeguards, source)
        self._client = client
        disguise = safeguards.keyring.disguise
        self._address_hash = disguise("known addresses", client.site)
        self._device_hash = disguise("known devices", kind_of(client.device))
        self._passwords = safeguards.passwords
        self._tokens = safeguards.access_tokens
        self._lifetimes = safeguards.lifetimes
        self._limits = safeguards.limits

    @raises(InvalidCredentials, EmailNotVerified, SecondFactorService.show)
    async def log_in(self, name: str, password: str, otp: str = "") -> TokenPublic:
        """Starts a session of a program.

        Args:
            name: The username, or the email address.
            password: The password of the account.
            otp: A code of its second factor; empty if there is none.
        """
        return self._issue(await self._logged_in(name, password, otp))

    @raises(log_in)
    async def log_in_by_page(self, name: str, password: str, otp: str = "") -> str:
        """Starts a session of a browser, like `log_in`, and returns the value of its cookie."""
        return self._give_cookie(await self._logged_in(name, password, otp))

    async def begin_by_page(self, user: User) -> str | None:
        """Starts the first session of a browser for an account that was made in this transaction.

        Args:
            user: The account, whose password has just been chosen.

        Returns:
            The value of the cookie; None if the email address must be verified first.
        """
        if user.pending_until is not None:
            return None
        made = Credentials(
            user.id, user.password_hash, pending=False, address_known=False, unfamiliar=False
        )
        return self._give_cookie(self._start(made, Factor.PASSWORD, SessionAction.SIGNED_IN))

    async def _logged_in(self, name: str, password: str, otp: str) -> Session:
        found = await self._credentials.credentials(name, self._address_hash, self._device_hash)
        subject, failure = ("name", login_key(name)), SessionAction.SIGN_IN_FAILED
        found, verified = await self._verify(found, subject, password, failure)
        if found.pending:
            self._audit.record(failure, self._client, user_id=found.user_id, kind="email")
            raise EmailNotVerified
        factor = await self._second_factors.show(found, otp, failure)
        if verified.renewed:
            self._accounts.keep_hash(found.user_id, found.password_hash, verified.renewed)
        return self._start(found, factor, SessionAction.SIGNED_IN)

    async def own_credentials(self, caller: Bearer) -> Credentials:
        """Returns the credentials that the caller must show to step up."""
        return await self._credentials.own_credentials(
            caller, self._address_hash, self._device_hash
        )

    @raises(InvalidCredentials, SecondFactorService.show)
    async def step_up(self, caller: Bearer, found: Credentials, proof: StepUp) -> TokenPublic:
        """Replaces the caller's session by a new one, after another authentication.

        Pending requests of the former session are carried over to the new one.

        Args:
            caller: The session.
            found: The credentials of the account.
            proof: The password and the code that the caller sends.
        """
        return self._issue(await self._stepped_up(caller, found, proof))

    @raises(step_up)
    async def step_up_by_page(self, caller: Bearer, found: Credentials, proof: StepUp) -> str:
        """Steps up in a browser, like `step_up`, and returns the value of the new cookie."""
        return self._give_cookie(await self._stepped_up(caller, found, proof))

    async def _stepped_up(self, caller: Bearer, found: Credentials, proof: StepUp) -> Session:
        subject, failure = ("account", str(found.user_id)), SessionAction.STEP_UP_FAILED
        await self._verify(found, subject, proof.password, failure)
        factor = await self._second_factors.show(found, proof.otp, failure)
        session = self._start(found, factor, SessionAction.STEPPED_UP)
        self._requests.carry_over(caller.user_id, caller.session_id, session.id)
        if not await self._sessions.end(caller.user_id, caller.session_id):
            raise Unauthenticated
        return session

    @raises(InvalidCredentials)
    async def refresh(self, refresh_token: str) -> TokenPublic:
        """Continues a session: its refresh token is used up and replaced by another.

        A token that was used before ends its session, with the API keys and webhooks made in it,
        and its owner is told by mail.
        """
        token_hash = opaque_token_hash(refresh_token)
        session = await self._sessions.lock(token_hash)
        if session is None:
            raise InvalidCredentials
        token, relatives = await self._sessions.tokens(session, token_hash)
        if not token.is_good(session, relatives, self._client):
            await self._sessions.end_stolen(session)
            self._tasks.notify(session.user_id, Notice.SESSION_STOLEN)
            self._audit.record(
                SessionAction.REFRESH_TOKEN_REUSED, self._client, user_id=session.user_id
            )
            raise InvalidCredentials
        token.used_at = token.used_at or now()
        session.refresh(self._client, self._lifetimes)
        return self._issue(session, predecessor=token_hash)

    async def log_out(self, caller: Bearer) -> None:
        """Ends the session of the caller, with immediate effect."""
        await self._sessions.end(caller.user_id, caller.session_id)
        self._audit.record(SessionAction.SIGNED_OUT, self._client, actor_id=caller.user_id)

    @raises(SessionNotFound)
    async def end(self, caller: Bearer, session_id: UUID) -> None:
        """Ends one of the caller's sessions, with immediate effect."""
        if not await self._sessions.end(caller.user_id, session_id):
            raise SessionNotFound
        self._audit.record(SessionAction.SESSION_ENDED, self._client, actor_id=caller.user_id)

    async def end_others(self, caller: Bearer) -> None:
        """Ends all sessions of the caller but the present one."""
        await self._sessions.end_logins(caller.user_id, but=caller.session_id)
        self._audit.record(
            SessionAction.OTHER_SESSIONS_ENDED, self._client, actor_id=caller.user_id
        )

    async def _verify(
        self,
        found: Credentials | None,
        subject: tuple[str, ...],
        password: str,
        failure: AuditAction,
    ) -> tuple[Credentials, Verification]:
        """Verifies a password, and locks the account against changes."""
        attempts = self._attempts(subject, found)
        await self._throttles.take(attempts)
        known = found.password_hash if found else None
        verified = await self._passwords.verify(password, known)
        if not verified.matches or found is None:
            user_id = found.user_id if found else None
            self._audit.record(failure, self._client, user_id=user_id, kind="password")
            raise InvalidCredentials
        await self._throttles.give_back(attempts)
        if not await self._accounts.hold(found):
            raise Unavailable("The account is being changed. Try again.")
        return found, verified

    def _attempts(self, subject: tuple[str, ...], found: Credentials | None) -> list[Attempt]:
        """The limits of a login.

        In places of earlier logins, only attempts for this subject from there count. The username
        and the email address of an account count separately: a common limit would reveal that they
        belong together.

        Args:
            subject: The key of the entered name, or the account that steps up.
            found: The credentials of the account, if there is one.
        """
        limits, client = self._limits, self._client
        if found and found.address_known:
            return [Attempt(limits.logins_per_account, (*subject, "at", client.site))]
        return [
            *Attempt.by_network(limits.logins_per_address, client),
            Attempt.by_stranger(limits.logins_per_account, subject, client),
            Attempt(limits.logins_in_all, (), client.network),
        ]

    def _start(self, found: Credentials, factor: Factor, action: AuditAction) -> Session:
        user_id, shown_more = found.user_id, factor is not Factor.PASSWORD
        session = Session.of(user_id, self._client, self._lifetimes, second_factor=shown_more)
        self._sessions.add(session)
        self._sessions.know(user_id, self._address_hash, self._device_hash)
        self._audit.record(action, self._client, actor_id=user_id, factor=factor)
        if found.unfamiliar:
            self._tasks.notify(
                user_id,
                Notice.NEW_LOGIN,
                time=f"{session.created_at:%Y-%m-%d %H:%M}",
                network=self._client.network,
                browser=browser_of(self._client.device),
            )
        return session

    def _give_cookie(self, session: Session) -> str:
        value = new_opaque_token()
        session.cookie_hash = opaque_token_hash(value)
        return value

    def _issue(self, session: Session, predecessor: bytes | None = None) -> TokenPublic:
        refresh_token = new_opaque_token()
        token = RefreshToken(
            hash=opaque_token_hash(refresh_token), session_id=session.id, predecessor=predecessor
        )
        self._sessions.add_token(token)
        return TokenPublic(
            access_token=self._tokens.issue(Bearer(session.user_id, session.id)),
            refresh_token=refresh_token,
            expires_in=int(self._tokens.lifetime / timedelta(seconds=1)),
        )
