"""Lists with filters and orders: of jobs, and of packages."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, Numeric, Text, and_, or_

from app.core.languages import Languages
from app.core.names import text_key
from app.db.models.listings import ListingFilters
from app.db.repositories.base import CALLER_ID
from app.db.repositories.blocks import finds
from app.db.repositories.category_filters import CATEGORY, is_beneath
from app.db.repositories.matches import asked_in, has_words
from app.db.repositories.people import PERSON_ID, person
from app.db.repositories.person_views import Person
from app.postgres.rows import Row
from app.postgres.statements import col, optional

NO_STATE = ""
"""A state that no row has."""

Condition = Callable[[Any], ColumnElement[bool]]
"""A condition, made for the columns of some rows."""


class View(Protocol):
    """An object as it is shown, with the account that it belongs to."""

    owner: Person

    def json(self) -> ColumnElement[Any]:
        """The object as JSON."""


TEXTS = ("status", "mine", "currency", "language", "area", "q")
ASKED: Mapping[str, BindParameter[Any]] = {
    **{name: optional(name, Text()) for name in TEXTS},
    **{name: optional(name, Numeric()) for name in ("min_price", "max_price")},
    "category": CATEGORY,
}
"""The arguments of the filters that all lists have; null for those that are not given."""


class Listing:
    """A kind of object that is listed: how its rows are filtered, ordered and shown.

    Args:
        model: The table class. Its table has the columns `id`, `status`, `currency`, `price`,
            `area_key`, `category`, `language` and `search`, and an index for each order and each
            filter in `walked`, also by category, status and the keys of each order.
        view: Shows rows, as the table class or other columns have them.
        owner: The column of the account that a row belongs to.
        person: The name of the filter by this account.
        statuses: The states.
        shown: The conditions under which rows are listed for others than their owner, whose
            account must not be blocked either.
        filters: Further filters, or other conditions of those that all lists have.
        asked: The arguments of the further filters.
        kept: The conditions of rows that are listed at all.
        public: The only state in which rows are listed for others than their owner, if not all.
    """

    def __init__(
        self,
        model: type[Row],
        view: Callable[[Any], View],
        *,
        owner: str,
        person: str,
        statuses: type[StrEnum],
        shown: Sequence[Condition],
        filters: Mapping[str, Condition],
        asked: Mapping[str, BindParameter[Any]],
        kept: Sequence[Condition] = (),
        public: StrEnum | None = None,
    ) -> None:
        self.model, self.view, self.statuses = model, view, statuses
        self.table = model.metadata.tables[str(model.__tablename__)]
        self._owner, self._person, self._shown, self._kept = owner, person, shown, kept
        self._public = public
        self.asked = {**ASKED, person: optional(person, Text()), **asked}
        self.filters: dict[str, Condition] = {
            "status": lambda rows: rows.status == ASKED["status"],
            "mine": lambda rows: self.owner(rows) == CALLER_ID,
            person: lambda rows: self.owner(rows) == PERSON_ID,
            "currency": lambda rows: rows.currency == ASKED["currency"],
            "min_price": lambda rows: rows.price >= ASKED["min_price"],
            "max_price": lambda rows: rows.price <= ASKED["max_price"],
            "area": lambda rows: rows.area_key == ASKED["area"],
            "category": is_beneath,
            "language": lambda rows: rows.language == ASKED["language"],
            "q": has_words,
            **filters,
        }
        self.in_order_of_id = frozenset({"status", "mine", person})
        """Filters by the first columns of an index that has the rows in the order of their ids."""
        self.walked = self.in_order_of_id | {"area"}
        """The filters that are the first columns of an index whose last one is the id."""

    def owner(self, rows: Any) -> ColumnElement[Any]:
        """The account that rows belong to."""
        column: ColumnElement[Any] = rows[self._owner]
        return column

    def found(self, rows: Any, owner: Any) -> ColumnElement[bool]:
        """Whether rows are listed for the caller, as far as it depends on their owner.

        Args:
            rows: The columns of the rows.
            owner: The table class of the accounts that is joined for their owner.
        """
        return and_(col(owner.blocked_at).is_(None), finds(self.owner(rows)))

    def asked_for(
        self, filters: ListingFilters, currency: str, languages: Languages
    ) -> dict[str, Any]:
        """The arguments of the filters that are given, by the names of the filters.

        Args:
            filters: The filters of a request.
            currency: The currency of prices, if the request names none.
            languages: The languages of the market.
        """
        content = filters.__dict__  # to have the model dumped takes as long as all the rest
        asked = {
            name: value
            for name, value in content.items()
            if value is not None and name in self.filters
        }
        if asked["status"] == "any":
            del asked["status"]
        named = content[self._person]
        if named == "me":
            asked["mine"] = asked.pop(self._person)
        elif named is not None:
            asked |= person(named)
        if self._public and named != "me":
            is_public = asked.get("status", self._public) == self._public
            asked["status"] = self._public if is_public else NO_STATE
        if filters.area is not None:
            asked["area"] = text_key(filters.area)
        if filters.compares_prices:
            asked.setdefault("currency", currency)
        if filters.q is not None:
            asked |= asked_in(languages, filters.language)
        return asked

    def given(self, asked: Mapping[str, Any]) -> frozenset[str]:
        """The names of the filters among the arguments of a request."""
        return frozenset(self.filters.keys() & asked)

    def matching(
        self, rows: Any, fixed: Iterable[str], nullable: Iterable[str]
    ) -> Iterator[ColumnElement[bool]]:
        """The conditions of filters.

        Args:
            rows: The columns of the rows.
            fixed: The filters that are given.
            nullable: The filters that may be given: those whose argument is null match all rows.
        """
        for name in sorted(fixed):
            yield self.filters[name](rows)
        for name in sorted(nullable):
            yield or_(self.asked[name].is_(None), self.filters[name](rows))

    def existing(
        self, rows: Any, fixed: Collection[str], nullable: Collection[str]
    ) -> Iterator[ColumnElement[bool]]:
        """The conditions under which rows are listed; owners who ask for their own see all.

        Args:
            rows: The columns of the rows.
            fixed: The filters that are given.
            nullable: The filters that may be given.
        """
        for kept in self._kept:
            yield kept(rows)
        for shown in self._shown:
            if "mine" in nullable:
                yield or_(self.asked["mine"].is_not(None), shown(rows))
            elif "mine" not in fixed:
                yield shown(rows)
