"""Notifications on pages."""

from pathlib import Path

import pytest

from app.core.catalogues import LANGUAGES, catalogue_of
from app.db.models.notification_rules import RULES, SENTENCES
from tests.factories.browsers import Browser, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.notifications import make_notification, notifications, notify
from tests.factories.offers import make_offer
from tests.factories.scenes import make_scene
from tests.factories.users import Market, make_user
from tests.features.orders import PLACED, SOLD
from tests.features.uploads import MADE as UPLOADED
from tests.processes import another_process
from tests.staff import make_staff
from tests.stories import BOOKED, GROUNDS

LIST = "/notifications"


async def test_a_visitor_has_to_log_in(market: Market) -> None:
    page = await Browser(market).open(LIST)
    assert page.path == "/login?next=%2Fnotifications"


async def test_without_any_it_says_what_comes(market: Market) -> None:
    page = await (await browser_of(market, await make_user(market))).open(LIST)
    assert "No notifications yet" in page.text
    assert f"{LIST}/read-mark" not in [form.action for form in page.forms]


async def test_it_says_what_happened_and_leads_there(market: Market) -> None:
    offer = await make_notification(market)
    page = await (await browser_of(market, offer.owner)).open(LIST)
    assert f"made an offer for {offer.job.data['name']} ." in page.text
    assert f"/jobs/{offer.job.data['id']}" in page.links


async def test_each_page_has_the_number_of_unread_ones(market: Market) -> None:
    offer = await make_notification(market)
    await make_offer(market, offer.job)
    await notify(market)
    browser = await browser_of(market, offer.owner)
    assert "Notifications 2 unread" in (await browser.open("/jobs")).text
    page = await browser.open(f"{LIST}?unread=true")
    assert page.text.count("made an offer") == 2
    page = await browser.send(page, f"{LIST}/read-mark")
    assert "All notifications are marked as read." in page.text
    assert "unread" not in (await browser.open("/jobs")).text
    assert "Nothing unread" in (await browser.open(f"{LIST}?unread=true")).text


async def test_those_that_came_meanwhile_stay_unread(market: Market) -> None:
    offer = await make_notification(market)
    browser = await browser_of(market, offer.owner)
    page = await browser.open(LIST)
    await make_offer(market, offer.job)
    await notify(market)
    await browser.send(page, f"{LIST}/read-mark")
    assert [it["unread"] for it in await notifications(offer.owner)] == [False, True]


@pytest.mark.parametrize("position", ["", "-1", "x", "9" * 30])
async def test_no_other_position_is_read(market: Market, position: str) -> None:
    offer = await make_notification(market)
    browser = await browser_of(market, offer.owner)
    page = await browser.open(LIST)
    await browser.send(page, f"{LIST}/read-mark", 422, position=position)
    assert [it["unread"] for it in await notifications(offer.owner)] == [True]


@pytest.mark.parametrize(
    ("story", "role", "path"),
    [
        ("owner edit_cleaning", "cleaner", "/jobs/{cleaning_id}"),
        (BOOKED, "cleaner", "/bookings/{cleaning_id}/{booking_id}"),
        (PLACED, "cleaner", "/orders/{order_id}"),
        ("stranger ask_question", "owner", "/jobs/{cleaning_id}/questions"),
        (
            f"{SOLD}, stranger ask_package_question",
            "cleaner",
            "/packages/{package_id}/questions",
        ),
        (f"{SOLD}, staff hide_package", "cleaner", "/packages/{package_id}"),
        (f"{UPLOADED}, owner set_picture, staff hide_photo", "owner", "/account/profile"),
        ("stranger change_user", "stranger", "/account/security"),
        ("stranger make_api_key", "stranger", "/account/keys"),
    ],
)
async def test_each_leads_to_what_it_is_about(
    market: Market, story: str, role: str, path: str
) -> None:
    scene = await make_scene(market, story)
    await notify(market)
    actor = scene.actor(role)
    assert actor
    browser = await browser_of(market, actor)
    page = await browser.open(LIST)
    target = path.format_map(scene.ids())
    assert target in page.links
    await browser.open(target)


async def test_of_staff_it_shows_the_reason(market: Market) -> None:
    scene = await make_scene(market, "staff hide_cleaning")
    await notify(market)
    page = await (await browser_of(market, scene.job.owner)).open(LIST)
    assert f"Reason: {GROUNDS['reason']}" in page.text
    assert "The operator has hidden your job" in page.text


async def test_of_hiding_it_states_the_rule(market: Market) -> None:
    job = await make_cleaning(market, await make_user(market, language="de"))
    grounds = GROUNDS | {"rule": "contact_details"}
    await (await make_staff(market)).post(f"/admin{job.path}/hiding", grounds)
    await notify(market)
    page = await (await browser_of(market, job.owner)).open(LIST)
    assert f"Der Betreiber hat deinen Auftrag ausgeblendet: {job.data['name']}" in page.text
    assert f"Grund: {GROUNDS['reason']}" in page.text
    assert "Regel Kontaktdaten und Zahlungen außerhalb des Marktplatzes sind nicht" in page.text
    assert "Gültig ab" in page.text
    assert "Wenn du das für falsch hältst, schreib dem Betreiber." in page.text


async def test_of_an_act_on_the_account_it_leads_to_the_operator(
    market: Market, tmp_path: Path
) -> None:
    scene = await make_scene(market, "staff deactivate_account, staff reactivate_account")
    await notify(market)
    imprint = tmp_path / "imprint.txt"
    imprint.write_text("1 Broom Street")
    async with another_process(market, imprint_file=imprint) as process:
        page = await (await browser_of(process, scene.stranger)).open(LIST)
    assert page.text.count("Contact the operator") == 2


async def test_names_of_others_are_texts(market: Market) -> None:
    scene = await make_scene(market, name="<b>%(x)s</b> & co")
    await notify(market)
    page = await (await browser_of(market, scene.job.owner)).open(LIST)
    assert "made an offer for <b>%(x)s</b> & co ." in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_translated_sentences_have_the_same_placeholders(language: str) -> None:
    translate = catalogue_of(language).gettext
    for sentence in SENTENCES.values():
        names = {name for name in ("%(person)s", "%(name)s") if name in sentence}
        translated = translate(sentence)
        assert {name for name in ("%(person)s", "%(name)s") if name in translated} == names
        assert translated % {"person": "Anna", "name": "Windows"}


def test_rules_of_one_kind_say_the_same() -> None:
    assert all(SENTENCES[rule.kind] == rule.sentence for rule in RULES)
