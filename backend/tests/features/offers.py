"""Offers, as the tests that hold for all features see them."""

from app.db.models.states.offers import OfferStatus
from tests.features import Damage, Feature, Stateful
from tests.stories import BOOKED, DONE, STARTED, numbers

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
make_offer                      401       201    409      409    201        201      401      403
list_offers                     401       200    200      200    200        200      401      403
read_offer                      401       404    200      200    404        404      401      403
revise_offer                    401       404    403      200    404        404      401      403
accept_offer                    401       404    201      403    404        404      401      403
reject_offer                    401       404    200      403    404        404      401      403
withdraw_offer                  401       404    403      200    404        404      401      403
renew_offer                     401       404    403      200    404        404      401      403
list_own_offers                 401       200    200      200    200        200      401      403
""",
    scopes={
        "read:offers": {"list_offers", "list_own_offers", "read_offer"},
        "write:offers": {
            "accept_offer",
            "make_offer",
            "reject_offer",
            "renew_offer",
            "revise_offer",
            "withdraw_offer",
        },
    },
    writable="""
make_offer             price message
revise_offer           price message
renew_offer            price message
""",
    stories={
        "renew_offer": "cleaner withdraw_offer",
    },
    bodies={
        "revise_offer": lambda _: {"message": f"At {next(numbers)} o'clock?"},
    },
    learned={"accept_offer": ("booking_id", "id")},
    states={
        "offer": Stateful(
            path=lambda scene: scene.offers["cleaner"].path,
            statuses=OfferStatus,
            stories={
                "pending": "",
                "pending-outdated": "owner edit_cleaning",
                "pending-expired": STARTED,
                "accepted": BOOKED,
                "accepted-completed": DONE,
                "rejected": "owner reject_offer",
                "rejected-outdated": "owner reject_offer, owner edit_cleaning",
                "withdrawn": "cleaner withdraw_offer",
                "withdrawn-booked": "cleaner withdraw_offer, owner accept_offer rival",
                "superseded": "owner accept_offer rival, owner cancel_booking",
                "superseded-booked": "owner accept_offer rival",
                "superseded-cancelled": "owner cancel_cleaning",
                "superseded-expired": f"{STARTED}, clock tick",
                "deleted": "owner delete_cleaning",
            },
        )
    },
    answers="""
make_offer            owner         cleaner            rival              stranger   anonymous
open                  own_cleaning  duplicate_offer    duplicate_offer    >open             401
open-again            own_cleaning  duplicate_offer    duplicate_offer    >open             401
booked                own_cleaning  cleaning_not_open  cleaning_not_open  cleaning_not_open 401
booked-started        own_cleaning  cleaning_not_open  cleaning_not_open  cleaning_not_open 401
completed             own_cleaning  cleaning_not_open  cleaning_not_open  cleaning_not_open 401
cancelled             own_cleaning  cleaning_not_open  cleaning_not_open  cleaning_not_open 401
expired               own_cleaning  cleaning_expired   cleaning_expired   cleaning_expired  401
expired-unnoted       own_cleaning  cleaning_expired   cleaning_expired   cleaning_expired  401
expired-missed        own_cleaning  cleaning_expired   cleaning_expired   cleaning_expired  401
deleted               404           404                404                404               401

revise_offer          owner                  cleaner               rival   stranger   anonymous
pending               not_offerer            >pending                404        404         401
pending-outdated      not_offerer            >pending                404        404         401
pending-expired       not_offerer            cleaning_expired       404              404         401
accepted              not_offerer            offer_not_pending       404        404         401
accepted-completed    not_offerer            offer_not_pending       404        404         401
rejected              not_offerer            offer_not_pending       404        404         401
rejected-outdated     not_offerer            offer_not_pending       404        404         401
withdrawn             not_offerer            offer_not_pending       404        404         401
withdrawn-booked      not_offerer            offer_not_pending       404        404         401
superseded            not_offerer            offer_not_pending       404        404         401
superseded-booked     not_offerer            offer_not_pending       404        404         401
superseded-cancelled  not_offerer            offer_not_pending       404        404         401
superseded-expired    not_offerer            cleaning_expired       404              404         401
deleted               404                    404                     404        404         401

accept_offer          owner                  cleaner               rival   stranger   anonymous
pending               >accepted              not_owner               404        404         401
pending-outdated      offer_outdated         not_owner               404        404         401
pending-expired       cleaning_expired       not_owner              404              404         401
accepted              cleaning_not_open      not_owner               404        404         401
accepted-completed    cleaning_not_open      not_owner               404        404         401
rejected              offer_not_pending      not_owner               404        404         401
rejected-outdated     offer_not_pending      not_owner               404        404         401
withdrawn             offer_not_pending      not_owner               404        404         401
withdrawn-booked      cleaning_not_open      not_owner               404        404         401
superseded            offer_not_pending      not_owner               404        404         401
superseded-booked     cleaning_not_open      not_owner               404        404         401
superseded-cancelled  cleaning_not_open      not_owner               404        404         401
superseded-expired    cleaning_expired       not_owner              404              404         401
deleted               404                    404                     404        404         401

