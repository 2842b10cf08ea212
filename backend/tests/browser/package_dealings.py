"""What a customer and a cleaner do about a package, by the API."""

from random import Random

import httpx

from app.core.catalogues import SOURCE
from dev.demo_people import Person
from dev.demo_texts import texts_in


async def deal(address: str, customer: str, cleaner: str) -> dict[str, str]:
    """A cleaner sells a package; a customer asks about it, and orders it.

    Args:
        address: The address of the service.
        customer: The username of the customer, of the people of `make demo`.
        cleaner: That of the cleaner.

    Returns:
        The ids of the package, the question, its answer and the order, which awaits its acceptance.
    """
    async with httpx.AsyncClient(base_url=address) as client:
        buyer, seller = [
            Person(client, name, name, Random(name), texts_in(SOURCE))  # noqa: S311 (no secret)
            for name in (customer, cleaner)
        ]
        for person in (buyer, seller):
            await person.log_in()
        terms = {"name": "Shop windows", "price": "45", "category": "window-cleaning", "stock": 3}
        package = await seller("POST", "/packages", terms)
        there = f"/packages/{package['id']}"
        await seller("PATCH", there, {"description": "Inside and outside."})
        package = await seller("POST", f"{there}/publication")

        question = await buyer("POST", f"{there}/questions", {"text": "With frames?"})
        asked = f"{there}/questions/{question['id']}"
        await buyer("PATCH", asked, {"text": "With the frames?"})
        answer = await seller("POST", f"{asked}/answers", {"text": "Yes."})
        await seller("PATCH", f"{asked}/answers/{answer['id']}", {"text": "Yes, with all frames."})
        item = {"package_id": package["id"], "revision": package["revision"], "quantity": 2}
        place = {"area": "Mitte", "address": "1 High Street", "note": "Ring twice."}
        draft = {"items": [item], "starts_at": "2100-05-17T09:00:00Z", **place}
        order = await buyer("POST", "/orders", draft)
    return {
        "package_id": package["id"],
        "question_id": question["id"],
        "answer_id": answer["id"],
        "order_id": order["id"],
    }
