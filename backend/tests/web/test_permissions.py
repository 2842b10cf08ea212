"""Each form about a thing is for those who may make the same call of the API, and for no others."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.web.pages import ROUTES
from app.web.routing import PageRoute
from tests.api.access import ACCESS, CALLERS, STORIES
from tests.factories.browsers import browser_of
from tests.factories.scenes import Scene, make_scene
from tests.factories.users import Market
from tests.fuzz.test_forms import PARAMETER, address_in
from tests.pictures import JPEG, picture
from tests.rows import DIGEST
from tests.undone import undone

OPERATIONS = """
/account/keys/{}/deletion                            delete_api_key
/account/picture/{}/removal                          delete_upload
/account/sessions/{}/deletion                        delete_session
/account/webhooks/{}/deletion                        delete_webhook
/account/webhooks/{}/edit                            edit_webhook
/account/webhooks/{}/repetition                      repeat_delivery
/account/webhooks/{}/replay                          replay_deliveries
/account/webhooks/{}/secret                          renew_webhook_secret
/account/webhooks/{}/switch                          edit_webhook
/account/webhooks/{}/test                            test_webhook

/account/blocks/{}/deletion                          unblock_person
/people/{}/block                                     block_person

/bookings/{}/{}/cancellation                         cancel_booking
/bookings/{}/{}/checklist/{}                         tick_checklist_item
/bookings/{}/{}/completion                           complete_booking
/bookings/{}/{}/completion-report                    report_completion
/bookings/{}/{}/evaluation                           evaluate_booking
/bookings/{}/{}/evaluations/{}/hiding                hide_evaluation
/bookings/{}/{}/evaluations/{}/showing               show_evaluation
/bookings/{}/{}/no-show                              miss_booking

/decisions/{}/appeal                                 appeal

/jobs/{}/cancellation                                cancel_cleaning
/jobs/{}/deletion                                    delete_cleaning
/jobs/{}/edit                                        edit_cleaning
/jobs/{}/hiding                                      hide_cleaning
/jobs/{}/showing                                     show_cleaning
/jobs/{}/offers                                      make_offer
/jobs/{}/offers/{}/acceptance                        accept_offer
/jobs/{}/offers/{}/edit                              revise_offer
/jobs/{}/offers/{}/hiding                            hide_offer
/jobs/{}/offers/{}/rejection                         reject_offer
/jobs/{}/offers/{}/renewal                           renew_offer
/jobs/{}/offers/{}/showing                           show_offer
/jobs/{}/offers/{}/withdrawal                        withdraw_offer
/jobs/{}/photos                                      read_cleaning_photos
/jobs/{}/photos/{}/forward                           read_cleaning_photos
/jobs/{}/photos/{}/removal                           delete_upload
/jobs/{}/questions                                   ask_question
/jobs/{}/questions/{}/answers                        answer_question
/jobs/{}/questions/{}/answers/{}/deletion            delete_answer
/jobs/{}/questions/{}/answers/{}/edit                edit_answer
/jobs/{}/questions/{}/answers/{}/hiding              hide_answer
/jobs/{}/questions/{}/answers/{}/showing             show_answer
/jobs/{}/questions/{}/deletion                       delete_question
/jobs/{}/questions/{}/edit                           edit_question
/jobs/{}/questions/{}/hiding                         hide_question
/jobs/{}/questions/{}/showing                        show_question

/messages/{}/{}                                      send_message
/messages/{}/{}/photos                               send_message
/messages/{}/{}/read-mark                            set_thread_read_mark
/messages/{}/{}/{}/edit                              edit_message

/saved-searches/{}/deletion                          delete_saved_search
/saved-searches/{}/edit                              edit_saved_search

/orders/{}/acceptance                                accept_order
/orders/{}/cancellation                              cancel_order
/orders/{}/declination                               decline_order

/packages/{}/archival                                archive_package
/packages/{}/edit                                    edit_package
/packages/{}/hiding                                  hide_package
/packages/{}/showing                                 show_package
/packages/{}/pause                                   pause_package
/packages/{}/photos                                  read_package_photos
/packages/{}/photos/{}/forward                       read_package_photos
/packages/{}/photos/{}/removal                       delete_upload
/packages/{}/publication                             publish_package
/packages/{}/questions                               ask_package_question
/packages/{}/questions/{}/answers                    answer_package_question
/packages/{}/questions/{}/answers/{}/deletion        delete_package_answer
/packages/{}/questions/{}/answers/{}/edit            edit_package_answer
/packages/{}/questions/{}/answers/{}/hiding          hide_package_answer
/packages/{}/questions/{}/answers/{}/showing         show_package_answer
/packages/{}/questions/{}/deletion                   delete_package_question
/packages/{}/questions/{}/edit                       edit_package_question
/packages/{}/questions/{}/hiding                     hide_package_question
/packages/{}/questions/{}/showing                    show_package_question
/packages/{}/stock                                   restock_package

