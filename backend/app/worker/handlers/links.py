"""The handlers of mail with links."""

from uuid import UUID

from app.core.mail import Mail
from app.db.models.kinds.links import LinkTask
from app.services import link_letters
from app.services.link_letters import LinkSender
from app.worker.context import Payload, TaskContext, TaskHandler


def sender(context: TaskContext) -> LinkSender:
    """Writes mail with links."""
    return LinkSender(context.transaction, context.keyring, context.letterhead)


async def verify_email(context: TaskContext, payload: Payload) -> list[Mail]:
    """Mails a link to ``email`` that verifies that the address belongs to the account."""
    return await sender(context).verify_email(payload["email"])


async def change_email(context: TaskContext, payload: Payload) -> list[Mail]:
    """Mails the link ``link_id``, which changes the address of an account."""
    return await sender(context).change_email(UUID(payload["link_id"]))


async def reset_password(context: TaskContext, payload: Payload) -> list[Mail]:
    """Mails a link to ``email`` with which the user of the account chooses a new password."""
    return await sender(context).reset_password(payload["email"])


async def email_changed(context: TaskContext, payload: Payload) -> list[Mail]:
    """Tells the ``recipient`` that their account, ``username``, has another address now.

    It is written in ``language``; null stands for that of the market.
    """
    return [link_letters.email_changed(context.letterhead.writer(**payload))]


async def password_changed(context: TaskContext, payload: Payload) -> list[Mail]:
    """Tells the user ``user_id`` that their password was changed."""
    return await sender(context).password_changed(UUID(payload["user_id"]))


HANDLERS = {
    LinkTask.VERIFY_EMAIL: TaskHandler(verify_email),
    LinkTask.CHANGE_EMAIL: TaskHandler(change_email),
    LinkTask.RESET_PASSWORD: TaskHandler(reset_password),
    LinkTask.EMAIL_CHANGED: TaskHandler(email_changed),
    LinkTask.PASSWORD_CHANGED: TaskHandler(password_changed),
}
