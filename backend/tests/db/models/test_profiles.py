"""What can be changed of a profile."""

from uuid import uuid4

from app.db.models.profiles import Profile, ProfileUpdate
from tests.db.models.rows import LONG_AGO


def profile() -> Profile:
    """A profile that says all that one can."""
    return Profile(
        user_id=uuid4(),
        full_name="Anna Ark",
        bio="Windows are my joy.",
        image="https://example.com/anna.jpg",
        phone_number="+4915112345678",
    )


class TestEditing:
    def test_takes_over_what_is_given(self) -> None:
        row = profile()
        row.updated_at = LONG_AGO
        assert row.edit(ProfileUpdate(full_name="Anna Bark", bio=None)) is True
        assert (row.full_name, row.bio, row.phone_number) == ("Anna Bark", None, "+4915112345678")
        assert row.version == 2
        assert row.updated_at > LONG_AGO

    def test_without_a_difference_changes_nothing(self) -> None:
        row = profile()
        assert row.edit(ProfileUpdate()) is False
        assert row.edit(ProfileUpdate(full_name="Anna Ark")) is False
        assert row.version == 1


def test_anonymising_erases_all_that_it_says() -> None:
    row = profile()
    row.anonymise()
    assert (row.full_name, row.bio, row.image, row.phone_number) == (None, None, None, None)
    assert row.version == 2
