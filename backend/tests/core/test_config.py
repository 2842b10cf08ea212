"""Settings: where they come from, and which are refused."""

import re
from pathlib import Path
from ssl import CERT_REQUIRED, TLSVersion
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import URL

from app.core.config import DEVELOPMENT_SECRET, SHORTEST_SECRET, Settings
from app.core.database import DatabaseSettings
from app.core.environment import unknown
from app.core.limits import Limits
from tests.server import BACKEND

SECRET = "0123456789abcdef0123456789abcdef"
HARD = "p@ss:w/rd%20?#[]&= ä'\"\\"
EXAMPLE = (BACKEND / ".env.example").read_text()
SECRETS = [
    name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)
]


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installation that says nothing yet."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def development(**values: Any) -> Settings:
    return Settings(environment="development", **values)


def production(**values: Any) -> Settings:
    return Settings(**({"secret_key": SECRET, "postgres_password": HARD} | values))


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


class TestTheSecretKey:
    @pytest.mark.parametrize("key", ["", "x" * 31, DEVELOPMENT_SECRET])
    def test_is_demanded_outside_development(self, key: str) -> None:
        with pytest.raises(ValidationError, match="SECRET_KEY"):
            production(secret_key=key)

    @pytest.mark.parametrize("key", ["x" * 31, DEVELOPMENT_SECRET])
    def test_before_it_is_no_worse(self, key: str) -> None:
        with pytest.raises(ValidationError, match="SECRET_KEY_PREVIOUS"):
            production(secret_key_previous=key)

    def test_that_is_long_enough_is_taken(self) -> None:
        assert production(secret_key_previous=HARD * 2).secret_keys == (SECRET, HARD * 2)

    def test_is_known_in_development(self) -> None:
        assert development().secret_keys == (DEVELOPMENT_SECRET, "")

    def test_may_be_given_in_development(self) -> None:
        assert development(secret_key="short").secret_key.get_secret_value() == "short"


class TestWhatIsMissing:
    def test_is_named_all_at_once(self) -> None:
        with pytest.raises(ValidationError, match="POSTGRES_PASSWORD, SECRET_KEY must be set"):
            Settings()

    def test_is_named_with_the_way_out(self) -> None:
        with pytest.raises(ValidationError, match="ENVIRONMENT=development"):
            Settings()

    def test_is_also_what_is_empty(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "postgres_password").write_text("")
        monkeypatch.setenv("SECRET_KEY", "")
        with pytest.raises(ValidationError, match="POSTGRES_PASSWORD, SECRET_KEY must be set"):
            Settings(_secrets_dir=tmp_path)

    def test_is_no_password_where_an_address_says_all(self) -> None:
        settings = Settings(secret_key=SECRET, database_url="postgresql://anna@/jobs")
        assert settings.sqlalchemy_url.password is None

    def test_is_nothing_in_development(self) -> None:
        assert development().sqlalchemy_url.host == "localhost"


