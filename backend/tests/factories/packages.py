"""Packages."""

from dataclasses import dataclass
from typing import Any

from tests.factories.categories import make_category
from tests.factories.users import Actor, Market, make_user

TERMS: dict[str, Any] = {
    "name": "Windows of a flat",
    "description": "Up to ten, inside and outside",
    "price": "69.00",
    "currency": "CHF",
    "duration": 120,
    "area": "Old Town",
    "category": "windows",
}
"""All terms of a package."""


CATEGORY = "windows"


async def offer_category(market: Market) -> None:
    """Has staff make the category of the packages, unless there is one."""
    found = await market.app.state.database.fetch(
        "SELECT FROM categories WHERE slug = $1", [CATEGORY]
    )
    if not found:
        await make_category(market, slug=CATEGORY)


@dataclass(frozen=True)
class MadePackage:
    """A package, as its seller sees it."""

    seller: Actor
    data: dict[str, Any]
    etag: str

    @property
    def path(self) -> str:
        return f"/packages/{self.data['id']}"


async def make_draft(market: Market, seller: Actor | None = None, **draft: Any) -> MadePackage:
    """A package that is not published yet."""
    seller = seller or await make_user(market)
    await offer_category(market)
    content = {"name": "Oven", "price": "50.00", "category": CATEGORY, **draft}
    response = await seller.post("/packages", content)
    assert response.status_code == 201, response.text
    return MadePackage(seller, response.json(), response.headers["ETag"])


async def make_package(market: Market, seller: Actor | None = None, **draft: Any) -> MadePackage:
    """A published package."""
    package = await make_draft(market, seller, **draft)
    response = await package.seller.post(f"{package.path}/publication")
    assert response.status_code == 200, response.text
    return MadePackage(package.seller, response.json(), response.headers["ETag"])


async def package_names(actor: Actor, **params: Any) -> list[str]:
    """The names of the packages that a user finds, in order."""
    return [item["name"] for item in await actor.items("/packages", **params)]
