"""The log of events: each change writes one, and nothing else does."""

from typing import Any
from uuid import UUID

import pytest

from app.db.models import metadata
from tests.factories.scenes import OPERATIONS, Scene, make_scene
from tests.factories.users import Market
from tests.features import (
    Stateful,
    collected,
    orders,
    package_questions,
    packages,
    questions,
    reports,
)

BOOKED = "owner accept_offer"
STARTED = f"{BOOKED}, clock start"
DONE = "owner accept_offer, owner complete_booking"

CATEGORY = "staff make_category"


def about_posts(feature: Any, prefix: str, before: str) -> list[tuple[str, str, str, str, str]]:
    """The changes of questions and answers.

    Args:
        feature: The module of the feature.
        prefix: The prefix of the subjects.
        before: What happens before a question.
    """
    question, answer = f"{prefix}question", f"{prefix}answer"
    return [
        (before, "stranger", f"ask_{question}", question, "created"),
        (feature.ASKED, "stranger", f"edit_{question}", question, "edited"),
        (feature.ASKED, "stranger", f"delete_{question}", question, "deleted"),
        (feature.ASKED, "owner", f"answer_{question}", answer, "created"),
        (feature.ANSWERED, "owner", f"edit_{answer}", answer, "edited"),
        (feature.ANSWERED, "owner", f"delete_{answer}", answer, "deleted"),
    ]


