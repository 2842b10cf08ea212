"""Threads."""

from tests.factories.offers import MadeOffer


def thread_of(offer: MadeOffer) -> str:
    """The path of the thread of an offer."""
    return f"{offer.job.path}/threads/{offer.cleaner.id}"
