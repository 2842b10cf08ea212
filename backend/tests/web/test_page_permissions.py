"""Each page is for those for whom it is declared, and who may read the same by the API."""

import re
from collections import defaultdict

import pytest

from app.web.pages import ROUTES
from app.web.routing import Access, PageRoute
from tests.api.access import ACCESS, CALLERS, STORIES
from tests.factories.browsers import browser_of
from tests.factories.scenes import make_scene
from tests.factories.users import Market
from tests.fuzz.test_forms import address_in
from tests.rows import DIGEST
from tests.undone import undone
from tests.web.test_permissions import FORMS, shape_of

READINGS = """
/bookings/{}/{}                                      read_booking
/bookings/{}/{}/no-show                              read_booking
/decisions/{}                                        read_decision
/account/webhooks/{}                                 read_webhook
/jobs/{}                                             read_cleaning
/jobs/{}/history                                     list_cleaning_revisions
/jobs/{}/offers                                      edit_cleaning
/jobs/{}/offers/{}/acceptance                        read_offer
/jobs/{}/offers/{}/edit                              read_offer
/jobs/{}/offers/{}/renewal                           read_offer
/jobs/{}/questions                                   list_questions
/jobs/{}/questions/{}/answers                        read_question
/jobs/{}/questions/{}/answers/{}/versions            list_answer_versions
/jobs/{}/questions/{}/versions                       list_question_versions
/messages/{}/{}/{}/versions                          list_message_versions
/orders/new                                          read_package
/orders/{}                                           read_order
/orders/{}/acceptance                                read_order
/orders/{}/cancellation                              read_order
/orders/{}/declination                               read_order
/packages/{}                                         read_package
/packages/{}/history                                 list_package_revisions
/packages/{}/questions                               list_package_questions
/packages/{}/questions/{}/answers                    read_package_question
/packages/{}/questions/{}/answers/{}/versions        list_package_answer_versions
/packages/{}/questions/{}/versions                   list_package_question_versions
/people/{}                                           read_profile
/people/{}/block                                     read_profile
/report                                              read_cleaning
/staff/categories/{}                                 read_category
/staff/categories/{}/checklist/{}                    remove_checklist_item
/staff/categories/{}/extras/{}                       remove_extra
/staff/jobs/{}/questions/{}/answers/{}/versions      review_answer
/staff/jobs/{}/questions/{}/versions                 review_question
/staff/packages/{}/questions/{}/answers/{}/versions  review_package_answer
/staff/packages/{}/questions/{}/versions             review_package_question
/staff/people/{}                                     read_account
/staff/reports/{}                                    read_report_for_staff
/staff/thread-readings/{}                            read_thread_reading
"""
"""The call of the API for the same people, of pages for which that of their form is not."""
OPERATIONS = FORMS | dict(row.split() for row in READINGS.splitlines() if row)
QUERIES = {"/orders/new": "?package={package_id}", "/report": "?about=/jobs/{cleaning_id}"}
WITHOUT_LOGIN = {
    "/people/{}": (303, 303),
    **dict.fromkeys(("/jobs/{}", "/packages/{}"), (200, 404)),
    **dict.fromkeys(("/jobs/{}/questions", "/packages/{}/questions"), (200, 404)),
}
"""Public pages about things of people: what visitors get, and what a blocked owner gets."""
ELSEWHERE = {
    "/imprint": "test_market.py: needs a setting",
    "/terms": "test_market.py: needs a setting",
    "/signup": "test_users.py: leads users to the jobs",
    "/unsubscribe/{}": "test_notification_preferences.py: needs the token of a mail",
}
"""Where the tests of the other pages are, and why."""
ALLOWED = {
    Access.VISITORS: set(CALLERS),
    Access.STAFF: {"staff", "superuser"},
    Access.SUPERUSERS: {"superuser"},
}
"""Of the callers, those whom a declaration lets in; all members for the others."""
MEMBERS = ["stranger", "owner", "cleaner", "staff", "superuser"]
REFUSED = {401, 403}
PEOPLE = ["anonymous", *MEMBERS, "blocked"]


def story_of(route: PageRoute) -> str:
    """What has happened before there is all that a page shows."""
    return STORIES.get(OPERATIONS.get(shape_of(route), ""), "")


PAGES: dict[str, list[PageRoute]] = defaultdict(list)
"""The pages, by what has happened before: one scene does for all of a story."""
for each in ROUTES:
    if each.method == "GET" and shape_of(each) not in ELSEWHERE:
        PAGES[story_of(each)].append(each)
FORMS_ABOUT_NOTHING = [
    route
    for route in ROUTES
    if route.method == "POST" and "{" not in route.path and route.access != Access.VISITORS
]


def expected_of(route: PageRoute, caller: str) -> int:
    """The status of the answer that a caller gets."""
    shape = shape_of(route)
    if caller not in MEMBERS:
        if route.access != Access.VISITORS:
            return 303
        return WITHOUT_LOGIN.get(shape, (200, 200))[caller == "blocked"]
    if caller not in ALLOWED.get(route.access, MEMBERS):
        return 403
    status = ACCESS[OPERATIONS[shape]][caller] if shape in OPERATIONS else 200
    return 200 if status < 300 else status


def test_acts_of_staff_are_declared_for_staff() -> None:
    """The other tests derive what they expect from the declarations, which this one holds."""
    of_staff = re.compile(r"/staff(/|$)|.*/(hiding|showing)$")
    declared = [it for it in ROUTES if it.access in {Access.STAFF, Access.SUPERUSERS}]
    assert declared == [it for it in ROUTES if of_staff.match(it.path)]


@pytest.mark.parametrize("story", PAGES)
async def test_is_for_whom_it_is_declared(market: Market, story: str) -> None:
    scene = await make_scene(market, story)
    answers: dict[str, dict[str, int]] = defaultdict(dict)
    for caller in PEOPLE:
        async with undone(market.app):
            client = (await browser_of(market, await CALLERS[caller](scene))).client
            for route in PAGES[story]:
                query = QUERIES.get(route.path, "").format_map(scene.ids())
                response = await client.get(address_in(scene, route.path) + query)
                answers[route.path][caller] = response.status_code
    assert answers == {
        route.path: {caller: expected_of(route, caller) for caller in PEOPLE}
        for route in PAGES[story]
    }


@pytest.mark.parametrize("caller", PEOPLE)
async def test_forms_about_nothing_are_for_whom_they_are_declared(
    market: Market, caller: str
) -> None:
    """They are sent empty: whether they are refused for their caller is decided before."""
    scene = await make_scene(market)
    refused = {}
    for route in FORMS_ABOUT_NOTHING:
        async with undone(market.app):
            browser = await browser_of(market, await CALLERS[caller](scene))
            await browser.open("/offline")  # writes that the session is in use
            before = await market.app.state.database.fetch(DIGEST, ())
            response = await browser.post(route.path)
            if response.status_code in REFUSED:
                refused[route.path] = response.status_code
                assert await market.app.state.database.fetch(DIGEST, ()) == before, route.path
    expected = {
        it.path: 403 if caller in MEMBERS else 401
        for it in FORMS_ABOUT_NOTHING
        if caller not in MEMBERS or caller not in ALLOWED.get(it.access, MEMBERS)
    }
    assert refused == expected
