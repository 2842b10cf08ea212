"""The states of offers, and the moves between them."""

from enum import StrEnum

from app.core.errors import IllegalMove
from app.db.models.states.moves import Move


class OfferStatus(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class OfferNotPending(IllegalMove):
    code = "offer_not_pending"
    detail = "The offer is not pending."
    thing = "offer"


class OfferNotAccepted(IllegalMove):
    code = "offer_not_accepted"
    detail = "The offer is not accepted."
    thing = "offer"


class OfferNotRenewable(IllegalMove):
    code = "offer_not_renewable"
    detail = "The offer can't be renewed in its present state."
    thing = "offer"


PENDING, ACCEPTED, REJECTED, WITHDRAWN, SUPERSEDED = OfferStatus


class OfferMove:
    """The moves of an offer.

    One that is rejected, or that is pending for former terms of its job, can be renewed under
    further conditions: see `Offer.renew`.
    """

    REVISE = Move("revised", [PENDING], PENDING, OfferNotPending)
    ACCEPT = Move("accepted", [PENDING], ACCEPTED, OfferNotPending)
    REJECT = Move("rejected", [PENDING], REJECTED, OfferNotPending)
    WITHDRAW = Move("withdrawn", [PENDING], WITHDRAWN, OfferNotPending)
    RENEW = Move("renewed", [SUPERSEDED, WITHDRAWN], PENDING, OfferNotRenewable)
    # The cleaner or the owner cancels the booking, or the cleaner does not appear.
    GIVE_UP = Move("given up", [ACCEPTED], WITHDRAWN, OfferNotAccepted)
    LOSE = Move("given up", [ACCEPTED], SUPERSEDED, OfferNotAccepted)
