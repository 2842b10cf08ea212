"""Lists with filters: which objects are wanted, and in which order."""

from enum import StrEnum
from typing import Literal

from sqlmodel import Field

from app.db.models.categories import Slug
from app.db.models.fields import Area, Currency, PersonName, PriceLimit, QueryMoment, SearchWords
from app.db.models.pages import PageParameters
from app.db.models.searched import Language
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.terms import CleaningType


class ListingSort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    PRICE = "price"
    PRICE_DESCENDING = "-price"


class ListingFilters(PageParameters):
    """The filters that jobs and packages have in common. Each list adds its own `status`."""

    currency: Currency | None = Field(
        default=None,
        description="That of the price. To filter by price or sort by it means the currency of the "
        "market unless another is given",
    )
    min_price: PriceLimit | None = None
    max_price: PriceLimit | None = None
    q: SearchWords | None = Field(
        default=None,
        description="Words to be found in the name or the description, by the rules of their "
        "language. Without a `language`, texts in the languages of the market are searched. "
        "Accents and other marks may be left out. The best of the newest 200 matches are given, "
        "unless `sort` asks for all of them in another order. Words with more than 2,000 matches "
        "are looked for among the newest 10,000 first. Punctuation separates words: "
        "`kitchen/bathroom` finds these two, one after the other. If nothing is found, the last "
        "word counts as the beginning of a word, from three letters on",
        schema_extra={"examples": ["scrubbing ovens"]},
    )
    language: Language | None = Field(
        default=None,
        description="The language of the name and the description (ISO 639-1). With a `q`, also "
        "languages are searched that are not those of the market",
        schema_extra={"examples": ["de"]},
    )
    area: Area | None = Field(default=None, description="The whole area, in any case")
    category: Slug | None = Field(
        default=None,
        description="The slug of a category, which includes all beneath it",
        schema_extra={"examples": ["window-cleaning"]},
    )
    sort: ListingSort | None = Field(default=None, description="`newest` unless there is a `q`")

    @property
    def compares_prices(self) -> bool:
        """Whether prices are compared, which they can be in one currency only."""
        by_price = self.sort in (ListingSort.PRICE, ListingSort.PRICE_DESCENDING)
        return by_price or self.min_price is not None or self.max_price is not None


class CleaningFilters(ListingFilters):
    """Which jobs are wanted."""

    status: CleaningStatus | Literal["any"] = Field(
        default=CleaningStatus.OPEN,
        description="`expired` finds a job within a minute after its start. Until then it is only "
        "among `any`, where it is shown as expired",
    )
    owner: PersonName | Literal["me"] | None = Field(
        default=None, description="A username or the id of a person, or `me` for the caller"
    )
    cleaning_type: CleaningType | None = None
    starts_after: QueryMoment | None = Field(default=None, description="At this time or later")
    starts_before: QueryMoment | None = Field(default=None, description="Before this time")
