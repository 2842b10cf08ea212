"""Fixtures for tests of the API."""

from collections.abc import AsyncIterator

import pytest
from asyncpg import DeadlockDetectedError
from fastapi import FastAPI

from tests.invariants import assert_invariants
from tests.statements import recorded


@pytest.fixture
async def rules_hold(app: FastAPI) -> AsyncIterator[None]:
    """Checks the rules of the marketplace after each test."""
    async with recorded(app) as statements:
        yield
    await assert_invariants(app)
    assert not [heard for heard in statements if isinstance(heard.error, DeadlockDetectedError)]
