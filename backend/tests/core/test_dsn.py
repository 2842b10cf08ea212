"""Addresses of databases, on one host or several."""

from typing import Any

import pytest

from app.core.config import Settings

REPLICAS = "third:5432, fourth:5434"


def settings(**values: Any) -> Settings:
    return Settings(environment="development", **values)


class TestSeveralHosts:
    @pytest.mark.parametrize(
        "given",
        [
            {"postgres_server": "first:5433, second", "postgres_user": "anna", "postgres_db": "db"},
            {"database_url": "postgresql://anna@first:5433,second/db"},
            {"database_url": "postgres://anna:a%2Cb@first:5433,second:5432/db"},
        ],
    )
    def test_have_a_port_each_and_one_of_them_takes_writes(self, given: dict[str, Any]) -> None:
        url = settings(**given).sqlalchemy_url
        assert url.query["host"] == ("first:5433", "second:5432")
        assert url.query["target_session_attrs"] == "read-write"
        assert (url.username, url.database, url.host) == ("anna", "db", None)

    def test_may_want_encryption(self) -> None:
        url = settings(database_url="postgresql://first,second/db?sslmode=require").sqlalchemy_url
        assert url.query["ssl"] == "require"
        assert url.query["host"] == ("first:5432", "second:5432")

    @pytest.mark.parametrize("password", ["a,b", "a,b:c"])
    def test_are_not_what_a_password_says(self, password: str) -> None:
        url = settings(database_url=f"postgresql://anna:{password}@first:5433/db").sqlalchemy_url
        assert (url.host, url.port, url.password) == ("first", 5433, password)


class TestReplicas:
    def test_are_none_unless_they_are_named(self) -> None:
        assert settings().replica_urls == []

    @pytest.mark.parametrize("server", ["first", "first,second"])
    def test_differ_in_their_hosts(self, server: str) -> None:
        urls = settings(postgres_server=server, postgres_replicas=REPLICAS).replica_urls
        assert [(url.host, url.port) for url in urls] == [("third", 5432), ("fourth", 5434)]
        assert {url.database for url in urls} == {"marketplace"}
        assert not any(url.query for url in urls)
