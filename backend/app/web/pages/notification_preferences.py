"""Preferences of notifications, and the link in their mails that stops them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from babel.dates import get_timezone_location
from starlette.responses import Response

from app.core.catalogues import N_
from app.core.formats import locale_of
from app.db.models.notification_kinds import Group
from app.db.models.notification_preferences import (
    MANDATORY,
    UNMAILED,
    MailMode,
    NotificationPreferencesPublic,
    NotificationPreferencesUpdate,
)
from app.db.repositories.notification_preferences import NotificationPreferencesReader
from app.services.notification_preferences import NotificationPreferencesService, demand_token
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.visits import Visit

PREFERENCES = "/notifications/preferences"
UNSUBSCRIBE = "/unsubscribe/{token}"

GROUPS: Mapping[Group, str] = {
    Group.OFFERS: N_("Offers and jobs"),
    Group.BOOKINGS: N_("Bookings"),
    Group.ORDERS: N_("Orders"),
    Group.QUESTIONS: N_("Questions and answers"),
    Group.MESSAGES: N_("Messages"),
    Group.EVALUATIONS: N_("Reviews"),
    Group.SEARCHES: N_("Saved searches"),
    Group.STAFF: N_("Acts of the operator"),
    Group.SECURITY: N_("Security"),
}
MODES: Mapping[MailMode, str] = {
    MailMode.AT_ONCE: N_("At once"),
    MailMode.DAILY: N_("Daily"),
    MailMode.OFF: N_("Never"),
}
ZONES = (
    *("Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver"),
    *("America/Chicago", "America/New_York", "America/Toronto", "America/Mexico_City"),
    *("America/Bogota", "America/Lima", "America/Caracas", "America/Santiago"),
    *("America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Atlantic/Azores"),
    *("Europe/London", "Europe/Dublin", "Europe/Lisbon", "Africa/Casablanca", "Africa/Lagos"),
    *("Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/Paris", "Europe/Madrid"),
    *("Europe/Rome", "Africa/Algiers", "Africa/Tunis", "Europe/Athens", "Europe/Istanbul"),
    *("Europe/Kyiv", "Africa/Cairo", "Africa/Johannesburg", "Africa/Nairobi", "Asia/Beirut"),
    *("Asia/Amman", "Asia/Baghdad", "Asia/Riyadh", "Asia/Dubai", "Asia/Karachi"),
    *("Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok", "Asia/Singapore", "Asia/Shanghai"),
    *("Asia/Seoul", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland"),
)
"""Common time zones. The API takes all of the IANA database."""

TIMES = {"time_zone", "quiet_from", "quiet_until", "digest_hour"}
"""Fields of the form with the names of the preferences."""

SAID = {"preferences_changed": N_("Your preferences are saved.")}

pages = Pages()


@dataclass(frozen=True)
class PreferencesPage(Template, file="notifications/preferences.html"):
    """The preferences of the caller.

    Args:
        form: The fields; those of groups are named as in `mail.offers`.
        email_refused: Whether the mailbox of the caller has refused mail, so that none is sent.
        groups: The names of the groups.
        modes: The names of the times of mail.
        mandatory: The group that is always listed and always mailed.
        unmailed: The group that is always listed and never mailed.
        hours: The hours of the day, and how they are written.
        zones: The time zones, and the names of their cities.
    """

    form: Form
    email_refused: bool
    groups: Mapping[Group, str]
    modes: Mapping[MailMode, str]
    mandatory: Group
    unmailed: Group
    hours: Sequence[tuple[int, str]]
    zones: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class UnsubscribePage(Template, file="notifications/unsubscribe.html"):
    """The end of the mails of notifications.

    Args:
        is_done: Whether they have been stopped.
    """

    is_done: bool


@pages.get(PREFERENCES)
async def show_preferences(visit: Visit) -> Response:
    """The form of one's own preferences."""
    item = await NotificationPreferencesReader(visit.reads).own(visit.caller)
    present = NotificationPreferencesPublic.model_validate_json(item.json)
    content = present.model_dump(include=TIMES)
    for group in Group:
        content |= {f"app.{group}": present.app[group], f"mail.{group}": present.mail[group]}
    locale = locale_of(visit.language)
    zones = {present.time_zone or ZONES[0], *ZONES}
    cities = [(it, get_timezone_location(it, locale=locale, return_city=True)) for it in zones]
    page = PreferencesPage(
        form=visit.form_at(PREFERENCES, content, item.version),
        email_refused=present.email_refused,
        groups=GROUPS,
        modes=MODES,
        mandatory=MANDATORY,
        unmailed=UNMAILED,
        hours=[(hour, f"{hour:02}:00") for hour in range(24)],
        zones=sorted(cities, key=itemgetter(1)),
    )
    return visit.page(page)


@pages.post(PREFERENCES, again=show_preferences)
async def edit_preferences(visit: Visit) -> Response:
    """Changes one's own preferences."""
    app, mail = (
        {group: it for group in Group if (it := visit.sent.value(f"{name}.{group}"))}
        for name in ("app", "mail")
    )
    changes = visit.read(NotificationPreferencesUpdate, app=app, mail=mail)
    caller = await visit.locked_user()
    await preferences(visit).edit(caller, changes, visit.seen)
    return visit.see(PREFERENCES, "preferences_changed")


@pages.get(UNSUBSCRIBE, Access.VISITORS)
async def show_unsubscribing(visit: Visit, token: str) -> Response:
    """The page that stops mails of notifications. Opening it changes nothing (RFC 8058, 3.1)."""
    demand_token(visit.safeguards.keyring, token)
    return visit.page(UnsubscribePage(is_done=False))


@pages.post(UNSUBSCRIBE, Access.VISITORS, from_anywhere=True, is_once=False)
async def unsubscribe(visit: Visit, token: str) -> Response:
    """Stops mails of notifications, for people and mail programs.

    The path says all: mail programs may send the body in two media types (RFC 8058, 3.2).
    """
    await preferences(visit).unsubscribe(token)
    return visit.page(UnsubscribePage(is_done=True))


def preferences(visit: Visit) -> NotificationPreferencesService:
    """The use cases of preferences."""
    return NotificationPreferencesService(visit.transaction, visit.client, visit.safeguards)
