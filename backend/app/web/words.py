"""Errors in words for people: what happened, and what can be done now."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from app.core.catalogues import N_, Translate
from app.core.errors import MarketplaceError, TooManyRequests, Unavailable
from app.http.errors import answer_error
from app.web.plain import FAILED, INTERNAL
from app.web.rendering import Template
from app.web.visits import Refusal, Visit

KEPT_HEADERS = ("retry-after", "ratelimit", "ratelimit-policy", "allow")
"""The headers of a problem that a page has, too."""

SENTENCES: Mapping[str, str] = {
    "unauthenticated": N_("You are not logged in."),
    "invalid_credentials": N_("The name and the password do not match."),
    "second_factor_needed": N_("The password is right. Now enter a code of your second factor."),
    "email_not_verified": N_("Your email address is not confirmed yet."),
    "body_incomplete": N_("Your entries did not arrive completely."),
    "body_too_slow": N_("Your entries took too long to arrive."),
    "category_taken": N_("Another category has this permanent name."),
    "cleaning_expired": N_("The start of the job has passed."),
    "content_too_large": N_("You have sent more than fits into this form."),
    "contradiction": N_("Your entries do not fit with the present state."),
    "duplicate_offer": N_("You have already made an offer for this job."),
    "not_an_image": N_("This is not a picture in JPEG, PNG or WebP."),
    "offer_not_pending": N_("The offer was answered, or has ended."),
    "offer_outdated": N_("The job has changed since this offer was made."),
    "other_site": N_("This form was sent from another site."),
    "outcome_unknown": N_("It is not certain that your entries were stored."),
    "staff_needs_second_factor": N_("These pages need a login with a second factor."),
    "order_not_placed": N_("The order was answered, or has ended."),
    "out_of_stock": N_("Fewer pieces of a package are left than you order."),
    "package_archived": N_("The package is in the archive."),
    "package_changed": N_("A package has changed since you opened the page."),
    "package_not_publishable": N_("The package is published, or in the archive."),
    "package_not_published": N_("The package is not published."),
    "precondition_failed": N_("This has changed since you opened the page."),
    "idempotency_key_reused": N_("You have sent this form before, with other entries."),
    "idempotency_key_in_use": N_("This form is just being sent."),
    "not_found": N_("There is no such page."),
    "internal_error": INTERNAL,
    "unavailable": N_("The service is busy."),
    "method_not_allowed": N_("This address can only be opened from its form."),
    "category_used": N_("The category is or was in use, or has others beneath it."),
    "too_many_requests": N_("Too many attempts."),
}
"""What happened, by the code of an error, where its text is not meant for people on pages."""

ITSELF = ""
"""The next step of an error whose text names it."""
OWN_TEXTS = N_("You can change what you have written yourself.")
WITH_ANOTHER_ACCOUNT = N_("If you have another account, log in with that one.")
ASK_A_SUPERUSER = N_("Ask a superuser.")
LEAVE_IT = N_("Leave it to another member of staff.")
OFFER_NOW = N_("Look at the present state of the offer.")
REPORT_NOW = N_("Look at the present state of the report.")
PACKAGE_NOW = N_("Look at the present state of the package.")

NEXT_STEPS: Mapping[str, str] = {
    "invalid_credentials": N_("Check both, or ask for a new password."),
    "invalid_second_factor": ITSELF,
    "second_factor_needed": ITSELF,
    "not_asker": N_("Ask a question of your own."),
    "not_author": OWN_TEXTS,
    "not_sender": OWN_TEXTS,
    "not_cleaner": WITH_ANOTHER_ACCOUNT,
    "not_customer": WITH_ANOTHER_ACCOUNT,
    "not_offerer": WITH_ANOTHER_ACCOUNT,
    "not_owner": WITH_ANOTHER_ACCOUNT,
    "not_seller": WITH_ANOTHER_ACCOUNT,
    "staff_only": WITH_ANOTHER_ACCOUNT,
    "rank_too_low": ASK_A_SUPERUSER,
    "superuser_only": ASK_A_SUPERUSER,
    "staff_needs_second_factor": N_("Turn one on in your settings, and log in again with it."),
    "other_site": N_("Open the page here, and send it again."),
    "body_incomplete": N_("Check your connection, and send them again."),
    "body_too_slow": N_("Check your connection, and send them again."),
    "content_too_large": N_("Go back, and send less."),
    "contradiction": N_("Reload the page, and try again."),
    "outcome_unknown": N_("Reload the page to send them again: nothing happens twice."),
    "email_not_verified": N_(
        "Open the link in the mail that we have sent, or request another one."
    ),
    "precondition_failed": N_("Look at the present state, and try again."),
    "idempotency_key_reused": N_("Check your entries, and send them again if they are right."),
    "idempotency_key_in_use": N_("Wait a moment, and reload the page."),
    "category_in_circle": N_("Choose another category above it."),
    "category_taken": N_("Choose another name."),
    "category_too_deep": N_("Choose a higher category above it."),
    "category_used": N_("Deactivate it, so that new jobs can't have it."),
    "too_many_categories": N_("Delete one that was never used."),
    "too_many_extras": N_("Remove one first."),
    "too_many_items": N_("Remove one first."),
    "cleaning_booked": ITSELF,
    "cleaning_ended": N_("Post a new job if you need it again."),
    "cleaning_expired": N_("Its owner can set a new start."),
    "cleaning_hidden": N_("Ask staff for the reason."),
    "cleaning_not_booked": N_("Look at the present state of the job."),
    "cleaning_not_open": N_("Look for other open jobs."),
    "duplicate_offer": N_("Change the offer that you have made, or renew it."),
    "offer_outdated": N_("Its cleaner has to renew it for the changed job first."),
    "offer_not_accepted": OFFER_NOW,
    "offer_not_pending": OFFER_NOW,
    "offer_not_renewable": OFFER_NOW,
    "offerer_blocked": N_("Choose another offer."),
    "booking_started": ITSELF,
    "booking_not_scheduled": N_("Look at the present state of the booking."),
    "booking_not_started": N_("Come back after the start."),
    "booking_not_finished": N_("Come back when the work is done."),
    "already_reported": N_(
        "The owner has to answer now. Without an answer, it completes by itself."
    ),
    "already_evaluated": N_("You find your review on the page of the booking."),
    "other_side_deleted": N_("It can no longer be reviewed."),
    "own_cleaning": N_("You can make offers for the jobs of others."),
    "own_package": N_("You can order the packages of others."),
    "question_deleted": ITSELF,
    "thread_closed": N_("You can still read the messages."),
    "message_not_editable": N_("Send another message instead."),
    "reported_before": N_("You find it among your reports."),
    "own_content": ITSELF,
    "enough_notices": N_("You don't need to do anything more."),
    "report_decided": REPORT_NOW,
    "report_taken": REPORT_NOW,
    "involved_in_report": LEAVE_IT,
    "involved_in_thread": LEAVE_IT,
    "report_of_no_message": REPORT_NOW,
    "measure_not_possible": ITSELF,
    "not_appellant": WITH_ANOTHER_ACCOUNT,
    "already_appealed": N_("You will be told of the decision."),
    "decision_final": N_("Look at the reasons of the decision."),
    "question_to_self": N_("Write it into the description instead."),
    "too_many_answers": N_("Ask a new question instead."),
    "too_many_api_keys": ITSELF,
    "too_many_saved_searches": ITSELF,
    "too_many_blocks": ITSELF,
    "block_of_self": N_("Choose another person."),
    "not_possible": N_("Choose another job or another person."),
    "too_many_webhooks": ITSELF,
    "webhook_disabled": ITSELF,
    "position_unknown": ITSELF,
    "too_many_orders": ITSELF,
    "too_many_packages": ITSELF,
    "live_booking": ITSELF,
    "second_factor_on": ITSELF,
    "order_not_placed": N_("Look at the present state of the order."),
    "package_archived": N_("Make a new one in its place."),
    "package_not_publishable": PACKAGE_NOW,
    "package_not_published": PACKAGE_NOW,
    "stock_out_of_range": N_("Enter another number."),
    "stock_unlimited": N_("For a limited number, make a new package."),
    "upload_attached": N_("Send the picture again."),
    "upload_refused": N_("Choose another picture."),
    "email_taken": N_("Log in with it, or use another one."),
    "out_of_stock": N_("Order fewer, or choose another package."),
    "package_changed": N_("Look at the present price and description, and order again."),
}
"""What can be done now, by the code of an error."""

FIELDS: Mapping[str, str] = {
    "email_taken": "email",
    "idempotency_key_reused": "",
    "too_many_usernames": "username",
    "username_reserved": "username",
    "username_taken": "username",
    "wrong_password": "current_password",
}
"""The field beside which an error is shown, by its code; empty if it is about all of them."""

TRY_AGAIN_IN = N_("You can try again in {length}.")
SECONDS_OF_A_MINUTE = 60

BY_STATUS: Mapping[int, tuple[str, str]] = {
    403: (N_("Not allowed"), N_("You may not do this.")),
    404: (N_("Not found"), N_("It may have been removed, or the address is wrong.")),
    409: (N_("Not possible any more"), N_("Go back and look at the present state.")),
    422: (N_("Something is not right"), N_("Go back and check your entries.")),
    429: (N_("Please wait"), N_("Try again later.")),
    503: (N_("Back in a moment"), N_("Please try again in a moment.")),
}


@dataclass(frozen=True)
class ErrorPage(Template, file="error.html"):
    """An error.

    Args:
        title: The heading.
        sentence: What happened.
        next_step: What can be done now.
    """

    title: str
    sentence: str
    next_step: str


def sentence_of(error: MarketplaceError, translate: Translate) -> str:
    """What happened, in the language of the page."""
    return translate(SENTENCES[error.code]) if error.code in SENTENCES else error.said(translate)


def sentences_of(visit: Visit, error: MarketplaceError) -> str:
    """What happened and what can be done now, in the language of the page."""
    refusal = refusal_of(visit, error)
    return f"{refusal.sentence} {refusal.next_step}".strip()


def refusal_of(visit: Visit, error: MarketplaceError) -> Refusal:
    """The reason why a form was refused, in the language of the page."""
    next_step = visit.translate(NEXT_STEPS.get(error.code, ITSELF))
    if isinstance(error, TooManyRequests):
        length = visit.renderer.formats.length(-(-error.retry_after // SECONDS_OF_A_MINUTE))
        next_step = visit.translate(TRY_AGAIN_IN).format(length=length)
    return Refusal(sentence_of(error, visit.translate), next_step)


def error_page(visit: Visit, error: Exception) -> Response:
    """The page of an error."""
    answered = answer_error(visit.request, error)
    if type(error) is Unavailable:
        return visit.site.plain.busy(visit.request, visit.language)
    refusal = refusal_of(visit, error) if isinstance(error, MarketplaceError) else None
    return page_of_problem(visit, answered, refusal)


def page_of_problem(visit: Visit, answered: Response, refusal: Refusal | None = None) -> Response:
    """The page of a problem.

    Args:
        visit: The request.
        answered: The response to a program.
        refusal: The problem in words, unless its code says them.
    """
    code = str(visit.request.state.problem)
    title, next_step = BY_STATUS.get(answered.status_code, FAILED)
    if code in NEXT_STEPS:
        next_step = NEXT_STEPS[code]
    if refusal is None:
        refusal = Refusal(visit.translate(SENTENCES.get(code, SENTENCES["internal_error"])), "")
    visit.status = answered.status_code
    response = visit.page(
        ErrorPage(
            title=visit.translate(title),
            sentence=refusal.sentence,
            next_step=refusal.next_step or visit.translate(next_step),
        )
    )
    response.headers.update(kept_headers(answered))
    return response


def kept_headers(answered: Response) -> dict[str, str]:
    """The headers of a problem that its page has, too."""
    return {name: value for name, value in answered.headers.items() if name in KEPT_HEADERS}
