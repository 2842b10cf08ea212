"""The catalogues: all texts are translated, with the placeholders and the forms that they need."""

import re
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.core.catalogues import Catalogue
from dev.messages import (
    TEMPLATE,
    TRANSLATED,
    catalogue_of,
    file_of,
    forms_of,
    found_texts,
    is_complete,
    written,
)

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{[\w:,]*\}|`[^`]+`")
"""The parts of a text that stay as they are."""
NUMBER = "%(num)d"
OTHER_ADDRESS = {
    "de": r"(?<=[a-zäöüß,] )(Sie|Ihnen|Ihre?[mnrs]?)\b",
    "es": r"\b[Uu]sted(es)?\b",
    "fr": r"\b(tu|toi|ton|tes)\b",
}
"""The other way to address people, by languages that have two."""


@pytest.fixture(scope="module", params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def catalogue(language: str) -> Catalog:
    return catalogue_of(language)


def template() -> Catalog:
    """The texts in the source, as they were found last."""
    with TEMPLATE.open("rb") as file:
        return read_po(file)


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each text of the source with each form of its translation."""
    for message in catalogue:
        for form in forms_of(message.string) if message.id else []:
            yield forms_of(message.id)[-1], form


def test_all_texts_are_found() -> None:
    found, known = ({it.id for it in catalogue} - {""} for catalogue in (found_texts(), template()))
    assert found == known, "make messages, and translate what it adds"


@pytest.mark.parametrize("language", OTHER_ADDRESS)
def test_people_are_addressed_in_one_way(language: str) -> None:
    found = [text for _, text in pairs(catalogue_of(language))]
    assert [text for text in found if re.search(OTHER_ADDRESS[language], text)] == []


class TestACatalogue:
    def test_has_all_texts(self, catalogue: Catalog) -> None:
        assert {it.id for it in catalogue} == {it.id for it in template()}
        assert [it.id for it in catalogue if it.id and not is_complete(it)] == []

    def test_has_all_forms_for_numbers(self, catalogue: Catalog) -> None:
        forms = [forms_of(it.string) for it in catalogue if it.pluralizable]
        assert forms
        assert {len(it) for it in forms} == {catalogue.num_plurals}

    def test_keeps_the_placeholders(self, catalogue: Catalog) -> None:
        for text, form in pairs(catalogue):
            expected, found = set(PLACEHOLDER.findall(text)), set(PLACEHOLDER.findall(form))
            # A form for a single number may have the word for it.
            assert found - expected == set(), form
            assert expected - found <= {NUMBER}, form

    def test_has_the_number_in_the_form_for_large_ones(self, catalogue: Catalog) -> None:
        for message in catalogue:
            if message.pluralizable:
                assert NUMBER in forms_of(message.string)[-1]

    def test_keeps_the_ends_of_texts(self, catalogue: Catalog) -> None:
        for text, form in pairs(catalogue):
            assert form == form.strip(), form
            assert text.endswith("?") == form.endswith(("?", "؟")), form

    def test_is_written_as_the_tool_writes_it(self, language: str, catalogue: Catalog) -> None:
        assert file_of(language).read_text() == written(catalogue)

    def test_is_read_by_the_service_as_by_gettext(self, language: str, catalogue: Catalog) -> None:
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        expected, words = GNUTranslations(compiled), Catalogue(language)
        for message in catalogue:
            if isinstance(message.id, str):
                assert message.id == "" or words.gettext(message.id) == message.string
                continue
            singular, plural = message.id
            for number in (*range(30), 100, 102, 111, 1000, 1_000_000):
                form = expected.ngettext(singular, plural, number)
                assert words.ngettext(singular, plural, number) == form
