"""Who may do what in which state: the answer to each operation, in each state, for each role."""

# How each state comes about. What follows a hyphen tells states of one name apart.
COMPLETED = "owner accept_offer, owner complete_booking"
CANCELLED = "owner accept_offer, owner cancel_booking"
STARTED = "clock start"
MISSED = f"owner accept_offer, {STARTED}, owner miss_booking"
STATES = {
    "cleaning": {
        "open": "",
        "open-again": CANCELLED,
        "booked": "owner accept_offer",
        "completed": COMPLETED,
        "booked-started": f"owner accept_offer, {STARTED}",
        "cancelled": "owner cancel_cleaning",
        "expired": f"{STARTED}, clock tick",
        "expired-unnoted": STARTED,
        "expired-missed": MISSED,
        "deleted": "owner delete_cleaning",
    },
    "offer": {
        "pending": "",
        "pending-outdated": "owner edit_cleaning",
        "pending-expired": STARTED,
        "accepted": "owner accept_offer",
        "accepted-completed": COMPLETED,
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
    "booking": {
        "scheduled": "owner accept_offer",
        "scheduled-later": "owner accept_offer",
        "scheduled-started": f"owner accept_offer, {STARTED}",
        "scheduled-reported": f"owner accept_offer, {STARTED}, cleaner report_completion",
        "completed": COMPLETED,
        "completed-evaluated": f"{COMPLETED}, owner evaluate_booking, cleaner evaluate_booking",
        "cancelled": CANCELLED,
        "cancelled-later": CANCELLED,
        "no_show": MISSED,
    },
}
ROLES = ("owner", "cleaner", "rival", "stranger", "anonymous")

# Under the name of each operation, what each role is answered in each state: the state that comes
# of it behind a >, or the code of the error; 401 is unauthenticated, 404 that there is no such
# thing. The cleaner and the rival have both made an offer; the operation is about the cleaner's.
TABLE = """
edit_cleaning         owner                  cleaner                rival  stranger   anonymous
open                  >open                  not_owner         not_owner  not_owner         401
open-again            >open                  not_owner         not_owner  not_owner         401
booked                cleaning_not_open      not_owner         not_owner  not_owner         401
booked-started        cleaning_not_open      not_owner              not_owner  not_owner         401
completed             cleaning_not_open      not_owner         not_owner  not_owner         401
cancelled             cleaning_not_open      not_owner         not_owner  not_owner         401
expired               cleaning_expired       not_owner              not_owner  not_owner         401
expired-unnoted       cleaning_expired       not_owner              not_owner  not_owner         401
expired-missed        cleaning_expired       not_owner              not_owner  not_owner         401
deleted               404                    404                     404        404         401

delete_cleaning       owner                  cleaner               rival   stranger   anonymous
open                  >deleted               not_owner         not_owner  not_owner         401
open-again            cleaning_booked        not_owner         not_owner  not_owner         401
booked                cleaning_booked        not_owner         not_owner  not_owner         401
booked-started        cleaning_booked        not_owner              not_owner  not_owner         401
completed             cleaning_booked        not_owner         not_owner  not_owner         401
cancelled             >deleted               not_owner         not_owner  not_owner         401
expired               >deleted               not_owner              not_owner  not_owner         401
expired-unnoted       >deleted               not_owner              not_owner  not_owner         401
expired-missed        cleaning_booked        not_owner              not_owner  not_owner         401
deleted               404                    404                     404        404         401

cancel_cleaning       owner                  cleaner               rival   stranger   anonymous
open                  >cancelled             not_owner         not_owner  not_owner         401
open-again            >cancelled             not_owner         not_owner  not_owner         401
booked                >cancelled             not_owner         not_owner  not_owner         401
booked-started        booking_started        not_owner              not_owner  not_owner         401
completed             cleaning_ended         not_owner         not_owner  not_owner         401
cancelled             cleaning_ended         not_owner         not_owner  not_owner         401
expired               cleaning_expired       not_owner              not_owner  not_owner         401
expired-unnoted       cleaning_expired       not_owner              not_owner  not_owner         401
expired-missed        cleaning_expired       not_owner              not_owner  not_owner         401
deleted               404                    404                     404        404         401

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
"""
