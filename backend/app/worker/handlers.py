"""What is done for which kind of background job.

To add a kind: name it in `JobKind`, extend the CHECK of ``jobs.kind`` in a migration, write a
handler, and register it in `HANDLERS`. Then `JobRepository.enqueue` leaves work of that kind in
the transaction of the change that it belongs to.

A handler looks up what it needs when the job is done, not when it was enqueued: an answer then
tells nothing of what there was to look up, and a payload need not hold what may be erased
meanwhile. It changes things through its transaction only, and sends nothing itself: the mails that
it returns are sent when the transaction is committed. It may be called again for the same job
after any failure, also when all of its mails but the last have been sent.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from app.core.config import Settings
from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.models.jobs import JobKind
from app.db.models.notices import Notice
from app.postgres.transactions import Transaction
from app.services.links import LinkSender
from app.services.notices import NoticeSender


@dataclass(frozen=True, slots=True)
class Desk:
    """What a handler works with.

    Args:
        transaction: The unit of work; services and repositories are made for it.
        settings: What differs between installations.
    """

    transaction: Transaction
    settings: Settings

    @property
    def links(self) -> LinkSender:
        """Writes the mails that have links in them."""
        keyring = Keyring(*self.settings.secret_keys)
        return LinkSender(self.transaction, keyring, self.settings.public_url)

    @property
    def notices(self) -> NoticeSender:
        """Writes the letters about changes of how people log in."""
        keyring = Keyring(*self.settings.secret_keys)
        return NoticeSender(self.transaction, keyring, self.settings.public_url)


Payload: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[Desk, Payload], Awaitable[list[Mail]]]


async def send_mail(_: Desk, payload: Payload) -> list[Mail]:
    """Sends the mail that the payload holds: ``recipient``, ``subject`` and ``body``."""
    return [Mail(**payload)]


async def verify_email(desk: Desk, payload: Payload) -> list[Mail]:
    """Asks an address, ``email``, whether it is really that of the account."""
    return await desk.links.verify_email(payload["email"])


async def change_email(desk: Desk, payload: Payload) -> list[Mail]:
    """Mails the link ``link_id``, which changes the address of an account."""
    return await desk.links.change_email(UUID(payload["link_id"]))


async def reset_password(desk: Desk, payload: Payload) -> list[Mail]:
    """Lets whoever has an account with the address ``email`` choose a new password."""
    return await desk.links.reset_password(payload["email"])


async def password_changed(desk: Desk, payload: Payload) -> list[Mail]:
    """Tells the user ``user_id`` that their password has been changed."""
    return await desk.links.password_changed(UUID(payload["user_id"]))


async def notice(desk: Desk, payload: Payload) -> list[Mail]:
    """Tells the user ``user_id`` of a ``notice``; its ``details`` stand in the letter."""
    user_id, kind = UUID(payload["user_id"]), Notice(payload["notice"])
    return await desk.notices.write(user_id, kind, payload["details"])


HANDLERS: Mapping[JobKind, Handler] = {
    JobKind.SEND_MAIL: send_mail,
    JobKind.VERIFY_EMAIL: verify_email,
    JobKind.CHANGE_EMAIL: change_email,
    JobKind.RESET_PASSWORD: reset_password,
    JobKind.PASSWORD_CHANGED: password_changed,
    JobKind.NOTICE: notice,
}
