"""Export, erasure and expiry of offers."""

from sqlalchemy import and_, null

from app.db.models.offers import Offer
from app.db.models.privacy.offers import OfferExport
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section, changing
from app.postgres.statements import col

OFFERS = Part(
    source=Offer,
    item=json_object(OfferExport, Offer),
    key=col(Offer.id),
    own=col(Offer.cleaner_id) == CALLER_ID,
)
WITH_MESSAGE = and_(col(Offer.cleaner_id) == USER_ID, col(Offer.message).is_not(None))

PRIVACY = Privacy(
    export=(Section("offers", OfferExport, (OFFERS,)),),
    erase=(changing(Offer, WITH_MESSAGE, message=null()),),
)
