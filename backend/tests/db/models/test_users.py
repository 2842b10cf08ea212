"""What becomes of an account."""

import re

import pytest
from pydantic import TypeAdapter

from app.core.errors import Invalid
from app.db.models.fields import Username, now
from app.db.models.users import RankTooLow, SuperuserOnly, User, UserRole, UserUpdate


def user(role: UserRole = UserRole.USER) -> User:
    """An account."""
    return User(username="anna", email="anna@example.com", password_hash="hash", role=role)


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
        with pytest.raises(Invalid, match="Required to change the password"):
            UserUpdate(password="a lighthouse in winter")


class TestRanks:
    @pytest.mark.parametrize("role", UserRole)
    @pytest.mark.parametrize("other", UserRole)
    def test_say_who_looks_after_whom(self, role: UserRole, other: UserRole) -> None:
        below = {
            UserRole.USER: set(),
            UserRole.STAFF: {UserRole.USER},
            UserRole.SUPERUSER: set(UserRole),
        }
        if other in below[role]:
            user(role).demand_rank_over(user(other))
            return
        with pytest.raises(RankTooLow):
            user(role).demand_rank_over(user(other))

    @pytest.mark.parametrize("role", UserRole)
    def test_are_not_above_themselves(self, role: UserRole) -> None:
        row = user(role)
        with pytest.raises(RankTooLow):
            row.demand_rank_over(row)

    def test_are_given_by_superusers_to_others(self) -> None:
        superuser, row = user(UserRole.SUPERUSER), user()
        superuser.give_role(UserRole.STAFF, row)
        assert (row.role, row.version) == (UserRole.STAFF, 2)
        with pytest.raises(SuperuserOnly):
            row.give_role(UserRole.STAFF, user())
        with pytest.raises(RankTooLow):
            superuser.give_role(UserRole.USER, superuser)
