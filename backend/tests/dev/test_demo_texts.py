"""The texts of the demonstration market, in each language of the pages."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from app.commands.categories import SHIPPED, nodes_in
from app.core.catalogues import LANGUAGES
from app.core.contacts import contact_details
from app.core.reserved import is_reserved
from app.db.models.terms import CleaningType
from dev.demo import LARGEST_SEED, MOST_USERS
from dev.demo_people import username
from dev.demo_texts import Texts, texts_in


def strings(value: Any) -> Iterator[str]:
    """All strings in lists and tables."""
    if isinstance(value, str):
        yield value
    else:
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


@pytest.fixture(params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Texts:
    """The texts in each language."""
    return texts_in(request.param)


def test_have_a_name_and_a_username_for_each_user(texts: Texts) -> None:
    names = texts.names()
    usernames = {username(name.latin, LARGEST_SEED) for name in names}
    assert len(usernames) == len({name.full for name in names}) == len(names) >= MOST_USERS
    assert {it for it in usernames if not re.fullmatch("[a-z]+(-[a-z]+)+-999999", it)} == set()
    assert max(map(len, usernames)) <= 32
    assert not any(map(is_reserved, usernames))


def test_have_the_form_that_the_demo_expects(texts: Texts) -> None:
    everything = asdict(texts)
    assert all(everything.values())
    pairs = ("questions", "package_questions", "messages", "praise", "fair", "blame", "missed")
    for rows in (*(everything[name] for name in pairs), *texts.of_owners.values()):
        assert {len(row) for row in rows} == {2}
    assert set(texts.of_owners) == {"2", "3", "4", "5"}
    assert set(texts.tasks) == set(CleaningType)


def test_are_of_categories_that_are_shipped(texts: Texts) -> None:
    shipped = {node.slug for top in nodes_in(SHIPPED) for node in top.all()}
    works = [*texts.packages, *(work for tasks in texts.tasks.values() for work in tasks)]
    assert {category for _, _, category in works} - shipped == set()


def test_have_no_contact_details(texts: Texts) -> None:
    assert [text for text in strings(asdict(texts)) if contact_details(text, "DE")] == []
