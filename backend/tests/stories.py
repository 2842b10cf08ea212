"""Stories that several tests tell, as `Scene.play` takes them, and what they contain."""

from itertools import count

BOOKED = "owner accept_offer"
REVISED = "owner edit_cleaning, owner edit_cleaning"
CALLED_OFF = f"{BOOKED}, owner cancel_booking"
AGAIN = f"{CALLED_OFF}, cleaner renew_offer, {BOOKED}"
DONE = f"{BOOKED}, owner complete_booking"
EVALUATED = f"{DONE}, owner evaluate_booking"
DELETED = "stranger delete_user"
STARTED = "clock start"
REPORTED = f"{BOOKED}, {STARTED}, cleaner report_completion"
MISSED = f"{BOOKED}, {STARTED}, owner miss_booking"
OF_STRANGER = "stranger prepare_second_factor, stranger confirm_second_factor"
REMOVING = f"{OF_STRANGER}, staff request_second_factor_removal"
OWNER_GONE = f"{EVALUATED}, cleaner evaluate_booking, owner edit_profile, owner delete_user"

GROUNDS = {"reason": "A user complained."}
NEW_PASSWORD = "another lighthouse"

numbers = count(1)
"""Makes each body that is sent differ from the last."""
