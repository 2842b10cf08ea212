"""The register of what is held of people names all columns, and only those; people can read it."""

import re
from typing import Any

import pytest
from pydantic import create_model
from sqlalchemy.dialects.postgresql import JSONB

from app.db.models import metadata
from app.db.models.package_terms import PackageTerms
from app.db.models.privacy import Tier
from app.db.models.profiles import Profile
from app.db.models.register import REGISTER, tier_of
from app.db.models.terms import CleaningTerms
from app.db.models.users import User
from app.db.repositories.person_views import EVERYONE, ONESELF, shown
from dev.register import PAGE, lines
from tests.operations import DOCUMENT as DOCUMENTATION
from tests.operations import OPERATIONS

WITHIN = {
    "cleaning_revisions.terms": CleaningTerms,
    "bookings.terms": CleaningTerms,
    "package_revisions.terms": PackageTerms,
}
"""What stands in columns of JSON that always have the same fields."""


def columns() -> set[str]:
    """All columns, of JSON their fields."""
    found = set()
    for table in metadata.tables.values():
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            fields = WITHIN[name].model_fields if name in WITHIN else None
            assert fields is None or isinstance(column.type, JSONB)
            found |= {f"{name}.{field}" for field in fields} if fields else {name}
    return found


class TestTheRegister:
    def test_names_every_column_and_no_other(self) -> None:
        named = {
            f"{holding.table}.{column}"
            for holding in REGISTER
            for column in (*holding.personal, *holding.others)
        }
        assert named == columns()

    def test_calls_nothing_both_personal_and_not(self) -> None:
        personal = {f"{holding.table}.{name}" for holding in REGISTER for name in holding.personal}
        others = {f"{holding.table}.{name}" for holding in REGISTER for name in holding.others}
        assert personal & others == set()

    def test_is_what_people_read(self) -> None:
        document = PAGE.read_text()
        assert "\n".join(lines()) in document, "run python -m dev.register"


PEOPLE = [(model, name) for model in (User, Profile) for name in model.model_fields]
"""The columns of the tables that say who somebody is."""

ELSEWHERE = {
    column.name
    for table in metadata.tables.values()
    if table.name not in ("users", "profiles")
    for column in table.columns
    if column.name != "email"  # which is somebody's wherever it stands
}
TIERS = {
    name: tier_of(str(model.__tablename__), name) for model, name in PEOPLE if name not in ELSEWHERE
}
"""The tiers of those columns, as far as no other table has one of the same name."""

PERSONS = {
    "AuditPerson": Tier.PUBLIC,
    "ProfilePublic": Tier.PUBLIC,
    "ProfileRated": Tier.PUBLIC,
    "ProfileDetail": Tier.PRIVATE,
    "ProfileExport": Tier.PRIVATE,
    "LinkExport": Tier.PARTICIPANT,
    "Notifier": Tier.PARTICIPANT,
    "UserPublic": Tier.PARTICIPANT,
    "AccountExport": Tier.PRIVATE,
    "AccountPublic": Tier.PRIVATE,
    "AccountDetail": Tier.PRIVATE,
}
"""The shapes in which persons are answered, and the highest tier of their fields."""


def answered() -> dict[str, set[str]]:
    """All shapes in which anything is answered, with their fields."""
    schemas, found = DOCUMENTATION["components"]["schemas"], set[str]()
    described = str([operation.details["responses"] for operation in OPERATIONS])
    while names := set(re.findall(r"#/components/schemas/(\w+)", described)) - found:
        found |= names
        described = str([schemas[name] for name in names])
    return {name: set(schemas[name].get("properties", ())) for name in found}


class TestTiers:
    @pytest.mark.parametrize(("model", "name"), PEOPLE)
    def test_say_who_is_shown_a_field(self, model: type[User | Profile], name: str) -> None:
        tier = tier_of(str(model.__tablename__), name)
        shape = create_model("Shape", **{name: (Any, ...)})  # type: ignore[call-overload]
        for audience in (EVERYONE, ONESELF):
            if tier in audience:
                assert shown(shape, model, to=audience) is not None
            else:
                with pytest.raises(KeyError):
                    shown(shape, model, to=audience)

    def test_hide_nothing_but_the_password_and_keys_from_oneself(self) -> None:
        assert {name for name, tier in TIERS.items() if tier not in ONESELF} == {
            *("password_hash", "email_key", "username_key", "full_name_key")
        }

    def test_are_those_of_the_shapes_in_which_persons_are_answered(self) -> None:
        order = list(Tier)
        found = {
            shape: max((TIERS[name] for name in fields & TIERS.keys()), key=order.index)
            for shape, fields in answered().items()
            if fields & TIERS.keys()
        }
        assert found == PERSONS
