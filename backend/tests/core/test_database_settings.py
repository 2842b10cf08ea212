"""Settings of the connection to the database."""

from pathlib import Path
from ssl import CERT_REQUIRED, TLSVersion
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import URL

from app.core.database import DatabaseSettings
from tests.core.settings import HARD, development, production

pytestmark = pytest.mark.usefixtures("no_settings")


class TestTheAddressOfTheDatabase:
    def test_is_made_of_its_parts(self) -> None:
        url = development(
            postgres_user="an@na",
            postgres_password=HARD,
            postgres_server="db",
            postgres_port=5433,
            postgres_db="jobs",
        ).sqlalchemy_url
        assert url.drivername == "postgresql+asyncpg"
        assert (url.username, url.password) == ("an@na", HARD)
        assert (url.host, url.port, url.database) == ("db", 5433, "jobs")

    def test_survives_being_written(self) -> None:
        written = development(postgres_password=HARD).sqlalchemy_url.render_as_string(
            hide_password=False
        )
        assert development(database_url=written).sqlalchemy_url.password == HARD

    @pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
    def test_is_for_our_driver(self, scheme: str) -> None:
        url = development(database_url=f"{scheme}://a:b%40c@db:5433/jobs").sqlalchemy_url
        assert url.drivername == "postgresql+asyncpg"
        assert (url.username, url.password) == ("a", "b@c")

    def test_goes_before_its_parts(self) -> None:
        settings = development(database_url="postgresql://one/jobs", postgres_server="two")
        assert settings.sqlalchemy_url.host == "one"

    @pytest.mark.parametrize("mode", ["require", "disable", "verify-full"])
    def test_says_sslmode_as_our_driver_does(self, mode: str) -> None:
        url = development(database_url=f"postgresql://db/jobs?sslmode={mode}").sqlalchemy_url
        assert url.query == {"ssl": mode}
        assert connect_arguments(url)["ssl"] == mode

    def test_may_name_a_socket(self) -> None:
        url = development(database_url="postgresql://anna@/jobs?host=/var/run/pg").sqlalchemy_url
        assert connect_arguments(url)["host"] == "/var/run/pg"
        assert connect_arguments(url)["database"] == "jobs"


def connect_arguments(url: URL) -> dict[str, Any]:
    """What the driver is given."""
    dialect: Any = url.get_dialect()
    arguments: dict[str, Any] = dialect().create_connect_args(url)[1]
    return arguments


REMOTE = "postgresql://anna@db.example/jobs"
HERE = [
    "postgresql://anna@/jobs",
    "postgresql://anna@/jobs?host=/var/run/pg",
    "postgresql://anna@localhost/jobs",
    "postgresql://anna@127.8.9.10:5433/jobs",
    "postgresql://anna@[::1]/jobs",
    "postgresql://anna@/jobs?host=127.0.0.1:5432&host=localhost:5433",
]
ELSEWHERE = [
    REMOTE,
    "postgresql://anna@192.0.2.7/jobs",
    "postgresql://anna@[2001:db8::1]/jobs",
    "postgresql://anna@localhost.example/jobs",
    "postgresql://anna@/jobs?host=127.0.0.1:5432&host=db.example:5432",
]


class TestTheWayToTheDatabase:
    @pytest.mark.parametrize("url", ELSEWHERE)
    def test_is_verified_if_it_leads_elsewhere(self, url: str) -> None:
        context = production(database_url=url).tls["ssl"]
        assert (context.check_hostname, context.verify_mode) == (True, CERT_REQUIRED)
        assert context.minimum_version >= TLSVersion.TLSv1_2

    def test_made_of_its_parts_is_no_other(self) -> None:
        assert "ssl" in production(postgres_server="db").tls
        assert production(postgres_server="localhost").tls == {}

    @pytest.mark.parametrize("url", HERE)
    def test_may_be_any_on_the_same_machine(self, url: str) -> None:
        assert production(database_url=url).tls == {}

    @pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
    def test_is_not_weakened_by_its_address(self, mode: str) -> None:
        with pytest.raises(ValidationError, match="INSECURE_DATABASE"):
            production(database_url=f"{REMOTE}?sslmode={mode}")

    def test_may_be_weakened_in_so_many_words(self) -> None:
        assert production(database_url=REMOTE, insecure_database=True).tls == {}

    def test_is_up_to_the_developer_in_development(self) -> None:
        assert development(database_url=REMOTE).tls == {}

    def test_is_verified_where_its_address_says_so(self) -> None:
        assert "ssl" in development(database_url=f"{REMOTE}?sslmode=verify-full").tls

    def test_needs_the_authority_that_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ValidationError, match="database_ca_file"):
            production(database_url=REMOTE, database_ca_file=tmp_path / "missing")

    def test_needs_no_keys_of_the_service(self) -> None:
        assert DatabaseSettings(postgres_password=HARD).sqlalchemy_url.password == HARD
