"""Secret settings: which are required, where they come from, and that they are never shown."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from app.core.config import DEVELOPMENT_SECRET, SHORTEST_SECRET, Settings
from tests.core.settings import HARD, SECRET, development, production

SECRETS = [
    name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)
]

pytestmark = pytest.mark.usefixtures("no_settings")


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
