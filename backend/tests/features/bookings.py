"""Bookings, as the tests that hold for all features see them."""

from app.db.models.states.bookings import BookingStatus
from tests.features import Damage, Feature, Stateful
from tests.stories import BOOKED, CALLED_OFF, DONE, MISSED, OWNER_GONE, REPORTED, STARTED

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_bookings                   401       200    200      200    200        200      401      403
list_cleaning_bookings          401       200    200      200    200        200      401      403
read_booking                    401       404    200      200    404        404      401      403
tick_checklist_item             401       404    403      200    404        404      401      403
complete_booking                401       404    200      403    404        404      401      403
report_completion               401       404    403      200    404        404      401      403
cancel_booking                  401       404    200      200    404        404      401      403
miss_booking                    401       404    200      403    404        404      401      403
""",
    scopes={
        "read:bookings": {"list_bookings", "list_cleaning_bookings", "read_booking"},
        "write:bookings": {
            "cancel_booking",
            "complete_booking",
            "miss_booking",
            "report_completion",
            "tick_checklist_item",
        },
    },
    writable="""
cancel_booking         reason
tick_checklist_item    done
""",
    stories={
        "read_booking": BOOKED,
        "tick_checklist_item": BOOKED,
        "complete_booking": BOOKED,
        "cancel_booking": BOOKED,
        "report_completion": BOOKED,
        "miss_booking": f"{BOOKED}, clock start",
    },
    bodies={"tick_checklist_item": lambda _: {"done": True}},
    states={
        "booking": Stateful(
            path=lambda scene: f"{scene.job.path}/bookings/{scene.booking_id}",
            statuses=BookingStatus,
            stories={
                "scheduled": BOOKED,
                "scheduled-later": BOOKED,
                "scheduled-started": f"{BOOKED}, {STARTED}",
                "scheduled-reported": REPORTED,
                "completed": DONE,
                "completed-evaluated": f"{DONE}, owner evaluate_booking, cleaner evaluate_booking",
                "cancelled": CALLED_OFF,
                "cancelled-later": CALLED_OFF,
                "no_show": MISSED,
            },
        )
    },
    answers="""
tick_checklist_item   owner                  cleaner                rival  stranger   anonymous
scheduled             not_cleaner            >scheduled             404              404         401
scheduled-later       not_cleaner            booking_not_started    404              404         401
scheduled-started     not_cleaner            >scheduled             404              404         401
scheduled-reported    not_cleaner            >scheduled             404              404         401
completed             not_cleaner            booking_not_scheduled  404              404         401
completed-evaluated   not_cleaner            booking_not_scheduled  404              404         401
cancelled             not_cleaner            booking_not_scheduled  404              404         401
cancelled-later       not_cleaner            booking_not_scheduled  404              404         401
no_show               not_cleaner            booking_not_scheduled  404              404         401

report_completion     owner                  cleaner                rival  stranger   anonymous
scheduled             not_cleaner            >scheduled             404              404         401
scheduled-later       not_cleaner            booking_not_started    404              404         401
scheduled-started     not_cleaner            >scheduled             404              404         401
scheduled-reported    not_cleaner            already_reported       404              404         401
completed             not_cleaner            booking_not_scheduled  404              404         401
completed-evaluated   not_cleaner            booking_not_scheduled  404              404         401
cancelled             not_cleaner            booking_not_scheduled  404              404         401
cancelled-later       not_cleaner            booking_not_scheduled  404              404         401
no_show               not_cleaner            booking_not_scheduled  404              404         401

complete_booking      owner                  cleaner                rival  stranger   anonymous
scheduled             >completed             not_owner               404        404         401
scheduled-later       booking_not_started    not_owner              404              404         401
scheduled-started     >completed             not_owner              404              404         401
scheduled-reported    >completed             not_owner              404              404         401
completed             booking_not_scheduled  not_owner               404        404         401
completed-evaluated   booking_not_scheduled  not_owner               404        404         401
cancelled             booking_not_scheduled  not_owner               404        404         401
cancelled-later       booking_not_scheduled  not_owner               404        404         401
no_show               booking_not_scheduled  not_owner               404        404         401

