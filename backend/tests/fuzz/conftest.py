"""What exploring the service needs."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.factories.users import Market
from tests.fuzz.explorer import Explorer
from tests.fuzz.wire import Run


@pytest.fixture
async def run() -> Run:
    """Runs what is asynchronous, in the event loop of the service."""
    return asyncio.get_running_loop().run_until_complete


@pytest.fixture
def explorer(
    market: Market, run: Run, record_property: Callable[[str, object], None]
) -> Iterator[Explorer]:
    """The sender of the cases, which counts them."""
    explorer = Explorer(market, run)
    yield explorer
    record_property("cases", explorer.cases)
    assert explorer.done, "nothing ever went through"