# After which story does who do what, what did it happen to, and what is it called?
EVENTS = [
    ("", "owner", "post_cleaning", "cleaning", "created"),
    ("", "owner", "edit_cleaning", "cleaning", "edited"),
    ("", "owner", "delete_cleaning", "cleaning", "deleted"),
    ("", "owner", "cancel_cleaning", "cleaning", "cancelled"),
    ("", "stranger", "make_offer", "offer", "created"),
    ("", "cleaner", "revise_offer", "offer", "edited"),
    ("", "owner", "accept_offer", "cleaning", "booked"),
    ("", "owner", "reject_offer", "offer", "rejected"),
    ("", "cleaner", "withdraw_offer", "offer", "withdrawn"),
    ("cleaner withdraw_offer", "cleaner", "renew_offer", "offer", "renewed"),
    (BOOKED, "owner", "complete_booking", "cleaning", "completed"),
    (BOOKED, "owner", "cancel_booking", "booking", "cancelled"),
    (BOOKED, "cleaner", "cancel_booking", "booking", "cancelled"),
    (STARTED, "owner", "miss_booking", "booking", "missed"),
    (BOOKED, "cleaner", "report_completion", "booking", "reported"),
    (BOOKED, "cleaner", "tick_checklist_item", "booking", "ticked"),
    (DONE, "owner", "evaluate_booking", "evaluation", "created"),
    (DONE, "cleaner", "evaluate_booking", "evaluation", "created"),
    (CATEGORY, "owner", "make_package", "package", "created"),
    (packages.DRAFTED, "owner", "publish_package", "package", "published"),
    (packages.PUBLISHED, "owner", "edit_package", "package", "edited"),
    (packages.PUBLISHED, "owner", "restock_package", "package", "stocked"),
    (packages.PUBLISHED, "owner", "pause_package", "package", "paused"),
    (packages.PUBLISHED, "owner", "archive_package", "package", "archived"),
    (orders.SOLD, "owner", "place_order", "order", "placed"),
    (orders.PLACED, "cleaner", "decline_order", "order", "declined"),
    (orders.PLACED, "owner", "cancel_order", "order", "cancelled"),
    *about_posts(questions, "", ""),
    *about_posts(package_questions, "package_", packages.PUBLISHED),
    ("", "stranger", "make_report", "report", "created"),
    (reports.DECIDED, "owner", "appeal", "decision", "appealed"),
    ("", "stranger", "edit_profile", "profile", "edited"),
    ("", "stranger", "change_user", "user", "edited"),
    ("", "stranger", "delete_user", "user", "deleted"),
]
KNOWN = (
    *("package", "order", "question", "answer", "package_question", "package_answer"),
    *("report", "decision"),
)
"""Subjects whose ids the scene knows."""
ELSEWHERE = {
    "register_user",  # whoever does that is nobody yet: see its tests
    "give_notice",  # likewise
    # What is about access stands in the audit, or is told without an actor: see their tests.
    "create_token",
    "delete_token",
    "delete_session",
    "delete_other_sessions",
    "ask_for_verification",
    "verify_email",
    "ask_for_reset",
    "reset_password",
    "step_up",
    "prepare_second_factor",
    "confirm_second_factor",
    "renew_recovery_codes",
    "remove_second_factor",
    "make_api_key",
    "delete_api_key",
    "look_up_account",
    "block_account",
    "unblock_account",
    "deactivate_account",
    "reactivate_account",
    "end_account_sessions",
    "give_role",
    "request_second_factor_removal",
    "cancel_second_factor_removal",
    "stop_second_factor_removal",
    # The forms of pages do the same as operations of the API.
    # By staff: see the tests of hiding.
    "hide_cleaning",
    "show_cleaning",
    "hide_offer",
    "show_offer",
    "hide_evaluation",
    "show_evaluation",
    *("hide_package", "show_package"),
    *("hide_question", "show_question", "hide_answer", "show_answer"),
    *("hide_package_question", "show_package_question"),
    *("hide_package_answer", "show_package_answer"),
    *("send_message", "edit_message", "set_thread_read_mark"),  # see the tests of messages
    *("send_order_message", "edit_order_message", "set_order_thread_read_mark"),
    *("block_person", "unblock_person"),  # of which the other person is not told
    "accept_order",  # writes several: see the tests of orders
    *("take_report", "release_report", "decide_report"),  # by staff: see the tests of reports
    *("make_thread_reading", "make_thread_reading_for_report"),  # likewise
    # By staff: the audit has them.
    "make_category",
    "change_category",
    "deactivate_category",
    "reactivate_category",
    "delete_category",
    "set_extra",
    "remove_extra",
    "set_checklist_item",
    "remove_checklist_item",
    # Photos are no terms.
    *("make_upload", "delete_upload", "set_cleaning_photos", "set_package_photos", "set_picture"),
    *("hide_photo", "show_photo"),  # by staff: see the tests of notifications
    # About no feature of the market.
    "retry_task",
    "discard_task",
    "set_read_mark",
    "edit_notification_preferences",
    *("save_search", "edit_saved_search", "delete_saved_search"),
    "make_webhook",
    "edit_webhook",
    "delete_webhook",
    "renew_webhook_secret",
    "test_webhook",
    "repeat_delivery",
    "replay_deliveries",
}


def test_every_operation_is_here() -> None:
    assert {operation for _, _, operation, _, _ in EVENTS} | ELSEWHERE == OPERATIONS.keys()


@pytest.mark.parametrize(("story", "role", "operation", "subject", "kind"), EVENTS)
async def test_a_change_writes_one_event(
    market: Market, story: str, role: str, operation: str, subject: str, kind: str
) -> None:
    scene = await make_scene(market, story)
    before = await scene.log()
    response = await scene.act(role, operation)
    assert response.is_success, response.text
    events = [it for it in await scene.log() if it not in before]
    (event,) = [it for it in events if it["kind"] != "superseded" and it["subject"] != "security"]

    actor = scene.actor(role)
    assert actor
    assert (event["subject"], event["kind"], event["actor_id"]) == (subject, kind, actor.id)
    answer = response.json() if response.content else {}
    cleaning_id = answer["id"] if operation == "post_cleaning" else scene.job.data["id"]
    subject_id = {
        "cleaning": cleaning_id,
        "offer": answer.get("id"),
        "booking": scene.booking_id,
        "evaluation": answer.get("id"),
        **{it: scene.known.get(f"{it.rpartition('_')[2]}_id") for it in KNOWN},
    }.get(subject, actor.id)
    assert event["subject_id"] == UUID(str(subject_id))
    of_a_job = subject in {"cleaning", "offer", "booking", "evaluation", "question", "answer"}
    assert event["cleaning_id"] == (UUID(cleaning_id) if of_a_job else None)


