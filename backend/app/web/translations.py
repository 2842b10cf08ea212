"""Texts by language in forms: a field for each language that the service speaks."""

from collections.abc import Mapping

from app.core.catalogues import LANGUAGES
from app.web.forms import Form


def filled(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The present values of the fields.

    Args:
        name: The name of the texts in the model.
        texts: The texts by language.
    """
    return {f"{name}-{language}": text for language, text in texts.items()}


def languages_of(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """The languages to ask for, with their names: also those that the texts are in already."""
    return [*LANGUAGES.items(), *((tag, tag) for tag in texts if tag not in LANGUAGES)]


def changed(form: Form, name: str) -> dict[str, str | None]:
    """The texts that were entered; None where a field is empty.

    Args:
        form: The form.
        name: The name of the texts in the model.
    """
    fields = [field for field in form.values if field.startswith(f"{name}-")]
    return {field.removeprefix(f"{name}-"): form.value(field).strip() or None for field in fields}


def entered(form: Form, name: str) -> dict[str, str]:
    """The texts that were entered.

    Args:
        form: The form.
        name: The name of the texts in the model.
    """
    return {language: text for language, text in changed(form, name).items() if text}
