"""How settings are read: one sentence says what is wrong with them, and unknown names are wrong."""

from pathlib import Path

import pytest

from app.commands import settings as command
from app.core.config import Settings
from app.core.database import DatabaseSettings
from app.core.environment import COMPANIONS, FAMILIES, SETTINGS, WrongSettings, read_settings
from app.core.security.sealed import seal
from tests.core.test_config import EXAMPLE

SECRET = "0123456789abcdef0123456789abcdef"
STRANGERS = (
    *("EDITOR", "HOSTNAME", "LANG", "LOGNAME", "MAIL", "OLDPWD", "PUBLIC_IP", "PYTHONPATH"),
    *("SHELL", "TERM", "USER", "VIRTUAL_ENV", "XDG_RUNTIME_DIR", "MARKETPLACE_SERVICE_HOST"),
)
"""Variables of shells, desktops and Kubernetes."""


@pytest.fixture(autouse=True)
def development(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installation that says nothing but that it is for development."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENVIRONMENT", "development")
    monkeypatch.chdir(tmp_path)


def refusal() -> str:
    """What is said of the settings."""
    with pytest.raises(WrongSettings) as refused:
        read_settings(Settings)
    return str(refused.value)


class TestAWrongValue:
    def test_is_told_in_one_sentence_that_does_not_repeat_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("POOL_SIZE", "several")
        monkeypatch.setenv("LOGINS_PER_ACCOUNT", "often")
        said = refusal()
        assert said.startswith(
            "The settings are invalid. POOL_SIZE: input should be a valid integer"
        )
        assert "LOGINS_PER_ACCOUNT: expected a number of attempts and a window in seconds" in said
        assert "\n" not in said
        assert "several" not in said
        assert "often;" not in said

    def test_may_be_none_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ENVIRONMENT", "production")
        assert "POSTGRES_PASSWORD, SECRET_KEY must be set" in refusal()

    def test_may_be_a_file_that_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SETTINGS_FILE", "/nowhere")
        assert refusal() == "/nowhere can't be read: No such file or directory"


class TestAnUnknownName:
    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("LOGIN_PER_ACCOUNT", "LOGINS_PER_ACCOUNT"),
            ("POSTGRES_HOST", "POSTGRES_PORT"),
            ("SECRET_KEY_FILE", "SECRET_KEY"),
            ("SMTP_HOST", "SMTP_PORT"),
            ("WRITES_PER_ADRESS", "WRITES_PER_ADDRESS"),
            ("log_levels", "LOG_LEVEL"),
        ],
    )
    def test_that_resembles_a_setting_is_refused_wherever_it_stands(
        self, monkeypatch: pytest.MonkeyPatch, name: str, meant: str
    ) -> None:
        monkeypatch.setenv(name, "1")
        expected = f"The settings are invalid. {name} is no setting: did you mean {meant}?"
        assert refusal() == f"{expected} (in the environment)."
        monkeypatch.delenv(name)
        Path(".env").write_text(f"{name}=1\n")
        assert refusal() == f"{expected} (in .env)."

    def test_that_resembles_none_is_refused_in_files(self, monkeypatch: pytest.MonkeyPatch) -> None:
        Path("sealed").write_text(seal("FLAVOUR=vanilla\n", SECRET))
        monkeypatch.setenv("SETTINGS_FILE", "sealed")
        monkeypatch.setenv("SETTINGS_KEY", SECRET)
        assert "FLAVOUR is no setting (in the encrypted settings)" in refusal()
        Path(".env").write_text("FLAVOUR=vanilla\n")
        assert "FLAVOUR is no setting (in .env)" in refusal()

    @pytest.mark.parametrize("name", STRANGERS)
    def test_of_another_program_is_let_alone_in_the_environment(
        self, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv(name, "1")
        assert read_settings(Settings).environment == "development"

    def test_is_refused_in_the_image_whatever_it_resembles(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = Path("environment")
        file.write_text("PATH\nGPG_KEY\n")
        for name in ("GPG_KEY", "HOSTNAME", "https_proxy", "PATH", "FLAVOUR"):
            monkeypatch.setenv(name, "1")
        given = command.given(file)
        assert "FLAVOUR" in given
        assert not {"GPG_KEY", "HOSTNAME", "https_proxy", "PATH"} & given


class TestTheExample:
    def test_can_be_taken_as_it_is(self) -> None:
        Path(".env").write_text(EXAMPLE)
        assert read_settings(Settings).postgres_server == "db"
        assert read_settings(DatabaseSettings).postgres_server == "db"

    def test_explains_every_name_of_other_programs(self) -> None:
        unexplained = {name for name in COMPANIONS if f"\n#{name}=" not in EXAMPLE}
        assert unexplained == {"POSTGRES_HOST_AUTH_METHOD", "POSTGRES_INITDB_ARGS"}
        assert not any(name.startswith(FAMILIES) for name in COMPANIONS)
