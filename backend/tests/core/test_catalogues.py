"""Catalogues: the languages that the service speaks, and the choice among them."""

import pytest

from app.core.catalogues import LANGUAGES, SOURCE, Catalogue, accepted, catalogue_of, spoken


class TestLanguagesOfARequest:
    @pytest.mark.parametrize(
        ("header", "languages"),
        [
            ("de", ["de"]),
            ("de-AT, en;q=0.8", ["de", "en"]),
            ("en;q=0.5, fr;q=0.9,ar", ["ar", "fr", "en"]),
            ("DE, es;q=0", ["de"]),
            ("garbage;q=x, ko;q=1", ["ko"]),
        ],
    )
    def test_are_ranked(self, header: str, languages: list[str]) -> None:
        assert accepted(header) == languages

    def test_are_at_most_twenty(self) -> None:
        assert len(accepted(",".join(["de"] * 1000))) == 20

    def test_are_those_that_the_service_speaks(self) -> None:
        assert spoken("xx", None, "fr", "de") == "fr"
        assert spoken(*accepted("*")) == SOURCE


class TestACatalogue:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_leaves_unknown_texts_as_they_are(self, language: str) -> None:
        assert catalogue_of(language).gettext("Qwertz {x}") == "Qwertz {x}"

    def test_has_the_forms_of_the_source(self) -> None:
        words = Catalogue(SOURCE)
        assert [words.ngettext("one", "more", number) for number in (0, 1, 2)] == [
            "more",
            "one",
            "more",
        ]