class TestSecrets:
    @pytest.mark.parametrize("name", SECRETS)
    def test_come_from_files(self, tmp_path: Path, name: str) -> None:
        for other in SECRETS:
            (tmp_path / other).write_text(f"postgresql:///file.of.{other}{'.' * SHORTEST_SECRET}\n")
        secret: SecretStr = getattr(Settings(_secrets_dir=tmp_path), name)
        assert secret.get_secret_value().startswith(f"postgresql:///file.of.{name}.")

    def test_of_any_form_come_from_files(self, tmp_path: Path) -> None:
        (tmp_path / "secret_key").write_text(SECRET)
        (tmp_path / "postgres_password").write_text(HARD + "\n")
        assert Settings(_secrets_dir=tmp_path).sqlalchemy_url.password == HARD

    def test_come_from_the_environment_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "secret_key").write_text("x" * 32)
        monkeypatch.setenv("SECRET_KEY", SECRET)
        settings = Settings(_secrets_dir=tmp_path, postgres_password=HARD)
        assert settings.secret_key.get_secret_value() == SECRET

    def test_come_from_dot_env(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text(f"SECRET_KEY={SECRET}\nSOMETHING_ELSE=1\n")
        assert Settings(postgres_password=HARD).secret_key.get_secret_value() == SECRET

    def test_are_not_shown(self) -> None:
        settings = production(database_url="postgresql://a:hidden@db/jobs")
        shown = f"{settings!r} {settings} {settings.sqlalchemy_url!r} {settings.sqlalchemy_url}"
        assert SECRET not in shown
        assert HARD not in shown
        assert "hidden" not in shown

    @pytest.mark.parametrize(
        "wrong", [{"pool_size": 0}, {"secret_key": "not long enough"}, {"secret_key": None}]
    )
    def test_are_not_shown_when_something_is_wrong(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError) as caught:
            production(**wrong)
        for shown in (str(caught.value), repr(caught.value)):
            assert SECRET not in shown
            assert "not long enough" not in shown
            assert HARD not in shown


class TestHosts:
    def test_are_any_by_default(self) -> None:
        assert production().hosts == frozenset()

    def test_are_those_that_are_named_and_the_machine_itself(self) -> None:
        hosts = production(allowed_hosts="A.example, b.example", public_url="https://c.example")
        assert hosts.hosts == {"a.example", "b.example", "localhost", "127.0.0.1", "[::1]"}

    @pytest.mark.parametrize("url", ["https://a.example", "https://A.example:8443/market"])
    def test_are_that_of_the_public_address_if_none_are_named(self, url: str) -> None:
        assert production(public_url=url).hosts == {"a.example", "localhost", "127.0.0.1", "[::1]"}

    def test_are_any_in_development_unless_they_are_named(self) -> None:
        assert development(public_url="https://a.example").hosts == frozenset()
        assert "a.example" in development(allowed_hosts="a.example").hosts

    def test_are_written_as_requests_write_them(self) -> None:
        hosts = production(allowed_hosts="a.example., 2001:db8::1, [2001:db8::2]").hosts
        assert {"a.example", "[2001:db8::1]", "[2001:db8::2]"} <= hosts
        assert "[2001:db8::1]" in production(public_url="https://[2001:db8::1]:8443").hosts

    def test_may_be_any(self) -> None:
        assert production(public_url="https://a.example", allowed_hosts="*").hosts == frozenset()

    @pytest.mark.parametrize("url", ["a.example", "ftp://a.example", "https://"])
    def test_of_no_address_are_refused(self, url: str) -> None:
        with pytest.raises(ValidationError, match="public_url"):
            production(public_url=url)


class TestTrustedProxies:
    def test_are_addresses_and_networks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.1, 172.16.0.0/12,::1")
        found = [str(proxy) for proxy in production().trusted_proxies]
        assert found == ["10.0.0.1/32", "172.16.0.0/12", "::1/128"]

    @pytest.mark.parametrize("given", ["*", "proxy", "10.0.0.1/8", "10.0.0.256"])
    def test_are_nothing_else(self, given: str) -> None:
        with pytest.raises(ValidationError, match="trusted_proxies"):
            production(trusted_proxies=given)


class TestOrigins:
    @pytest.mark.parametrize(
        ("given", "origins"),
        [
            ("", []),
            ("https://a.example", ["https://a.example"]),
            (" https://a.example, https://b.example ,", ["https://a.example", "https://b.example"]),
        ],
    )
    def test_are_a_list(
        self, monkeypatch: pytest.MonkeyPatch, given: str, origins: list[str]
    ) -> None:
        monkeypatch.setenv("CORS_ORIGINS", given)
        assert development().cors_origins == origins

    @pytest.mark.parametrize("given", ["*", "https://a.example,*"])
    def test_are_never_all(self, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
        monkeypatch.setenv("CORS_ORIGINS", given)
        with pytest.raises(ValidationError, match="name each origin"):
            development()


class TestMetrics:
    def test_are_told_nobody_without_a_token(self) -> None:
        with pytest.raises(ValidationError, match="METRICS_TOKEN must be set"):
            production(worker_metrics_port=9100)

    @pytest.mark.parametrize("name", ["certificate", "key"])
    def test_are_not_encrypted_by_halves(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).touch()
        with pytest.raises(ValidationError, match="set both or none"):
            development(**{f"worker_metrics_{name}_file": tmp_path / name})


class TestMail:
    @pytest.mark.parametrize("sender", ["post@a.example", "The market <post@a.example>"])
    def test_has_a_sender(self, sender: str) -> None:
        assert development(mail_from=sender).mail_from == sender

    @pytest.mark.parametrize("sender", ["The market", "The market <post>"])
    def test_without_a_sender_is_refused(self, sender: str) -> None:
        with pytest.raises(ValidationError, match="write a sender such as"):
            development(mail_from=sender)

    def test_to_strangers_says_from_whom_it_is_and_leads_to_the_service(self) -> None:
        given: dict[str, Any] = {"smtp_server": "mail"}
        with pytest.raises(ValidationError, match="MAIL_FROM and PUBLIC_URL"):
            production(**given)
        with pytest.raises(ValidationError, match="so PUBLIC_URL must"):
            production(mail_from="post@a.example", **given)
        settings = production(mail_from="post@a.example", public_url="https://a.example", **given)
        assert settings.smtp_security == "starttls"
        assert settings.verifies_emails

    def test_that_can_be_sent_has_addresses_verified(self) -> None:
        assert not production().verifies_emails
        assert not development(smtp_server="mail").verifies_emails
        assert development(email_verification=True).verifies_emails

    @pytest.mark.parametrize("url", ["a.example", "ftp://a.example", "https://a.example/#x"])
    def test_leads_to_a_web_page(self, url: str) -> None:
        with pytest.raises(ValidationError, match="public_url"):
            development(public_url=url)


class TestTheExample:
    def test_shows_every_setting(self) -> None:
        shown = set(re.findall(r"(?m)^#?([A-Z_]+)=", EXAMPLE))
        assert {name.upper() for name in Settings.model_fields} <= shown

    def test_shows_nothing_that_is_unknown(self) -> None:
        assert unknown(re.findall(r"(?m)^#?([A-Z_]+)=", EXAMPLE)) == []

    @pytest.mark.parametrize("name", Limits._fields)
    def test_shows_the_limits_as_they_are(self, name: str) -> None:
        assert f"\n#{name.upper()}={Settings.model_fields[name].default}\n" in EXAMPLE


class TestTries:
    def test_are_limited_as_the_environment_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LOGINS_PER_ADDRESS", "7/60")
        limit = development().limits.logins_per_address
        assert (limit.name, limit.most, limit.window) == ("logins_per_address", 7, 60)

    @pytest.mark.parametrize("written", ["7", "0/60", "7/", "seven/60", "-1/60"])
    def test_are_limited_by_two_numbers(self, written: str) -> None:
        with pytest.raises(ValidationError, match="such as 10/300"):
            development(logins_per_address=written)


class TestLimits:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("environment", "testing"),
            ("pool_size", 0),
            ("pool_timeout", 0),
            ("pool_queue", -1),
            ("statement_timeout", 0),
            ("lock_timeout", 0),
            ("access_token_minutes", 0),
            ("access_token_minutes", 16),
            ("refresh_token_days", 0),
            ("step_up_minutes", 0),
        ],
    )
    def test_are_held(self, name: str, value: object) -> None:
        with pytest.raises(ValidationError, match=name):
            production(**{name: value})


class TestTheSecondFactorOfStaff:
    def test_is_wanted_outside_development(self) -> None:
        assert production().staff_needs_second_factor
        assert not development().staff_needs_second_factor

    @pytest.mark.parametrize("wanted", [False, True])
    def test_may_be_wanted_anywhere(self, *, wanted: bool) -> None:
        for settings in (production, development):
            assert settings(staff_needs_second_factor=wanted).staff_needs_second_factor == wanted


class TestTheCurrencyOfTheMarket:
    def test_is_the_euro_unless_another_is_chosen(self) -> None:
        assert development().currency == "EUR"
        assert development(currency="JPY").currency == "JPY"

    @pytest.mark.parametrize("code", ["eur", "XXX", "BHD", "€"])
    def test_has_two_decimal_places_at_most(self, code: str) -> None:
        with pytest.raises(ValidationError, match="ISO 4217"):
            development(currency=code)
