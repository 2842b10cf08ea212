"""The rules of notifications about the security of an account.

Each repeats a mail that is sent at once, so these notifications are not mailed.
"""

from app.core.catalogues import N_
from app.db.models.kinds.notices import SecurityEvent
from app.db.models.notification_kinds import NotificationKind, Recipient, Rule

TEXTS = {
    SecurityEvent.NEW_LOGIN: N_(
        "There was a login to your account from a new place or with a new device."
    ),
    SecurityEvent.SESSION_STOLEN: N_(
        "A login to your account was ended: one of its tokens was used twice."
    ),
    SecurityEvent.USERNAME_CHANGED: N_("Your username has been changed."),
    SecurityEvent.PASSWORD_CHANGED: N_("Your password has been changed."),
    SecurityEvent.EMAIL_CHANGE_REQUESTED: N_(
        "A new email address was entered for your account. It counts once it is confirmed."
    ),
    SecurityEvent.EMAIL_CHANGED: N_("Your email address has been changed."),
    SecurityEvent.API_KEY_CREATED: N_("A new API key was created for your account."),
    SecurityEvent.WEBHOOK_CREATED: N_("A new webhook was created for your account."),
    SecurityEvent.WEBHOOK_URL_CHANGED: N_("The URL of a webhook has been changed."),
    SecurityEvent.WEBHOOK_DISABLED: N_("A webhook of your account was switched off."),
    SecurityEvent.SECOND_FACTOR_ADDED: N_("Your second factor is on."),
    SecurityEvent.SECOND_FACTOR_REMOVED: N_("Your second factor is off."),
    SecurityEvent.RECOVERY_CODES_RENEWED: N_("New recovery codes were created for your account."),
    SecurityEvent.RECOVERY_CODE_USED: N_(
        "A recovery code was used in place of your authenticator app."
    ),
    SecurityEvent.REMOVAL_REQUESTED: N_(
        "The operator was asked to turn off your second factor. The link in our mail stops it."
    ),
    SecurityEvent.REMOVAL_CANCELLED: N_(
        "The operator has cancelled the request to turn off your second factor."
    ),
    SecurityEvent.REMOVAL_STOPPED: N_("The request to turn off your second factor was stopped."),
}
"""What users are told of an event."""

SECURITY = tuple(
    Rule(event, (Recipient.ACCOUNT,), NotificationKind(event), sentence)
    for event, sentence in TEXTS.items()
)
