"""The form of a new order, with the packages to choose from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.order_items import MOST_PIECES
from app.db.models.package_shapes import PackageFilters
from app.db.models.packages import PackageNotFound
from app.db.repositories.package_choices import ChoiceReader
from app.db.repositories.packages import PackageReader
from app.db.repositories.pages import Page, PageRequest
from app.web.formats import parse_number
from app.web.forms import Form
from app.web.rendering import Template
from app.web.views import json_list
from app.web.views.packages import PACKAGES, Package
from app.web.views.people import Person
from app.web.visits import Visit

NEW = "/orders/new"
MOST_OFFERED = 50
"""The number of packages to choose from on a page, besides those that are chosen."""
BEGAN_WITH = "package"
"""The field with the package that an order began with."""
CLEANER, CURRENCY = "cleaner", "currency"
"""The fields that tell which packages can be ordered if none of those that were chosen is offered
any more."""
CHOSEN = "chosen"
"""The field that says that quantities were entered, so that none of them is 1 by default."""
AFTER = "after"
"""The parameter with the last package of the previous page."""
GONE = N_("A package that you chose is not offered any more.")


@dataclass(frozen=True)
class Choice:
    """A package to choose.

    Args:
        package: The package.
        entered: The quantity as it was entered; nothing counts as 0.
        is_refused: Whether it is the reason why the order was refused.
    """

    package: Package
    entered: str
    is_refused: bool

    @property
    def quantity(self) -> int | None:
        """How many pieces are chosen; None if that is no possible number."""
        number = parse_number(self.entered or "0")
        return number if number is not None and 0 <= number <= MOST_PIECES else None

    @property
    def price(self) -> Decimal:
        """The price of all pieces."""
        return self.package.price * (self.quantity or 0)


@dataclass(frozen=True)
class NewOrderPage(Template, file="orders/new.html"):
    """The form of a new order.

    Args:
        form: The start and the place.
        first: The id of the package that the order began with.
        began_with: This package; None if it is not offered any more.
        offer: The cleaner and the currency of the packages.
        picked: This package and the chosen ones, as far as they are offered.
        others: Other packages of the same cleaner.
        more: The address of the page with more of them.
        most: The largest quantity of a package.
    """

    form: Form
    first: UUID
    began_with: Package | None
    offer: PackageFilters
    picked: list[Choice]
    others: list[Choice]
    more: str | None
    most: int

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the template: also the seller, what is chosen, its price, and more."""
        chosen = [choice for choice in self.picked if choice.quantity]
        return super().variables | {
            "seller": self.seller,
            "chosen": chosen,
            "total": sum((choice.price for choice in chosen), Decimal()),
            "is_right": all(choice.quantity is not None for choice in self.picked),
        }

    @property
    def seller(self) -> Person | None:
        """The cleaner; None without any package on the page."""
        return next((it.package.cleaner for it in (*self.picked, *self.others)), None)


async def order_form(visit: Visit) -> Response:
    """The form of a new order.

    Packages that are not visible to the caller are answered like those that do not exist.

    Raises:
        PackageNotFound: It began with no package, or neither a visible package nor an entry tells
            the cleaner.
    """
    entered = visit.form or visit.asked()
    first = id_of(entered.value(BEGAN_WITH))
    if first is None:
        raise PackageNotFound
    wanted = wanted_in(entered, first)
    chosen = await read_chosen(visit, dict.fromkeys((first, *wanted)))
    form = visit.form_at(NEW)
    if any(each not in chosen for each in wanted):
        form.problems.setdefault("items", visit.translate(GONE))
    leading = next(iter(chosen.values()), None)
    picked = [it for it in chosen.values() if leading and it.is_beside(leading)]
    offer = offer_of(leading) if leading else offer_in(visit, entered)
    page = await read_offered(visit, offer, id_of(entered.value(AFTER)))
    others = [it for it in PACKAGES.validate_json(json_list(page)) if it.id not in chosen]
    content = NewOrderPage(
        form=form,
        first=first,
        began_with=chosen.get(first),
        offer=offer,
        picked=[choice_of(visit, it, wanted.get(it.id, "")) for it in picked],
        others=[choice_of(visit, it, "") for it in others],
        more=address_after(page.next[0], first, offer, wanted) if page.next else None,
        most=MOST_PIECES,
    )
    return visit.page(content)


def id_of(text: str) -> UUID | None:
    """The id that a text is; None if it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def quantities_in(form: Form) -> dict[UUID, str]:
    """The quantities as they were entered, in fields that are named by the ids of packages."""
    return {
        package_id: form.value(name).strip()
        for name in form.values
        if (package_id := id_of(name)) is not None
    }


def wanted_in(form: Form, first: UUID) -> dict[UUID, str]:
    """The quantities that are not 0, as they were entered.

    Args:
        form: The form.
        first: The package that the order began with, of which one is wanted by default.
    """
    quantities = quantities_in(form)
    if not quantities and not form.value(CHOSEN):
        return {first: "1"}
    return {each: text for each, text in quantities.items() if parse_number(text or "0") != 0}


async def read_chosen(visit: Visit, ids: Collection[UUID]) -> dict[UUID, Package]:
    """Those of some packages that are visible to the caller, in the same order."""
    texts = await ChoiceReader(visit.reads).chosen(visit.caller, ids)
    found = {it.id: it for it in map(Package.model_validate_json, texts)}
    return {each: found[each] for each in ids if each in found}


def offer_of(package: Package) -> PackageFilters:
    """The packages that can be ordered together with another one."""
    return PackageFilters(cleaner=str(package.cleaner.id), currency=package.currency)


def offer_in(visit: Visit, entered: Form) -> PackageFilters:
    """The packages that can be ordered, by what was entered.

    Raises:
        PackageNotFound: The cleaner is missing.
    """
    kept = {name: entered.chosen(name) for name in (CLEANER, CURRENCY)}
    offer = visit.filters(PackageFilters, Form(NEW, kept, visit.renderer.formats))
    if offer.cleaner is None:
        raise PackageNotFound
    return offer.model_copy(update={CURRENCY: offer.currency or visit.site.currency})


async def read_offered(visit: Visit, offer: PackageFilters, after: UUID | None) -> Page:
    """A page of the packages that can be ordered together.

    Args:
        visit: The request.
        offer: Their cleaner and their currency.
        after: The last package of the previous page.
    """
    request = PageRequest(MOST_OFFERED, (str(after),) if after else None)
    reader, site = PackageReader(visit.reads), visit.site
    found = await reader.browse(visit.caller, offer, request, site.currency, site.languages)
    return found.page


def address_after(last: str, first: UUID, offer: PackageFilters, wanted: Mapping[UUID, str]) -> str:
    """The address of the next page, with all that is chosen.

    Args:
        last: The last package of this page.
        first: The package that the order began with.
        offer: The cleaner and the currency of the packages.
        wanted: The quantities.
    """
    quantities = {str(each): text for each, text in wanted.items()}
    begun = {BEGAN_WITH: str(first), CLEANER: offer.cleaner, CURRENCY: offer.currency}
    query = {**begun, CHOSEN: "true", **quantities, AFTER: last}
    return f"{NEW}?{urlencode(query)}"


def choice_of(visit: Visit, package: Package, entered: str) -> Choice:
    """A package with the quantity that was entered, and whether an order of it was refused."""
    refused = visit.refused
    is_meant = refused is not None and refused.members.get("package_id") == str(package.id)
    return Choice(package, entered, is_refused=is_meant)
