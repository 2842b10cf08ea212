"""How offers look to the caller, with the job that each is for and the booking that it led to."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import aliased

from app.db.models.bookings import Booking, Role
from app.db.models.cleanings import Cleaning
from app.db.models.offers import Offer, OfferBooking, OfferPublic
from app.db.models.states.offers import OfferStatus
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.person_views import Person
from app.db.repositories.views import cleaning_summary, evaluations_given, is_live
from app.postgres.statements import col, inline


class OfferView:
    """An offer, to be shown with its cleaner.

    Args:
        offer: The table class of the offers, or an alias of it.
        cleaning: The table class of the jobs, or the columns of those that the offers are for.
        cleaner_id: Who made it, if that is known: then they are looked up once for all offers.
        summary: Makes the job as JSON. If the statement reads only jobs that the caller may see,
            it need not ask that for each offer.
    """

    def __init__(
        self,
        offer: Any = Offer,
        cleaning: Any = Cleaning,
        cleaner_id: Any = None,
        summary: Callable[[Any], ColumnElement[Any]] = cleaning_summary,
    ) -> None:
        self._offer, self._cleaning, self._summary = offer, cleaning, summary
        cleaner_id = col(offer.cleaner_id) if cleaner_id is None else cleaner_id
        self.cleaner = Person(cleaner_id, Role.CLEANER)

    @property
    def visible(self) -> ColumnElement[bool]:
        """Whether the offer is the caller's, or one for their job that is not hidden."""
        return or_(
            col(self._offer.cleaner_id) == CALLER_ID,
            and_(col(Cleaning.owner_id) == CALLER_ID, col(self._offer.hidden_at).is_(None)),
        )

    @property
    def _booking(self) -> ColumnElement[Any]:
        offer, booking = self._offer, aliased(Booking)
        made = (
            select(json_object(OfferBooking, booking, **evaluations_given(booking)))
            .where(
                col(booking.cleaning_id) == offer.cleaning_id,
                col(booking.offer_id) == offer.id,
                is_live(booking),
            )
            .correlate_except(booking)
            .scalar_subquery()
        )
        # Only an accepted offer has one; asking for that first spares the subquery.
        return case((col(offer.status) == inline(OfferStatus.ACCEPTED), made))

    @property
    def json(self) -> ColumnElement[Any]:
        """The offer as JSON."""
        return json_object(
            OfferPublic,
            self._offer,
            outdated=col(self._offer.terms_revision) < self._cleaning.terms_revision,
            cleaning=self._summary(self._cleaning),
            booking=self._booking,
            hidden=col(self._offer.hidden_at).is_not(None),
            cleaner=self.cleaner.json,
        )
