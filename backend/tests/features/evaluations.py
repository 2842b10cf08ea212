"""Evaluations, as the tests that hold for all features see them."""

from tests.features import Damage, Feature
from tests.stories import AGAIN, DONE, EVALUATED, OWNER_GONE

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
evaluate_booking                401       404    201      201    404        404      401      403
read_evaluation                 401       404    200      404    404        404      401      403
list_evaluations                401       200    200      200    200        200      401      403
read_evaluation_stats           401       200    200      200    200        200      401      403
""",
    scopes={
        "read:evaluations": {"list_evaluations", "read_evaluation", "read_evaluation_stats"},
        "write:evaluations": {"evaluate_booking"},
    },
    writable="""
evaluate_booking       overall_rating professionalism completeness efficiency headline comment
""",
    stories={
        "evaluate_booking": DONE,
        "read_evaluation": EVALUATED,
    },
    bodies={
        "evaluate_booking": lambda _: {"overall_rating": 5},
    },
    learned={"evaluate_booking": ("evaluation_id", "id")},
    answers="""
evaluate_booking      owner                  cleaner                rival  stranger   anonymous
scheduled             booking_not_finished   booking_not_finished    404        404         401
scheduled-later       booking_not_finished   booking_not_finished    404        404         401
scheduled-started     booking_not_finished   booking_not_finished   404              404         401
scheduled-reported    booking_not_finished   booking_not_finished   404              404         401
completed             >completed             >completed              404        404         401
completed-evaluated   already_evaluated      already_evaluated       404        404         401
cancelled             booking_not_finished   booking_not_finished    404        404         401
cancelled-later       booking_not_finished   booking_not_finished    404        404         401
no_show               >no_show               >no_show                404        404         401
""",
    conditional=("evaluate_booking",),  # only cleaners are rated in all respects
    load="""
INSERT INTO evaluations (cleaning_id, id, booking_id, author_id, subject_id, role,
    overall_rating, no_show, created_at)
SELECT cleaning_id, id, id, owner_id, cleaner_id, 'cleaner', 5, false, now() FROM bookings;

INSERT INTO ratings (user_id, role, total, no_shows, average, overall_rating, professionalism,
    completeness, efficiency)
SELECT id, part, 1, 0, 5, '{0,0,0,0,1}', '{0,0,0,0,0}', '{0,0,0,0,0}', '{0,0,0,0,0}'
FROM users, unnest(ARRAY['owner', 'cleaner']) part;
""",
    damages={
        "evaluations_finished": Damage(
            f"{AGAIN}, owner complete_booking, owner evaluate_booking",
            "UPDATE evaluations SET booking_id = bookings.id FROM bookings "
            "WHERE status = 'cancelled'",
        ),
        "evaluations_sides": Damage(
            EVALUATED,
            """
        UPDATE evaluations SET author_id = '$stranger_id';
        UPDATE events SET actor_id = '$stranger_id' WHERE subject = 'evaluation'
        """,
        ),
        "evaluations_once": Damage(
            EVALUATED,
            "INSERT INTO evaluations SELECT (jsonb_populate_record(it, "
            "jsonb_build_object('id', gen_random_uuid()))).* FROM evaluations it",
            frozenset({"events_of_evaluations", "ratings_counted"}),
        ),
        "evaluations_no_show": Damage(
            EVALUATED, "UPDATE evaluations SET no_show = true; UPDATE ratings SET no_shows = 1"
        ),
        "ratings_counted": Damage(
            EVALUATED, "UPDATE ratings SET overall_rating = ARRAY[1,0,0,0,0]"
        ),
        "events_of_evaluations": Damage(
            EVALUATED,
            "DELETE FROM events WHERE subject = 'evaluation'",
            frozenset({"stream_events"}),
        ),
    },
    leftovers=(
        (OWNER_GONE, "UPDATE evaluations SET comment = 'Late' WHERE subject_id = '$owner_id'"),
    ),
    distributed=("evaluations",),
)
