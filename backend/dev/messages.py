"""Translations: finds the texts of the service, and updates the catalogues (`make messages`)."""

import argparse
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.core.catalogues import CATALOGUES, LANGUAGES, SOURCE

BACKEND = Path(__file__).parents[1]
TEMPLATE = CATALOGUES / "messages.pot"
TRANSLATED = tuple(language for language in LANGUAGES if language != SOURCE)


def main() -> None:
    """Finds the texts, updates the catalogues, and counts the texts without a translation."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    template = found_texts()
    TEMPLATE.write_text(written(template), encoding="utf-8")
    for language in TRANSLATED:
        catalogue = catalogue_of(language)
        catalogue.update(template, no_fuzzy_matching=True)
        file_of(language).write_text(written(catalogue), encoding="utf-8")
        missing = sum(not is_complete(message) for message in catalogue if message.id)
        print(f"{language}: {len(catalogue)} texts, {missing} without a translation")


def file_of(language: str) -> Path:
    """The file of a catalogue."""
    return CATALOGUES / language / "messages.po"


def catalogue_of(language: str) -> Catalog:
    """The catalogue of a language."""
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language)


def forms_of(text: str | Sequence[str] | None) -> list[str]:
    """The forms of a text; most have one."""
    return [text] if isinstance(text, str) else list(text or ())


def is_complete(message: Message) -> bool:
    """Whether all forms of a text are translated."""
    forms = forms_of(message.string)
    return bool(forms) and all(forms) and not message.fuzzy


def found_texts() -> Catalog:
    """The texts in the source, with the files that they are in."""
    with (BACKEND / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    template = Catalog()
    for name, line, message, _, context in extract_from_dir(BACKEND / "app", methods, options):
        template.add(message, None, [(f"app/{name}", line)], context=context)
    return template


def written(catalogue: Catalog) -> str:
    """A catalogue in the form of its file: sorted, with the fewest differences between versions."""
    fields = ["Content-Type: text/plain; charset=utf-8"]
    if catalogue.locale:
        fields += [f"Language: {catalogue.locale}", f"Plural-Forms: {catalogue.plural_forms}"]
    header = ['msgid ""', 'msgstr ""', *(rf'"{field}\n"' for field in fields)]
    body = BytesIO()
    write_po(
        body,
        catalogue,
        width=0,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return "\n".join([*header, "", body.getvalue().decode().rstrip(), ""])


if __name__ == "__main__":
    main()
