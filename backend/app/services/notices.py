"""Notices about changes of credentials, as those who cause them see them."""

from app.core.catalogues import N_

REMOVALS = "second factor removals"
"""The purpose of the key of links that stop a removal."""

BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
BROWSER_NAMES = {"Edg": "Edge", "OPR": "Opera"}
OTHER_BROWSER = N_("another program")


def known_browser(device: str | None) -> str | None:
    """The name of a browser; None for other programs, whose User-Agents are arbitrary text.

    Args:
        device: The User-Agent.
    """
    found = next((name for name in BROWSERS if f"{name}/" in (device or "")), None)
    return BROWSER_NAMES.get(found, found) if found else None


def browser_of(device: str | None) -> str:
    """A known name for a device.

    Args:
        device: The User-Agent.
    """
    return known_browser(device) or OTHER_BROWSER
