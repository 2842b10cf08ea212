"""Pinned requirements: complete enough for any version of pip."""

from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.server import BACKEND

FILES = sorted(BACKEND.glob("requirements*.txt"))


def pins(file: Path) -> dict[str, Requirement]:
    """The pins of a file by the names of the distributions, those of other platforms left out."""
    lines = (line for line in file.read_text().splitlines() if line[:1].isalnum())
    found = [Requirement(line.rstrip("\\ ")) for line in lines]
    return {
        canonicalize_name(pin.name): pin
        for pin in found
        if pin.marker is None or pin.marker.evaluate()
    }


def needed(pin: Requirement) -> Iterator[Requirement]:
    """The requirements of a pinned distribution, those of its extras included."""
    for requirement in map(Requirement, requires(pin.name) or ()):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": name}) for name in ("", *pin.extras)):
            yield requirement


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_pins_name_each_extra_that_is_required(file: Path) -> None:
    # pip before 24 takes a pin without the extra for another requirement, resolves the extra
    # anew, and refuses a newer release since the file has no hash of it.
    pinned = pins(file)
    missing = {
        f"{name} needs {requirement}"
        for name, pin in pinned.items()
        for requirement in needed(pin)
        if requirement.extras - pinned[canonicalize_name(requirement.name)].extras
    }
    assert pinned
    assert not missing
