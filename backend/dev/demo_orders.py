"""The orders of the demo market, and what becomes of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from dev.demo_people import Person, happens

FATES = ("acceptance", "placed", "declination", "cancellation", "acceptance")
"""The steps after the placing, in turn; orders without one await an answer."""
MOST_PIECES = 2


async def order_packages(
    customers: Sequence[Person], cleaners: Sequence[Person], number: int, random: Random
) -> None:
    """Customers order packages, one after the other, so that the stocks don't depend on chance.

    Args:
        customers: The customers.
        cleaners: The cleaners, who have published their packages.
        number: The number of orders.
        random: The source of all choices.
    """
    for place in range(number):
        customer = random.choice(customers)
        others = [cleaner for cleaner in cleaners if cleaner is not customer]
        for cleaner in random.sample(others, len(others)):
            packages = await _in_stock(customer, cleaner)
            if packages:
                await _order(customer, cleaner, packages, FATES[place % len(FATES)], random)
                break


async def _in_stock(customer: Person, cleaner: Person) -> list[dict[str, Any]]:
    page = await customer("GET", f"/packages?cleaner={cleaner.username}&limit=100")
    packages = sorted(page["items"], key=lambda package: str(package["name"]))
    return [it for it in packages if it["stock"] is None or it["stock"] >= MOST_PIECES]


async def _ask(customer: Person, cleaner: Person, package: str, random: Random) -> None:
    """The customer asks a question about a package, which its cleaner answers."""
    text, answer = random.choice(customer.texts.package_questions)
    question = await customer("POST", f"{package}/questions", {"text": text})
    await cleaner("POST", f"{package}/questions/{question['id']}/answers", {"text": answer})


async def _order(
    customer: Person, cleaner: Person, packages: list[dict[str, Any]], fate: str, random: Random
) -> None:
    chosen = random.sample(packages, min(len(packages), random.randint(1, 2)))
    if fate != "placed":
        await _ask(customer, cleaner, f"/packages/{chosen[0]['id']}", random)
    starts_at = datetime.now(UTC) + timedelta(days=random.randint(3, 30))
    texts = customer.texts
    draft = {
        "items": [
            {
                "package_id": package["id"],
                "revision": package["revision"],
                "quantity": random.randint(1, MOST_PIECES),
            }
            for package in chosen
        ],
        "starts_at": starts_at.replace(hour=9, minute=0, second=0, microsecond=0).isoformat(),
        "area": random.choice(texts.areas),
        "address": texts.address_of(random),
        "note": random.choice(texts.details) if happens(random, 0.5) else None,
    }
    order = await customer("POST", "/orders", draft)
    path = f"/orders/{order['id']}"
    if fate == "cancellation":
        await customer("POST", f"{path}/{fate}", {"reason": random.choice(texts.cancelled) or None})
    elif fate == "declination":
        await cleaner("POST", f"{path}/{fate}", {"reason": random.choice(texts.called_off)})
    elif fate == "acceptance":
        await cleaner("POST", f"{path}/{fate}")
