"""The packages of the demo market, and what becomes of them."""

from random import Random
from typing import Any

from dev.demo_people import Person, happens
from dev.demo_pictures import room_for

MOST = 3
"""The largest number of packages of a cleaner."""
FATES = ("published", "paused", "archived", "draft", "published", "published", "published")
"""The states in which the packages end; the first packages of four cleaners have all of them."""


async def sell(seller: Person, number: int, random: Random) -> None:
    """A cleaner offers some packages, and edits, restocks, pauses or archives a few of them.

    Packages whose category the service does not have are left out.

    Args:
        seller: The cleaner.
        number: The number of the cleaner.
        random: The source of all choices.
    """
    texts = seller.texts
    offered = [package for package in texts.packages if seller.category(package[-1])]
    chosen = random.sample(offered, min(random.randint(1, MOST), len(offered)))
    for place, (name, description, category) in enumerate(chosen, start=number):
        price = random.randrange(25, 200, 5)
        draft: dict[str, Any] = {
            "name": name,
            "description": description,
            "language": texts.language,
            "price": price,
            "duration": random.randrange(60, 300, 30),
            "area": random.choice(texts.areas),
            "category": category,
            "stock": random.randint(3, 12) if happens(random, 0.6) else None,
        }
        package = await seller("POST", "/packages", draft)
        path, fate = f"/packages/{package['id']}", FATES[place % len(FATES)]
        if happens(random, 0.7):
            await seller.set_photos(path, [room_for(category, random)])
        if happens(random, 0.3):
            await seller("PATCH", path, {"price": price + 5})
        if draft["stock"] is not None and happens(random, 0.5):
            await seller("POST", f"{path}/stock", {"by": 5})
        if fate != "draft":
            await seller("POST", f"{path}/publication")
        if fate == "paused":
            await seller("POST", f"{path}/pause")
        if fate == "archived":
            await seller("POST", f"{path}/archival")
        seller.packages += 1
