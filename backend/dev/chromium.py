"""Chromium for tests and measurements of pages."""

import shutil

OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
"""Without a sandbox, which root has not; without requests of its own."""


def chromium_path() -> str | None:
    """The path of the browser; None if it is not installed."""
    return shutil.which("chromium")
