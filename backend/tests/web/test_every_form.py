"""Every form: sent twice, from an older tab, and after the session has ended."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from app.http.idempotency_keys import REPLAYED
from app.web.forms import ONCE, SECRET_FIELDS
from app.web.logins import KEPT
from app.web.pages import ROUTES
from app.web.routing import PageRoute
from tests.api.access import CALLERS, STORIES, entitled
from tests.factories.browsers import Browser, FormShown, PageShown, browser_of
from tests.factories.scenes import Scene, make_scene
from tests.factories.users import Market
from tests.fuzz.test_forms import address_in, parameters_of

TABLE = """
/account/keys/new                                       make_api_key
/account/keys/{key_id}/deletion                         delete_api_key
/account/other-sessions/deletion                        delete_other_sessions
/account/security/email                                 change_user
/account/security/username                              change_user
/account/sessions/{session_id}/deletion                 delete_session
/account/webhooks/{webhook_id}/switch                   edit_webhook
/bookings/{cleaning_id}/{booking_id}/checklist/{number} tick_checklist_item
/bookings/{cleaning_id}/{booking_id}/completion-report  report_completion
/bookings/{cleaning_id}/{booking_id}/evaluation         evaluate_booking
/jobs/new                                               post_cleaning
/jobs/{cleaning_id}/cancellation                        cancel_cleaning
/jobs/{cleaning_id}/deletion                            delete_cleaning
/jobs/{cleaning_id}/edit                                edit_cleaning
/messages/{cleaning_id}/{cleaner_id}/read-mark          set_thread_read_mark
/notifications/preferences                              edit_notification_preferences
/packages/{package_id}/stock                            restock_package
/saved-searches/{search_id}/deletion                    delete_saved_search
/saved-searches/{search_id}/edit                        edit_saved_search
/staff/categories/{slug}/checklist/{item}               remove_checklist_item
/staff/categories/{slug}/checklist/{item}/removal       remove_checklist_item
/staff/categories/{slug}/extras/{extra}                 remove_extra
/staff/categories/{slug}/new-extra                      set_extra
/staff/categories/{slug}/new-item                       set_checklist_item
/staff/people/{user_id}/block                           block_account
/staff/people/{user_id}/deactivation                    deactivate_account
/staff/people/{user_id}/end-of-sessions                 end_account_sessions
/staff/people/{user_id}/kept-second-factor              cancel_second_factor_removal
/staff/people/{user_id}/reactivation                    reactivate_account
/staff/people/{user_id}/second-factor-removal           request_second_factor_removal
/staff/people/{user_id}/unblocking                      unblock_account
/staff/reports/{report_id}/decision                     decide_report
/staff/threads/{cleaning_id}/{cleaner_id}/reading       make_thread_reading
/uploads/{upload_id}/hiding                             hide_photo
/uploads/{upload_id}/showing                            show_photo
"""
"""The operation of the API that does the same as a form, if the names differ."""
SAME = dict(line.split() for line in TABLE.strip().splitlines())
ELSEWHERE = {
    **dict.fromkeys(
        ("/login", "/confirm", "/logout", "/language", "/signup", "/unsubscribe/{token}"),
        "for visitors, or about the session itself",
    ),
    **dict.fromkeys(
        ("/verify-email", "/verification-link", "/reset-password", "/reset-link"),
        "for visitors: a code of a mail is valid once",
    ),
    "/keep-second-factor": "likewise",
    "/appeal": "likewise",
    "/notice": "for visitors: test_public_notices.py",
    "/account/data": "changes nothing",
    "/staff/people/lookup": "changes nothing",
    "/account/data/deletion": "ends all sessions",
    "/account/security/password": "test_users.py",
    "/account/security/second-factor": "test_second_factors.py",
    "/account/security/second-factor/confirmation": "test_second_factors.py",
    "/account/security/second-factor/removal": "test_second_factors.py",
    "/account/security/recovery-codes": "test_second_factors.py",
    "/account/picture": "test_file_forms.py",
    "/account/picture/{upload_id}/removal": "test_photos.py",
    "/jobs/{cleaning_id}/photos": "test_file_forms.py",
    "/jobs/{cleaning_id}/photos/{upload_id}/forward": "test_photos.py",
    "/jobs/{cleaning_id}/photos/{upload_id}/removal": "test_photos.py",
    "/messages/{cleaning_id}/{cleaner_id}/photos": "test_message_photos.py",
    "/packages/{package_id}/photos": "test_file_forms.py",
    "/packages/{package_id}/photos/{upload_id}/forward": "test_photos.py",
    "/packages/{package_id}/photos/{upload_id}/removal": "test_photos.py",
    "/orders/new": "test_order_forms.py",
    "/report": "test_reports.py",
    "/staff/reports/{report_id}/thread-reading": "test_thread_readings.py",
    "/notifications/read-mark": "test_notifications.py",
    "/account/webhooks/{webhook_id}/replay": "test_webhooks.py",
    "/account/webhooks/{webhook_id}/repetition": "test_webhooks.py",
}
"""Forms that are not sent here, and the reason or the tests that send them."""
SECRETS = {
    "/account/keys/new",
    "/account/webhooks/new",
    "/account/webhooks/{webhook_id}/secret",
}
"""Forms whose response is a page with a secret, which is shown once."""
EDITING = {
    "/account/profile",
    "/account/webhooks/{webhook_id}/edit",
    "/jobs/{cleaning_id}/edit",
    "/jobs/{cleaning_id}/offers/{offer_id}/edit",
    "/jobs/{cleaning_id}/questions/{question_id}/answers/{answer_id}/edit",
    "/jobs/{cleaning_id}/questions/{question_id}/edit",
    "/messages/{cleaning_id}/{cleaner_id}/{number}/edit",
    "/notifications/preferences",
    "/packages/{package_id}/edit",
    "/packages/{package_id}/questions/{question_id}/answers/{answer_id}/edit",
    "/packages/{package_id}/questions/{question_id}/edit",
    "/saved-searches/{search_id}/edit",
    "/staff/categories/{slug}/edit",
}
"""Forms that do not overwrite what was changed since they were opened."""
ACCEPTING = "/jobs/{cleaning_id}/offers/{offer_id}/acceptance"
FIELDS = {
    "/account/security/username": {"username": "another-name"},
    "/account/webhooks/{webhook_id}/switch": {"enabled": "false"},
    "/notifications/preferences": {"digest_hour": "17"},
    "/staff/categories/{slug}/new-extra": {"slug": "fridge"},
    "/staff/categories/{slug}/new-item": {"slug": "mirrors"},
}
"""Fields of forms that the body of the operation lacks."""
STORY = {
    "/jobs/{cleaning_id}/deletion": "clock start, clock tick",
    "/staff/categories/{slug}/reactivation": "staff make_category, staff deactivate_category",
}
"""What happens before a form is shown, unless that is before the operation."""


def path_of(route: PageRoute) -> str:
    """The path of a form, with its parameters by name alone."""
    return re.sub(r":\w+}", "}", route.path)


FORMS = [it for it in ROUTES if it.method == "POST" and path_of(it) not in ELSEWHERE]
PAGES = [it.path for it in ROUTES if it.method == "GET"]


def operation_of(route: PageRoute) -> str:
    """The operation that does the same as a form."""
    path, name = path_of(route), route.endpoint.__name__
    if path in SAME:
        return SAME[path]
    of_package = "package_" if path.startswith("/packages") else ""
    if name == "carry_out":
        name = "hide" if path.endswith("/hiding") else "show"
        kinds = {"evaluations": "evaluation", "answers": "answer", "questions": "question"}
        kinds |= {"offers": "offer", "packages": "package", "jobs": "cleaning"}
        kind = next(kind for place, kind in kinds.items() if f"/{place}/" in path)
    elif "/questions" in path:
        kind = "answer" if "/answers/" in path else "question"
        name = name.removesuffix("_question")
    else:
        return name
    return f"{name}_{'' if kind == 'package' else of_package}{kind}"


async def found(browser: Browser, scene: Scene, path: str) -> FormShown:
    """The form that is sent to a path, on the page whose path is the most like it."""
    address, segments = address_in(scene, path), path.split("/")
    known = parameters_of(path)
    pages = sorted(
        (page for page in PAGES if parameters_of(page) <= known),
        key=lambda page: -sum(map(str.__eq__, page.split("/"), segments)),
    )
    for page in pages:
        response = await browser.client.get(address_in(scene, page))
        for form in PageShown(response).forms if response.status_code == 200 else ():
            if form.action == address and form.method == "post":
                return form
    raise AssertionError(f"No page has the form {path}.")


def entries(body: Any) -> Iterator[tuple[str, list[str]]]:
    """The fields of a body as a form has them."""
    for name, value in (body or {}).items():
        if isinstance(value, list):
            yield name, [str(each) for each in value]
        elif value is not None and not isinstance(value, dict):
            yield name, [str(value).lower() if isinstance(value, bool) else str(value)]


def filled_in(form: FormShown, fields: dict[str, list[str]]) -> dict[str, list[str]]:
    """What a browser sends if some fields are filled in."""
    content: dict[str, list[str]] = {}
    for name, value in form.fields:
        content.setdefault(name, []).append(value)
    return content | fields


@pytest.mark.parametrize("route", FORMS, ids=path_of)
async def test_a_form(market: Market, route: PageRoute) -> None:
    path, operation = path_of(route), operation_of(route)
    scene = await make_scene(market, STORY.get(path, STORIES.get(operation, "")))
    browser = await browser_of(market, await CALLERS[entitled(operation)](scene))
    form = await found(browser, scene, route.path)
    typed = dict(entries(scene.content(operation).get("json")))
    typed |= {name: [value] for name, value in FIELDS.get(path, {}).items()}
    content = filled_in(form, typed)

    # After the end of the session, the login carries along what was entered.
    ended = await Browser(market).client.post(form.action, data=content)
    assert ended.status_code == 401
    kept = {
        (f"{KEPT}{name}", value)
        for name, values in content.items()
        for value in values
        if route.is_kept and name not in SECRET_FIELDS
    }
    assert kept <= {*PageShown(ended).form("/login").fields}

    # The second click of a double click, and a page that is loaded again, change nothing.
    first, second = [await browser.client.post(form.action, data=content) for _ in range(2)]
    assert first.status_code == (200 if path in SECRETS else 303), PageShown(first).text
    assert (second.status_code, second.headers[REPLAYED]) == (303, "true")

    # An older tab has the same effect, or a page says why it has none.
    older = await browser.client.post(form.action, data=content | {ONCE: [str(uuid4())]})
    assert older.status_code in {first.status_code, 404, 409, 412}, PageShown(older).text
    assert older.status_code in {first.status_code, 404} or 'role="alert"' in older.text
    assert (older.status_code == 412) == (path in EDITING or path == ACCEPTING)
    if path in EDITING:  # what was entered is kept, and may be sent for the present version
        again = filled_in(PageShown(older).form(form.action), {})
        assert all(again[name] == values for name, values in typed.items() if name in again)
        sent = await browser.client.post(form.action, data=again)
        assert sent.status_code == 303


def test_tables_have_no_other_forms() -> None:
    assert SAME.keys() | FIELDS.keys() | STORY.keys() | SECRETS | EDITING <= {*map(path_of, FORMS)}
    assert ELSEWHERE.keys() <= {*map(path_of, ROUTES)}
