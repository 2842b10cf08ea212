"""Settings: where they come from, and which are refused."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import URL

from app.core.config import DEVELOPMENT_SECRET, Settings

SECRET = "0123456789abcdef0123456789abcdef"
HARD = "p@ss:w/rd%20?#[]&= ä'\"\\"


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installation that says nothing yet."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def development(**values: Any) -> Settings:
    return Settings(environment="development", **values)


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


class TestTheSecretKey:
    @pytest.mark.parametrize("key", ["", "x" * 31, DEVELOPMENT_SECRET])
    def test_is_demanded_outside_development(self, key: str) -> None:
        with pytest.raises(ValidationError, match="SECRET_KEY"):
            Settings(secret_key=key)

    def test_is_demanded_when_nothing_is_given(self) -> None:
        with pytest.raises(ValidationError, match="ENVIRONMENT=development"):
            Settings()

    @pytest.mark.parametrize("key", ["x" * 31, DEVELOPMENT_SECRET])
    def test_before_it_is_no_worse(self, key: str) -> None:
        with pytest.raises(ValidationError, match="SECRET_KEY_PREVIOUS"):
            Settings(secret_key=SECRET, secret_key_previous=key)

    def test_that_is_long_enough_is_taken(self) -> None:
        assert Settings(secret_key=SECRET).secret_key.get_secret_value() == SECRET

    def test_is_known_in_development(self) -> None:
        assert development().secret_key.get_secret_value() == DEVELOPMENT_SECRET

    def test_may_be_given_in_development(self) -> None:
        assert development(secret_key="short").secret_key.get_secret_value() == "short"


class TestSecrets:
    def test_come_from_files(self, tmp_path: Path) -> None:
        (tmp_path / "secret_key").write_text(SECRET + "\n")
        (tmp_path / "postgres_password").write_text(HARD + "\n")
        settings = Settings(_secrets_dir=tmp_path)
        assert settings.secret_key.get_secret_value() == SECRET
        assert settings.sqlalchemy_url.password == HARD

    def test_come_from_the_environment_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "secret_key").write_text("x" * 32)
        monkeypatch.setenv("SECRET_KEY", SECRET)
        assert Settings(_secrets_dir=tmp_path).secret_key.get_secret_value() == SECRET

    def test_come_from_dot_env(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text(f"SECRET_KEY={SECRET}\nSOMETHING_ELSE=1\n")
        assert Settings().secret_key.get_secret_value() == SECRET

    def test_are_not_shown(self) -> None:
        settings = Settings(
            secret_key=SECRET, postgres_password=HARD, database_url="postgresql://a:hidden@db/jobs"
        )
        shown = f"{settings!r} {settings} {settings.sqlalchemy_url!r} {settings.sqlalchemy_url}"
        assert SECRET not in shown
        assert HARD not in shown
        assert "hidden" not in shown

    def test_are_not_shown_when_something_is_wrong(self) -> None:
        with pytest.raises(ValidationError) as caught:
            Settings(secret_key="not long enough", postgres_password=HARD, pool_size=0)
        assert "not long enough" not in str(caught.value)
        assert HARD not in str(caught.value)


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


class TestMail:
    @pytest.mark.parametrize("sender", ["post@a.example", "The market <post@a.example>"])
    def test_has_a_sender(self, sender: str) -> None:
        assert development(mail_from=sender).mail_from == sender

    @pytest.mark.parametrize("sender", ["", "The market", "The market <post>"])
    def test_without_a_sender_is_refused(self, sender: str) -> None:
        with pytest.raises(ValidationError, match="write a sender such as"):
            development(mail_from=sender)

    def test_to_strangers_says_from_whom_it_is_and_leads_to_the_service(self) -> None:
        given: dict[str, Any] = {"secret_key": SECRET, "smtp_server": "mail"}
        with pytest.raises(ValidationError, match="MAIL_FROM and PUBLIC_URL"):
            Settings(**given)
        with pytest.raises(ValidationError, match="so PUBLIC_URL must"):
            Settings(mail_from="post@a.example", **given)
        settings = Settings(mail_from="post@a.example", public_url="https://a.example", **given)
        assert settings.smtp_security == "starttls"

    @pytest.mark.parametrize("url", ["a.example", "ftp://a.example", "https://a.example/#x"])
    def test_leads_to_a_web_page(self, url: str) -> None:
        with pytest.raises(ValidationError, match="public_url"):
            development(public_url=url)


class TestLimits:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("environment", "testing"),
            ("pool_size", 0),
            ("pool_timeout", 0),
            ("access_token_minutes", 0),
            ("access_token_minutes", 16),
            ("refresh_token_days", 0),
        ],
    )
    def test_are_held(self, name: str, value: object) -> None:
        with pytest.raises(ValidationError, match=name):
            Settings.model_validate({"secret_key": SECRET, name: value})