STATES: dict[str, Stateful] = collected("states")
STORIES = {
    f"{thing} {state}": it for thing in STATES for state, it in STATES[thing].stories.items()
}
STORIES |= {
    "booking cancelled with its job": f"{BOOKED}, owner cancel_cleaning",
    "offers of a deleted account": "cleaner delete_user cleaner",
    "jobs of a deleted account": "owner delete_user",
}


async def states(scene: Scene) -> set[tuple[str, UUID, str, bool]]:
    """The objects with states: table, id, state, and whether it is deleted."""
    queries = [
        f"SELECT '{name}', id, status::text, {'deleted_at' if 'deleted_at' in it.c else 'NULL'}"  # noqa: S608
        f" IS NOT NULL FROM {name}"
        for name, it in metadata.tables.items()
        if {"id", "status"} <= set(it.c.keys())
    ]
    rows = await scene.market.app.state.database.fetch(" UNION ALL ".join(queries), ())
    return {(row[0], row[1], row[2], row[3]) for row in rows}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
async def test_each_change_of_a_state_has_an_event(market: Market, story: str) -> None:
    scene = await make_scene(market)
    for step in story.split(","):
        before, log = await states(scene), await scene.log()
        await scene.play(step)
        events = [it for it in await scene.log() if it not in log]
        told = {str(it["subject_id"]) for it in events}
        for event in events:
            facts = event["payload"]
            told |= {str(fact) for fact in facts.values()}
            told |= {str(event["cleaning_id"])} if "cleaning_status" in facts else set()
        changed = await states(scene) - before
        assert {it for it in changed if str(it[1]) not in told} == set(), step


@pytest.mark.parametrize(
    ("role", "operation"),
    [
        ("owner", "edit_cleaning"),
        ("cleaner", "revise_offer"),
        ("stranger", "edit_profile"),
        ("stranger", "change_user"),
    ],
)
async def test_an_edit_that_changes_nothing_writes_none(
    market: Market, role: str, operation: str
) -> None:
    scene = await make_scene(market)
    before = await scene.log()
    assert (await scene.act(role, operation, body={})).status_code == 200
    assert await scene.log() == before


@pytest.mark.parametrize(
    ("story", "role", "operation", "payload"),
    [
        ("", "owner", "accept_offer", {"booking_id": "{booking}", "offer_id": "{offer}"}),
        (BOOKED, "owner", "complete_booking", {"booking_id": "{booking}"}),
        (
            STARTED,
            "owner",
            "miss_booking",
            {"cleaning_status": "expired", "offer_id": "{offer}"},
        ),
        ("", "owner", "reject_offer", {"price": "50.00"}),
        (DONE, "owner", "evaluate_booking", {"role": "cleaner", "overall_rating": 5}),
        (DONE, "cleaner", "evaluate_booking", {"role": "owner", "overall_rating": 5}),
    ],
)
async def test_it_carries_what_its_readers_need(
    market: Market, story: str, role: str, operation: str, payload: dict[str, Any]
) -> None:
    scene = await make_scene(market, story)
    await scene.act(role, operation)
    rows = await market.app.state.database.fetch(
        "SELECT key, value #>> '{}' FROM events, jsonb_each(payload)"
        " WHERE events.id = (SELECT max(id::text) FROM events WHERE kind <> 'superseded')::uuid",
        (),
    )
    ids = {"booking": scene.booking_id, "offer": scene.offers["cleaner"].data["id"]}
    assert dict(map(tuple, rows)) == {
        name: str(value).format(**ids) for name, value in payload.items()
    }