reject_offer          owner                  cleaner               rival   stranger   anonymous
pending               >rejected              not_owner               404        404         401
pending-outdated      >rejected              not_owner               404        404         401
pending-expired       >rejected              not_owner              404              404         401
accepted              offer_not_pending      not_owner               404        404         401
accepted-completed    offer_not_pending      not_owner               404        404         401
rejected              offer_not_pending      not_owner               404        404         401
rejected-outdated     offer_not_pending      not_owner               404        404         401
withdrawn             offer_not_pending      not_owner               404        404         401
withdrawn-booked      offer_not_pending      not_owner               404        404         401
superseded            offer_not_pending      not_owner               404        404         401
superseded-booked     offer_not_pending      not_owner               404        404         401
superseded-cancelled  offer_not_pending      not_owner               404        404         401
superseded-expired    offer_not_pending      not_owner              404              404         401
deleted               404                    404                     404        404         401

withdraw_offer        owner                  cleaner               rival   stranger   anonymous
pending               not_offerer            >withdrawn              404        404         401
pending-outdated      not_offerer            >withdrawn              404        404         401
pending-expired       not_offerer            >withdrawn             404              404         401
accepted              not_offerer            offer_not_pending       404        404         401
accepted-completed    not_offerer            offer_not_pending       404        404         401
rejected              not_offerer            offer_not_pending       404        404         401
rejected-outdated     not_offerer            offer_not_pending       404        404         401
withdrawn             not_offerer            offer_not_pending       404        404         401
withdrawn-booked      not_offerer            offer_not_pending       404        404         401
superseded            not_offerer            offer_not_pending       404        404         401
superseded-booked     not_offerer            offer_not_pending       404        404         401
superseded-cancelled  not_offerer            offer_not_pending       404        404         401
superseded-expired    not_offerer            offer_not_pending      404              404         401
deleted               404                    404                     404        404         401

renew_offer           owner                  cleaner               rival   stranger   anonymous
pending               not_offerer            offer_not_renewable     404        404         401
pending-outdated      not_offerer            >pending                404        404         401
pending-expired       not_offerer            cleaning_expired       404              404         401
accepted              not_offerer            cleaning_not_open       404        404         401
accepted-completed    not_offerer            cleaning_not_open       404        404         401
rejected              not_offerer            offer_not_renewable     404        404         401
rejected-outdated     not_offerer            >pending                404        404         401
withdrawn             not_offerer            >pending                404        404         401
withdrawn-booked      not_offerer            cleaning_not_open       404        404         401
superseded            not_offerer            >pending                404        404         401
superseded-booked     not_offerer            cleaning_not_open       404        404         401
superseded-cancelled  not_offerer            cleaning_not_open       404        404         401
superseded-expired    not_offerer            cleaning_expired       404              404         401
deleted               404                    404                     404        404         401
""",
    waiting=("make_offer",),
    conditional=("make_offer", "revise_offer", "renew_offer"),  # some currencies are whole
    changes={
        "revise_offer": ("cleaner", ""),
        "accept_offer": ("owner", ""),
        "reject_offer": ("owner", ""),
        "withdraw_offer": ("cleaner", ""),
        "renew_offer": ("cleaner", "cleaner withdraw_offer"),
    },
    load="""
INSERT INTO offers (cleaning_id, id, cleaner_id, price, currency, status, terms_revision,
    created_at, updated_at, version)
SELECT id, id, cleaner_id, 50, 'EUR',
    CASE status WHEN 'completed' THEN 'accepted' WHEN 'open' THEN 'pending' ELSE 'superseded' END,
    1, now(), now(), 1
FROM jobs;
""",
    lists=("/offers", "/offers?status=superseded"),
    damages={
        "offers_made_once": Damage(
            "",
            """
        UPDATE offers SET cleaner_id = '$cleaner_id';
        UPDATE events SET actor_id = '$cleaner_id' WHERE subject = 'offer'
        """,
        ),
        "offers_for_others": Damage(
            "",
            """
        UPDATE offers SET cleaner_id = '$owner_id' WHERE id = '$offer_id';
        UPDATE events SET actor_id = '$owner_id' WHERE subject_id = '$offer_id'
        """,
        ),
        "offers_pending": Damage(
            DONE,
            "UPDATE offers SET status = 'pending' WHERE id <> '$offer_id'",
            frozenset({"history_of_offers"}),
        ),
        "offers_accepted": Damage(
            BOOKED,
            "UPDATE offers SET status = 'accepted' WHERE id <> '$offer_id'",
            frozenset({"history_of_offers"}),
        ),
        "offers_superseded": Damage("", "UPDATE offers SET status = 'superseded'"),
        "offers_wording": Damage("", "UPDATE offers SET terms_revision = 2"),
        "offers_currency": Damage("", "UPDATE offers SET currency = 'CHF'"),
        "events_of_offers": Damage(
            "", "UPDATE events SET actor_id = '$stranger_id' WHERE subject = 'offer'"
        ),
        "offers_actors": Damage(
            "cleaner revise_offer", "UPDATE events SET actor_id = '$owner_id' WHERE kind = 'edited'"
        ),
    },
    leftovers=(
        (
            "cleaner delete_user",
            "UPDATE offers SET message = 'From Anna' WHERE cleaner_id = '$cleaner_id'",
        ),
    ),
    distributed=("offers",),
)
