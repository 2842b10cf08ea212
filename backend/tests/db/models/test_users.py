"""What becomes of an account."""

import re

import pytest
from pydantic import TypeAdapter

from app.core.errors import Invalid
from app.db.models import User
from app.db.models.fields import Username, now
from app.db.models.users import UserUpdate


def user() -> User:
    """An account."""
    return User(username="anna", email="anna@example.com", password_hash="hash")


class TestAnonymising:
    def test_leaves_nothing_that_says_who_it_was(self) -> None:
        row = user()
        row.anonymise()
        assert not re.search("anna|example", f"{row.username} {row.email}")
        assert row.password_hash == ""
        assert row.deleted_at
        assert row.deleted_at <= now()
        assert row.version == 2

    def test_gives_names_that_nobody_else_has(self) -> None:
        first, second = user(), user()
        first.anonymise()
        second.anonymise()
        assert first.username != second.username
        assert first.email != second.email

    def test_gives_a_name_that_can_be_shown(self) -> None:
        row = user()
        row.anonymise()
        assert TypeAdapter(Username).validate_python(row.username) == row.username


class TestTakingOver:
    def test_says_whether_anything_differs(self) -> None:
        row = user()
        assert row.take_over({"username": "anna"}) is False
        assert row.version == 1
        assert row.take_over({"username": "Anna"}) is True
        assert (row.username, row.version) == ("Anna", 2)


class TestChangingThePassword:
    def test_needs_the_current_one(self) -> None:
        with pytest.raises(Invalid, match="needed to set a new password"):
            UserUpdate(password="a lighthouse in winter")
