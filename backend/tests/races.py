"""Concurrent requests, each on a connection of its own."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from httpx import Response

TRIES = 50
Request = Coroutine[Any, Any, Response]


async def race(attempt: int, *requests: Request) -> list[Response]:
    """Sends requests at once; in half of the attempts in turned order, with varying head starts."""

    async def send(place: int, request: Request) -> Response:
        await asyncio.sleep(place * (attempt // 2 % 10) / 2000)
        return await request

    turn = -1 if attempt % 2 else 1
    sent = [send(place, request) for place, request in enumerate(requests[::turn])]
    return (await asyncio.gather(*sent))[::turn]


def outcome(*responses: Response) -> list[Any]:
    """What was answered: the status of a success, the code of a problem."""
    return [
        response.status_code if response.is_success else response.json()["code"]
        for response in responses
    ]