/staff/categories/{}/checklist/{}                    set_checklist_item
/staff/categories/{}/checklist/{}/removal            remove_checklist_item
/staff/categories/{}/deactivation                    deactivate_category
/staff/categories/{}/deletion                        delete_category
/staff/categories/{}/edit                            change_category
/staff/categories/{}/extras/{}                       set_extra
/staff/categories/{}/extras/{}/removal               remove_extra
/staff/categories/{}/new-extra                       set_extra
/staff/categories/{}/new-item                        set_checklist_item
/staff/categories/{}/reactivation                    reactivate_category
/staff/people/{}/block                               block_account
/staff/people/{}/deactivation                        deactivate_account
/staff/people/{}/end-of-sessions                     end_account_sessions
/staff/people/{}/kept-second-factor                  cancel_second_factor_removal
/staff/people/{}/reactivation                        reactivate_account
/staff/people/{}/role                                give_role
/staff/people/{}/second-factor-removal               request_second_factor_removal
/staff/people/{}/unblocking                          unblock_account
/staff/reports/{}/decision                           decide_report
/staff/reports/{}/release                            release_report
/staff/reports/{}/taking                             take_report
/staff/reports/{}/thread-reading                     make_thread_reading_for_report
/staff/tasks/{}/discarding                           discard_task
/staff/tasks/{}/retry                                retry_task
/staff/threads/{}/{}/reading                         make_thread_reading
/uploads/{}/hiding                                   hide_photo
/uploads/{}/showing                                  show_photo
"""
"""The call of the API with which each form shares its use case; {} is a parameter."""
SEE_OTHER = 303
FORMS = dict(row.split() for row in OPERATIONS.splitlines() if row)
POSTS = [
    route
    for route in ROUTES
    if route.method == "POST" and "{" in route.path and not route.from_anywhere
]

FURTHER: Mapping[str, str] = {
    "/jobs/{}/photos/{}/forward": "owner set_cleaning_photos",
    "/packages/{}/photos/{}/forward": "owner set_package_photos",
    "/packages/{}/photos/{}/removal": "staff make_category, owner make_package",
    "/staff/categories/{}/checklist/{}": "staff set_checklist_item",
    "/staff/categories/{}/extras/{}": "staff set_extra",
}
"""What has happened besides, so that a form goes through."""
FIELDS: Mapping[str, Mapping[str, str]] = {
    "/account/webhooks/{}/edit": {"url": "https://hooks.example/cleanings"},
    "/account/webhooks/{}/repetition": {"position": "{position}"},
    "/account/webhooks/{}/switch": {"enabled": "true"},
    "/jobs/{}/edit": {"name": "Windows", "price": "45"},
    "/jobs/{}/offers": {"price": "45"},
    "/jobs/{}/offers/{}/edit": {"price": "45"},
    "/jobs/{}/offers/{}/renewal": {"price": "45"},
    "/messages/{}/{}/photos": {"text": "Here are the windows."},
    "/packages/{}/edit": {"name": "Windows", "price": "45", "category": "{slug}"},
    "/staff/categories/{}/new-extra": {"slug": "frames"},
    "/staff/categories/{}/new-item": {"slug": "glass"},
}
"""Fields that a form has, but the call of the API has not, with ids of the scene."""
SHOWING = {"/account/webhooks/{}/secret"}
"""Forms that show a secret, in place of leading to a page."""


def shape_of(route: PageRoute) -> str:
    """The path of a route, without the names of its parameters."""
    return PARAMETER.sub("{}", route.path)


def fields_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a call of the API as the fields of a form."""
    fields: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, Mapping):
            fields |= {f"{name}-{key}": it for key, it in value.items()}
        elif isinstance(value, bool):
            fields[name] = str(value).lower()
        else:
            fields[name] = value
    return fields


def sent_with(scene: Scene, route: PageRoute) -> dict[str, Any]:
    """What a form is sent with, as httpx takes it."""
    shape = shape_of(route)
    further = {name: it.format_map(scene.ids()) for name, it in FIELDS.get(shape, {}).items()}
    if route.most_files:
        return {"files": {"uploads": ("picture.jpg", picture(), JPEG)}, "data": further}
    content = scene.content(FORMS[shape])["json"] or {}
    return {"data": fields_of(content) | further}


def status_on_pages(status: int, shape: str) -> int:
    """The status of the response to a form, given that of the API: success leads to a page."""
    return status if shape in SHOWING else max(status, SEE_OTHER)


def test_each_form_about_a_thing_has_its_call() -> None:
    assert FORMS.keys() == {shape_of(route) for route in POSTS}


@pytest.mark.parametrize("route", POSTS, ids=shape_of)
async def test_is_for_whom_the_call_is(market: Market, route: PageRoute) -> None:
    shape = shape_of(route)
    operation = FORMS[shape]
    scene = await make_scene(market, STORIES.get(operation, ""))
    await scene.play(FURTHER.get(shape, ""))
    address, content = address_in(scene, route.path), sent_with(scene, route)
    expected = {
        caller: status_on_pages(status, shape)
        for caller, status in ACCESS[operation].items()
        if caller != "program"  # programs have no cookie
    }
    answers = {}
    for caller in expected:
        async with undone(market.app):
            actor = await CALLERS[caller](scene)
            browser = await browser_of(market, actor)
            await browser.open("/offline")  # writes that the session is in use
            before = await market.app.state.database.fetch(DIGEST, ())
            response = await browser.client.post(address, **content)
            answers[caller] = response.status_code
            if response.is_client_error:
                assert await market.app.state.database.fetch(DIGEST, ()) == before, caller
    assert answers == expected
