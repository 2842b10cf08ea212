"""Notifications: their kinds and groups, their recipients, and the form of their rules."""

from enum import StrEnum
from typing import NamedTuple

from app.db.models.kinds import EventKind


class Recipient(StrEnum):
    """The relation of the recipients of a notification to the subject of the event."""

    ACCOUNT = "account"
    """The user of the account."""
    POSTER = "poster"
    """The owner of a job that was posted, not ordered."""
    OFFER_OWNER = "offer_owner"
    """The owner of the job of the offer, if it was posted and they see the offer."""
    OFFERER = "offerer"
    """The cleaner of the offer."""
    OUTDATED = "outdated"
    """The cleaners whose pending offers for the job are outdated, if they see it."""
    CHOSEN = "chosen"
    """The cleaner of the accepted offer."""
    BOOKING_OWNER = "booking_owner"
    BOOKING_CLEANER = "booking_cleaner"
    EVALUATED = "evaluated"
    """The subject of the evaluation."""
    EVALUATOR = "evaluator"
    """The author of the evaluation."""
    ASKED = "asked"
    """The user that the topic of the question or the answer belongs to, if they see it."""
    ASKER = "asker"
    """The author of the question that was answered, if they see the answer."""
    AUTHOR = "author"
    """The author of the question or the answer."""
    SELLER = "seller"
    """The seller of the package."""
    ORDER_CUSTOMER = "order_customer"
    ORDER_CLEANER = "order_cleaner"
    THREAD_OWNER = "thread_owner"
    """The owner in a thread, if they had read all messages before."""
    THREAD_CLEANER = "thread_cleaner"
    """The cleaner in a thread, if they had read all messages before."""
    READ_OWNER = "read_owner"
    """The owner in a thread that staff reads."""
    READ_CLEANER = "read_cleaner"
    """The cleaner in a thread that staff reads."""
    SENDER = "sender"
    """The sender of the message whose photo staff hides or shows."""
    REPORTER = "reporter"
    """The reporter of the report that the decision is about."""
    REPORTED = "reported"
    """The author of the reported thing, if there is or was a measure."""
    SEARCHER = "searcher"
    """Those who have a saved search that the job matches, up to `MOST_TOLD`."""


SIDES = (Recipient.BOOKING_OWNER, Recipient.BOOKING_CLEANER)
"""Both sides of a booking."""


class Group(StrEnum):
    """Groups of notifications."""

    OFFERS = "offers"
    BOOKINGS = "bookings"
    ORDERS = "orders"
    QUESTIONS = "questions"
    MESSAGES = "messages"
    EVALUATIONS = "evaluations"
    SEARCHES = "searches"
    STAFF = "staff"
    SECURITY = "security"


class NotificationKind(StrEnum):
    """Kinds of notifications."""

    OFFER_RECEIVED = "offer_received"
    OFFER_CHANGED = "offer_changed"
    OFFER_RENEWED = "offer_renewed"
    OFFER_WITHDRAWN = "offer_withdrawn"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_DECLINED = "offer_declined"
    OFFER_SUPERSEDED = "offer_superseded"
    JOB_CHANGED = "job_changed"
    JOB_EXPIRED = "job_expired"
    WORK_REPORTED = "work_reported"
    WORK_COMPLETED = "work_completed"
    BOOKING_CANCELLED = "booking_cancelled"
    BOOKING_MISSED = "booking_missed"
    ORDER_PLACED = "order_placed"
    ORDER_ACCEPTED = "order_accepted"
    ORDER_DECLINED = "order_declined"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_EXPIRED = "order_expired"
    QUESTION_ASKED = "question_asked"
    QUESTION_ANSWERED = "question_answered"
    MESSAGE_RECEIVED = "message_received"
    EVALUATION_RECEIVED = "evaluation_received"
    SEARCH_MATCHED = "search_matched"
    ACCOUNT_BLOCKED = "account_blocked"
    ACCOUNT_UNBLOCKED = "account_unblocked"
    ACCOUNT_DEACTIVATED = "account_deactivated"
    ACCOUNT_REACTIVATED = "account_reactivated"
    JOB_HIDDEN = "job_hidden"
    JOB_SHOWN = "job_shown"
    PHOTO_HIDDEN = "photo_hidden"
    PHOTO_SHOWN = "photo_shown"
    MESSAGE_PHOTO_HIDDEN = "message_photo_hidden"
    MESSAGE_PHOTO_SHOWN = "message_photo_shown"
    PICTURE_HIDDEN = "picture_hidden"
    PICTURE_SHOWN = "picture_shown"
    PACKAGE_HIDDEN = "package_hidden"
    PACKAGE_SHOWN = "package_shown"
    OFFER_HIDDEN = "offer_hidden"
    OFFER_SHOWN = "offer_shown"
    EVALUATION_HIDDEN = "evaluation_hidden"
    EVALUATION_SHOWN = "evaluation_shown"
    QUESTION_HIDDEN = "question_hidden"
    QUESTION_SHOWN = "question_shown"
    ANSWER_HIDDEN = "answer_hidden"
    ANSWER_SHOWN = "answer_shown"
    MESSAGES_READ = "messages_read"
    MESSAGES_READ_FOR_REPORT = "messages_read_for_report"
    REPORT_DECIDED = "report_decided"
    CONTENT_DECIDED = "content_decided"
    NEW_LOGIN = "new_login"
    SESSION_STOLEN = "session_stolen"
    USERNAME_CHANGED = "username_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (an act)
    EMAIL_CHANGE_REQUESTED = "email_change_requested"
    EMAIL_CHANGED = "email_changed"
    API_KEY_CREATED = "api_key_created"
    WEBHOOK_CREATED = "webhook_created"
    WEBHOOK_URL_CHANGED = "webhook_url_changed"
    WEBHOOK_DISABLED = "webhook_disabled"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    RECOVERY_CODE_USED = "recovery_code_used"
    REMOVAL_REQUESTED = "removal_requested"
    REMOVAL_CANCELLED = "removal_cancelled"
    REMOVAL_STOPPED = "removal_stopped"


class Rule(NamedTuple):
    """Whom an event tells what.

    Args:
        event: The kind of the event.
        to: Who are told.
        kind: The kind of the notification.
        sentence: What they are told, to be translated.
    """

    event: EventKind
    to: tuple[Recipient, ...]
    kind: NotificationKind
    sentence: str
