"""Connecting to whichever host of the database takes writes."""

import pytest

from app.core.config import Settings
from app.postgres.faults import GONE
from app.postgres.hosts import Hosts
from dev.postgres import free_port
from tests.server import settings_for


@pytest.fixture
def settings(server: str, database_name: str) -> Settings:
    """Settings of the tests' database, with its host named."""
    return settings_for(server, database_name)


def hosts_at(settings: Settings, *hosts: str) -> Hosts:
    """The same database, as if it was on several hosts."""
    return Hosts(settings.sqlalchemy_url.update_query_dict({"host": hosts}), settings)


def host(settings: Settings) -> str:
    url = settings.sqlalchemy_url
    return f"{url.host}:{url.port}"


class TestHosts:
    async def test_are_walked_until_one_answers(self, settings: Settings) -> None:
        nobody, right = f"127.0.0.1:{free_port()}", host(settings)
        hosts = hosts_at(settings, nobody, right)
        assert hosts.last == nobody
        connection = await hosts.connect()
        await connection.close()
        assert hosts.last == right

    async def test_that_all_are_wrong_is_an_error(self, settings: Settings) -> None:
        hosts = hosts_at(settings, *(f"127.0.0.1:{free_port()}" for _ in range(2)))
        with pytest.raises(GONE):
            await hosts.connect()

    async def test_may_be_one_with_options_of_the_driver(self, settings: Settings) -> None:
        url = settings.sqlalchemy_url.update_query_dict(
            {"statement_cache_size": "0", "prepared_statement_cache_size": "0"}
        )
        connection = await Hosts(url, settings).connect()
        assert await connection.fetchval("SHOW timezone") == "UTC"
        await connection.close()

    async def test_limit_how_long_anything_takes(self, settings: Settings) -> None:
        connection = await Hosts(settings.sqlalchemy_url, settings).connect()
        assert await connection.fetchval("SHOW statement_timeout") == "2s"
        assert await connection.fetchval("SHOW lock_timeout") == "1s"
        assert await connection.fetchval("SHOW idle_in_transaction_session_timeout") == "10s"
        await connection.close()
