"""Notifications: who is told of which event."""

import pytest

from app.db.models.notification_kinds import NotificationKind
from app.db.models.users import UserRole
from tests.factories.notifications import notifications, notify
from tests.factories.scenes import Scene, make_scene
from tests.factories.users import Actor, Market, make_user
from tests.features.messages import SENT
from tests.features.orders import ACCEPTED, LAPSED, PLACED, SOLD
from tests.features.photos import OF_PACKAGE
from tests.features.questions import ANSWERED, ASKED
from tests.features.reports import MADE
from tests.features.uploads import MADE as UPLOADED
from tests.invariants import assert_invariants
from tests.staff import GROUNDS
from tests.stories import BOOKED, DONE, EVALUATED, MISSED, REPORTED, STARTED
from tests.worker.test_security_notifications import ACTS

PHOTO = f"{UPLOADED}, owner set_cleaning_photos"
PICTURE = f"{UPLOADED}, owner set_picture"
ASKED_OF_PACKAGE = f"{SOLD}, stranger ask_package_question"
ANSWERED_OF_PACKAGE = f"{ASKED_OF_PACKAGE}, cleaner answer_package_question"

TOLD: list[tuple[str, str, dict[str, str]]] = [
    ("", "cleaner revise_offer", {"owner": "offer_changed"}),
    ("", "cleaner withdraw_offer", {"owner": "offer_withdrawn"}),
    ("", "owner reject_offer", {"cleaner": "offer_declined"}),
    ("", "owner edit_cleaning", {"cleaner": "job_changed", "rival": "job_changed"}),
    ("owner edit_cleaning", "cleaner renew_offer", {"owner": "offer_renewed"}),
    ("", "owner accept_offer", {"cleaner": "offer_accepted", "rival": "offer_superseded"}),
    ("", "owner cancel_cleaning", {"cleaner": "offer_superseded", "rival": "offer_superseded"}),
    ("", "owner delete_cleaning", {"cleaner": "offer_superseded", "rival": "offer_superseded"}),
    (
        STARTED,
        "clock tick",
        {"owner": "job_expired", "cleaner": "offer_superseded", "rival": "offer_superseded"},
    ),
    (BOOKED, "owner cancel_booking", {"cleaner": "booking_cancelled"}),
    (BOOKED, "cleaner cancel_booking", {"owner": "booking_cancelled"}),
    (BOOKED, "owner cancel_cleaning", {"cleaner": "booking_cancelled"}),
    (f"{BOOKED}, {STARTED}", "cleaner report_completion", {"owner": "work_reported"}),
    (f"{BOOKED}, {STARTED}", "owner miss_booking", {"cleaner": "booking_missed"}),
    (REPORTED, "owner complete_booking", {"cleaner": "work_completed"}),
    (DONE, "owner evaluate_booking", {"cleaner": "evaluation_received"}),
    (DONE, "cleaner evaluate_booking", {"owner": "evaluation_received"}),
    (MISSED, "owner evaluate_booking", {"cleaner": "evaluation_received"}),
    (SOLD, "owner place_order", {"cleaner": "order_placed"}),
    (PLACED, "cleaner accept_order", {"owner": "order_accepted"}),
    (PLACED, "cleaner decline_order", {"owner": "order_declined"}),
    (PLACED, "owner cancel_order", {"cleaner": "order_cancelled"}),
    (LAPSED, "clock tick", {"owner": "order_expired", "cleaner": "order_expired"}),
    ("", "stranger ask_question", {"owner": "question_asked"}),
    (ASKED, "owner answer_question", {"stranger": "question_answered"}),
    (ASKED, "stranger answer_question", {"owner": "question_answered"}),
    (SOLD, "stranger ask_package_question", {"cleaner": "question_asked"}),
    (ASKED_OF_PACKAGE, "cleaner answer_package_question", {"stranger": "question_answered"}),
    ("", "cleaner send_message", {"owner": "message_received"}),
    ("cleaner send_message", "owner send_message", {"cleaner": "message_received"}),
    ("cleaner send_message", "cleaner send_message", {}),
    ("", "staff hide_cleaning", {"owner": "job_hidden"}),
    ("staff hide_cleaning", "staff show_cleaning", {"owner": "job_shown"}),
    (PHOTO, "staff hide_photo", {"owner": "photo_hidden"}),
    (f"{PHOTO}, staff hide_photo", "staff show_photo", {"owner": "photo_shown"}),
    (f"{OF_PACKAGE}, owner set_package_photos", "staff hide_photo", {"owner": "photo_hidden"}),
    (PICTURE, "staff hide_photo", {"owner": "picture_hidden"}),
    (f"{PICTURE}, staff hide_photo", "staff show_photo", {"owner": "picture_shown"}),
    ("stranger save_search", "owner post_cleaning", {"stranger": "search_matched"}),
    (SOLD, "staff hide_package", {"cleaner": "package_hidden"}),
    (f"{SOLD}, staff hide_package", "staff show_package", {"cleaner": "package_shown"}),
    ("", "staff hide_offer", {"cleaner": "offer_hidden"}),
    ("staff hide_offer", "staff show_offer", {"cleaner": "offer_shown"}),
    (EVALUATED, "staff hide_evaluation", {"owner": "evaluation_hidden"}),
    (f"{EVALUATED}, staff hide_evaluation", "staff show_evaluation", {"owner": "evaluation_shown"}),
    (ASKED, "staff hide_question", {"stranger": "question_hidden"}),
    (f"{ASKED}, staff hide_question", "staff show_question", {"stranger": "question_shown"}),
    (ANSWERED, "staff hide_answer", {"owner": "answer_hidden"}),
    (f"{ANSWERED}, staff hide_answer", "staff show_answer", {"owner": "answer_shown"}),
    (ASKED_OF_PACKAGE, "staff hide_package_question", {"stranger": "question_hidden"}),
    (ANSWERED_OF_PACKAGE, "staff hide_package_answer", {"cleaner": "answer_hidden"}),
    (
        MADE,
        "staff decide_report",
        {"owner": "content_decided", "stranger": "report_decided"},
    ),
    (
        SENT,
        "staff make_thread_reading",
        {"owner": "messages_read", "cleaner": "messages_read"},
    ),
    # Of these, all who are concerned know already, or need not know, or don't see the thing.
    (f"{ASKED_OF_PACKAGE}, cleaner pause_package", "cleaner answer_package_question", {}),
    (f"{ASKED}, staff hide_cleaning", "owner answer_question", {}),
    (ASKED, "owner answer_question, staff hide_answer", {"owner": "answer_hidden"}),
    (f"{ASKED}, staff hide_question", "stranger answer_question", {}),
    ("staff hide_offer", "cleaner revise_offer", {}),
    ("staff hide_cleaning", "owner edit_cleaning", {}),
    ("", "owner set_cleaning_photos", {}),
    (SOLD, "cleaner pause_package", {}),
    (BOOKED, "cleaner tick_checklist_item", {}),
    ("", "stranger edit_profile", {}),
]
"""What happened before, what happens, and who is told what of it."""


