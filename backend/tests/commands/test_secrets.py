"""``python -m app secrets``: settings that are encrypted, and the service that starts from them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import SettingsError

from app.__main__ import main
from app.core.config import Settings
from tests.server import BACKEND

SECRET = "0123456789abcdef0123456789abcdef"
PASSWORD = "p@ss ${HOME} #'1"
PLAIN = f'SECRET_KEY={SECRET}\nPOSTGRES_PASSWORD="{PASSWORD}"\nPOOL_SIZE=7\n# a remark\n'
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def key(tmp_path: Path, capsys: Capture) -> Path:
    """The file with the key."""
    main(["secrets", "generate"])
    file = tmp_path / "key"
    file.write_text(capsys.readouterr().out)
    return file


@pytest.fixture
def sealed(key: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The encrypted settings, in an installation that says nothing else."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    plain = tmp_path / "plain"
    plain.write_text(PLAIN)
    main(["secrets", "encrypt", str(plain), "--key-file", str(key)])
    file = tmp_path / "settings.enc"
    file.write_text(capsys.readouterr().out)
    return file


def another_key(key: Path) -> str:
    return key.read_text()[::-1]


class TestKeys:
    def test_are_never_the_same(self, capsys: Capture) -> None:
        for _ in range(3):
            main(["secrets", "generate"])
        keys = capsys.readouterr().out.split()
        assert len(set(keys)) == 3
        assert {len(key) for key in keys} == {64}


class TestEncryption:
    def test_hides_the_settings(self, sealed: Path) -> None:
        assert sealed.read_text().isascii()
        assert SECRET not in sealed.read_text()

    def test_is_undone_with_the_key(self, sealed: Path, key: Path, capsys: Capture) -> None:
        main(["secrets", "decrypt", str(sealed), "--key-file", str(key)])
        assert capsys.readouterr().out == PLAIN

    def test_is_not_undone_without_it(self, sealed: Path, key: Path, capsys: Capture) -> None:
        key.write_text(another_key(key))
        with pytest.raises(SystemExit, match="wrong, or the file was changed"):
            main(["secrets", "decrypt", str(sealed), "--key-file", str(key)])
        assert capsys.readouterr().out == ""

    def test_needs_a_key_that_can_not_be_guessed(self, sealed: Path, key: Path) -> None:
        key.write_text("x" * 31 + "\n")
        with pytest.raises(SystemExit, match="less than 32 characters"):
            main(["secrets", "encrypt", str(sealed), "--key-file", str(key)])

    def test_needs_files_that_are_there(self, sealed: Path, tmp_path: Path) -> None:
        with pytest.raises(SystemExit, match="nowhere"):
            main(["secrets", "decrypt", str(sealed), "--key-file", str(tmp_path / "nowhere")])

    @pytest.mark.parametrize("arguments", [[], ["secrets"], ["secrets", "encrypt", "file"]])
    def test_says_how_it_is_used(self, arguments: list[str], capsys: Capture) -> None:
        with pytest.raises(SystemExit, match="2"):
            main(arguments)
        assert "usage: python -m app" in capsys.readouterr().err

    def test_needs_nothing_but_what_is_in_the_image(self, tmp_path: Path) -> None:
        shutil.copytree(BACKEND / "app", tmp_path / "app")
        result = subprocess.run(
            [sys.executable, "-m", "app", "secrets", "generate"],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        )
        assert len(result.stdout.strip()) == 64


class TestTheService:
    def test_starts_from_them(self, sealed: Path, key: Path) -> None:
        settings = Settings(settings_file=sealed, settings_key_file=key)
        assert settings.secret_keys == (SECRET, "")
        assert settings.sqlalchemy_url.password == PASSWORD
        assert settings.pool_size == 7

    @pytest.mark.parametrize("name", ["SETTINGS_KEY", "SETTINGS_KEY_FILE"])
    def test_finds_the_key_in_the_environment(
        self, sealed: Path, key: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv("SETTINGS_FILE", str(sealed))
        monkeypatch.setenv(name, key.read_text() if name == "SETTINGS_KEY" else str(key))
        assert Settings().pool_size == 7

    def test_finds_the_key_among_the_secret_files(self, sealed: Path, key: Path) -> None:
        folder = key.parent / "secrets"
        folder.mkdir()
        (folder / "settings_key").write_text(key.read_text())
        assert Settings(settings_file=sealed, _secrets_dir=folder).pool_size == 7

    def test_believes_the_environment_first(
        self, sealed: Path, key: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("POOL_SIZE", "8")
        settings = Settings(settings_file=sealed, settings_key_file=key)
        assert settings.pool_size == 8
        assert settings.secret_keys == (SECRET, "")

    def test_does_not_start_with_another_key(self, sealed: Path, key: Path) -> None:
        with pytest.raises(SettingsError, match="wrong, or the file was changed"):
            Settings(settings_file=sealed, settings_key=another_key(key))

    def test_does_not_start_without_the_key(self, sealed: Path) -> None:
        with pytest.raises(SettingsError, match="key"):
            Settings(settings_file=sealed)

    @pytest.mark.parametrize("wrong", ["settings_file", "settings_key_file"])
    def test_does_not_start_without_the_files(self, sealed: Path, key: Path, wrong: str) -> None:
        files: dict[str, Any] = {"settings_file": sealed, "settings_key_file": key}
        with pytest.raises(SettingsError, match="/nowhere can't be read: No such file"):
            Settings(**(files | {wrong: "/nowhere"}))

    def test_does_not_start_from_a_file_that_was_changed(self, sealed: Path, key: Path) -> None:
        content = sealed.read_text()
        for place in range(0, len(content), 7):
            changed = "A" if content[place] != "A" else "B"
            sealed.write_text(content[:place] + changed + content[place + 1 :])
            with pytest.raises(SettingsError, match="the file was changed"):
                Settings(settings_file=sealed, settings_key_file=key)

    @pytest.mark.parametrize("content", [b"", b"\xff", PLAIN.encode(), b"AAAA"])
    def test_does_not_start_from_what_is_not_encrypted(
        self, sealed: Path, key: Path, content: bytes
    ) -> None:
        sealed.write_bytes(content)
        with pytest.raises(SettingsError, match="can't be decrypted"):
            Settings(settings_file=sealed, settings_key_file=key)