cancel_booking        owner                  cleaner                rival  stranger   anonymous
scheduled             >cancelled             >cancelled              404        404         401
scheduled-later       >cancelled             >cancelled              404        404         401
scheduled-started     booking_started        booking_started        404              404         401
scheduled-reported    booking_started        booking_started        404              404         401
completed             booking_not_scheduled  booking_not_scheduled   404        404         401
completed-evaluated   booking_not_scheduled  booking_not_scheduled   404        404         401
cancelled             booking_not_scheduled  booking_not_scheduled   404        404         401
cancelled-later       booking_not_scheduled  booking_not_scheduled   404        404         401
no_show               booking_not_scheduled  booking_not_scheduled   404        404         401

miss_booking          owner                  cleaner                rival  stranger   anonymous
scheduled             booking_not_started    not_owner              404              404         401
scheduled-later       booking_not_started    not_owner               404        404         401
scheduled-started     >no_show               not_owner              404              404         401
scheduled-reported    >no_show               not_owner              404              404         401
completed             booking_not_scheduled  not_owner               404        404         401
completed-evaluated   booking_not_scheduled  not_owner               404        404         401
cancelled             booking_not_scheduled  not_owner               404        404         401
cancelled-later       booking_not_scheduled  not_owner               404        404         401
no_show               booking_not_scheduled  not_owner               404        404         401
""",
    changes={
        "tick_checklist_item": ("cleaner", BOOKED),
        "complete_booking": ("owner", BOOKED),
        "cancel_booking": ("cleaner", BOOKED),
        "report_completion": ("cleaner", BOOKED),
        "miss_booking": ("owner", f"{BOOKED}, {STARTED}"),
    },
    load="""
INSERT INTO bookings (cleaning_id, id, offer_id, owner_id, cleaner_id, price, currency, terms,
    status, created_at, updated_at, ended_at, version)
SELECT id, id, id, owner_id, cleaner_id, 50, 'EUR', terms, status, now(), now(), now(), 1
FROM jobs JOIN cleaning_revisions ON cleaning_id = id WHERE status = 'completed';
""",
    lists=("/bookings", "/bookings?role=cleaner&status=completed"),
    damages={
        "bookings_sides": Damage(BOOKED, "UPDATE bookings SET cleaner_id = '$stranger_id'"),
        "bookings_price": Damage(BOOKED, "UPDATE bookings SET price = price + 1"),
        "bookings_terms": Damage(
            CALLED_OFF,
            "UPDATE bookings SET terms = terms || jsonb_build_object('area', 'the Moon')",
        ),
        "bookings_reported": Damage(
            REPORTED, "UPDATE bookings SET reported_at = now() - interval '2 hours'"
        ),
        "bookings_forgotten": Damage(
            f"{BOOKED}, clock start, owner miss_booking",
            """
        UPDATE bookings SET status = 'cancelled', cancelled_by = 'clock';
        UPDATE events SET kind = 'cancelled', actor_id = NULL WHERE kind = 'missed'
        """,
        ),
        "events_of_bookings": Damage(
            BOOKED,
            "UPDATE events SET payload = payload || jsonb_build_object('offer_id', '') "
            "WHERE kind = 'booked'",
        ),
        "events_of_reports": Damage(
            REPORTED, "UPDATE bookings SET reported_at = NULL, completes_at = NULL"
        ),
        "events_of_the_clock": Damage(
            DONE, "UPDATE events SET actor_id = NULL WHERE kind = 'completed'"
        ),
    },
    leftovers=(
        (OWNER_GONE, "UPDATE bookings SET terms = terms || jsonb_build_object('address', 'here')"),
        (
            f"{CALLED_OFF}, owner delete_user",
            "UPDATE bookings SET cancellation_reason = 'A honeymoon'",
        ),
    ),
    distributed=("bookings",),
)
