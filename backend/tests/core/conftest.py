"""Fixtures for tests of settings."""

from pathlib import Path

import pytest

from app.core.config import Settings


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Removes all settings from the environment, and leaves the folder that has a `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
