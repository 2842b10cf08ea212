"""Which version of a thing a caller means to change."""

import pytest

from app.core.errors import PreconditionFailed
from app.core.versions import ExpectedVersion


@pytest.mark.parametrize("expected", [None, {3}, {1, 2, 3}])
def test_an_expected_version_is_let_through(expected: set[int] | None) -> None:
    ExpectedVersion(None if expected is None else frozenset(expected)).demand(3)


@pytest.mark.parametrize("expected", [set(), {2}, {1, 2, 4}])
def test_another_version_is_refused(expected: set[int]) -> None:
    with pytest.raises(PreconditionFailed):
        ExpectedVersion(frozenset(expected)).demand(3)