OF_ACCOUNTS = (
    NotificationKind.ACCOUNT_BLOCKED,
    NotificationKind.ACCOUNT_UNBLOCKED,
    NotificationKind.ACCOUNT_DEACTIVATED,
    NotificationKind.ACCOUNT_REACTIVATED,
)
"""What users are told of who can't log in."""
BREAK = """
UPDATE events SET payload = payload || '{"offer_id": ""}' WHERE kind = 'booked' RETURNING id
"""
ROLES = ("owner", "cleaner", "rival", "stranger")


async def told(scene: Scene) -> dict[str, list[str]]:
    """The kinds of the notifications of each role, oldest first."""
    await notify(scene.market)
    return {
        role: [it["kind"] for it in await notifications(actor)] for role, actor in actors(scene)
    }


def actors(scene: Scene) -> list[tuple[str, Actor]]:
    """The users of a scene by role."""
    found = ((role, scene.actor(role)) for role in ROLES)
    return [(role, actor) for role, actor in found if actor]


class TestTelling:
    @pytest.mark.parametrize(("before", "step", "expected"), TOLD)
    async def test_tells_those_who_are_concerned(
        self, market: Market, before: str, step: str, expected: dict[str, str]
    ) -> None:
        scene = await make_scene(market, before)
        earlier = await told(scene)
        await scene.play(step)
        new = {role: found[len(earlier[role]) :] for role, found in (await told(scene)).items()}
        assert new == {role: [expected[role]] if role in expected else [] for role in ROLES}
        await assert_invariants(market.app)

    async def test_goes_on_behind_an_event_with_a_broken_payload(self, market: Market) -> None:
        scene = await make_scene(market, BOOKED)
        await market.app.state.database.fetch(BREAK, ())
        new = await told(scene)
        assert new["cleaner"] == []
        assert new["rival"] == ["offer_superseded"]

    @pytest.mark.parametrize(
        ("step", "author", "concerned"),
        [
            ("owner edit_cleaning", "owner", "cleaner"),
            ("stranger ask_question", "stranger", "owner"),
        ],
    )
    async def test_tells_nothing_of_what_blocked_accounts_did(
        self, market: Market, step: str, author: str, concerned: str
    ) -> None:
        scene = await make_scene(market)
        earlier = await told(scene)
        await scene.play(step)
        people = dict(actors(scene))
        staff = await make_user(market, role=UserRole.STAFF)
        await staff.post(f"/admin/users/{people[author].id}/block", GROUNDS)
        await notify(market)
        assert len(await notifications(people[concerned])) == len(earlier[concerned])
        await assert_invariants(market.app)

    async def test_tells_the_owner_of_offers(self, market: Market) -> None:
        scene = await make_scene(market)
        assert await told(scene) == {
            "owner": ["offer_received", "offer_received"],
            "cleaner": [],
            "rival": [],
            "stranger": [],
        }

    async def test_tells_of_acts_on_the_account_once_it_can_be_used_again(
        self, market: Market
    ) -> None:
        scene = await make_scene(market)
        acts = ("block", "unblock", "deactivate", "reactivate")
        await scene.play(", ".join(f"staff {act}_account, staff {act}_account" for act in acts))
        await notify(market)
        found = await notifications(scene.stranger)
        assert [it["kind"] for it in found] == list(OF_ACCOUNTS)
        assert (found[0]["group"], found[0]["actor"]) == ("staff", None)
        assert found[0]["reason"]
        await assert_invariants(market.app)

    def test_covers_all_kinds(self) -> None:
        tested = {kind for _, _, expected in TOLD for kind in expected.values()}
        tested |= {NotificationKind.OFFER_RECEIVED, *OF_ACCOUNTS, *ACTS}
        tested |= {NotificationKind.MESSAGES_READ_FOR_REPORT}  # see test_thread_readings.py
        # See test_message_photos.py.
        tested |= {NotificationKind.MESSAGE_PHOTO_HIDDEN, NotificationKind.MESSAGE_PHOTO_SHOWN}
        assert tested == set(NotificationKind)

    async def test_tells_both_sides_of_what_the_clock_does(self, market: Market) -> None:
        scene = await make_scene(market, REPORTED)
        await told(scene)
        await market.app.state.database.fetch("UPDATE bookings SET completes_at = now()", ())
        await scene.play("clock tick")
        assert {role: found[-1:] for role, found in (await told(scene)).items()} == {
            "owner": ["work_completed"],
            "cleaner": ["work_completed"],
            "rival": ["offer_superseded"],
            "stranger": [],
        }

    async def test_tells_of_the_booking_of_an_order(self, market: Market) -> None:
        scene = await make_scene(market, ACCEPTED)
        order = (await scene.job.owner.get(f"/orders/{scene.known['order_id']}")).json()
        await told(scene)
        path = f"/cleanings/{order['cleaning_id']}/bookings/{order['booking_id']}/cancellation"
        assert (await scene.job.owner.post(path)).status_code == 200
        assert (await told(scene))["cleaner"][-1:] == ["booking_cancelled"]

    async def test_tells_no_deleted_users(self, market: Market) -> None:
        await make_scene(market, f"{ANSWERED}, stranger delete_user")
        await notify(market)
        rows = await market.app.state.database.fetch("SELECT kind FROM notifications", ())
        assert {row["kind"] for row in rows} == {"offer_received", "question_asked"}
        await assert_invariants(market.app)
