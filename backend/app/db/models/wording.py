"""Messages for validation errors.

Pydantic's own messages contain regular expressions and the names of Python's types. Here, each type
of error and each regular expression of a field has its own message.
"""

from collections.abc import Mapping
from typing import Any

from app.core.catalogues import N_, Translate
from app.db.models.categories import LANGUAGE_TAG, SLUG
from app.db.models.fields import (
    CURRENCY_CODE,
    NO_NUL,
    NOT_BLANK,
    ONE_LINE,
    PHONE_NUMBER,
    USERNAME,
    USERNAME_OR_ID,
)
from app.db.models.idempotency_keys import KEY
from app.db.models.notification_preferences import TIME_OF_DAY
from app.db.models.reported import REPORTED_PATH
from app.db.models.searched import LANGUAGE_CODE
from app.db.models.second_factors import SIX_DIGITS

OTHER = N_("Invalid value.")
"""The message for other types of errors."""

SENTENCES: Mapping[str, str] = {
    "missing": N_("Required."),
    "extra_forbidden": N_("Unknown field."),
    "bool_parsing": N_("Must be true or false."),
    "bool_type": N_("Must be true or false."),
    "decimal_max_digits": N_("Must have at most {max_digits} digits."),
    "decimal_max_places": N_("Must have at most {decimal_places} decimal places."),
    "decimal_parsing": N_("Must be a number such as 49.90."),
    "decimal_type": N_("Must be a number such as 49.90."),
    "decimal_whole_digits": N_("Must have at most {whole_digits} digits before the point."),
    "dict_type": N_("Must be an object."),
    "enum": N_("Must be {expected}."),
    "finite_number": N_("Must be a number."),
    "greater_than": N_("Must be greater than {gt}."),
    "greater_than_equal": N_("Must be at least {ge}."),
    "int_from_float": N_("Must be a whole number."),
    "int_parsing": N_("Must be a whole number."),
    "int_parsing_size": N_("Too many digits."),
    "int_type": N_("Must be a whole number."),
    "json_invalid": N_("Invalid JSON."),
    "less_than": N_("Must be less than {lt}."),
    "less_than_equal": N_("Must be at most {le}."),
    "list_type": N_("Must be a list."),
    "literal_error": N_("Must be {expected}."),
    "model_attributes_type": N_("Must be an object."),
    "model_type": N_("Must be an object."),
    "string_too_long": N_("Must have at most {max_length} characters."),
    "string_too_short": N_("Must have at least {min_length} characters."),
    "string_type": N_("Must be text."),
    "string_unicode": N_("Must be text that can be encoded in UTF-8."),
    "too_long": N_("Must have at most {max_length} items."),
    "too_short": N_("Must have at least {min_length} items."),
    "uuid_parsing": N_("Must be a UUID."),
    "uuid_type": N_("Must be a UUID."),
}
"""By the type of the error, with placeholders for its context."""

ONE_OF_MANY = N_("Must be one of the documented values.")
LONGEST_LIST = 1_000
"""The longest list of choices in a message, which may be repeated for twenty values."""

EMPTY = N_("Must not be empty.")
EMAIL = N_("Must be an email address such as anna@example.com.")
TOO_SHORT = ("string_too_short", "too_short")

DATES = N_("Must be a date and time such as 2030-01-31T09:00:00Z.")

PATTERNS: Mapping[str, str] = {
    CURRENCY_CODE: N_("Must be an ISO 4217 code such as EUR."),
    LANGUAGE_CODE: N_("Must be an ISO 639-1 code such as en."),
    KEY: N_("Must have 1 to 255 visible ASCII characters, without spaces."),
    NO_NUL: N_("Must not contain the character NUL."),
    NOT_BLANK: N_("Must contain a visible character, and not the character NUL."),
    ONE_LINE: N_(
        "Must be one line of text with a visible character, and without control characters."
    ),
    PHONE_NUMBER: N_("Must be a number with its country code, such as +4915112345678."),
    SIX_DIGITS: N_("Must have six digits."),
    TIME_OF_DAY: N_("Must be a time of day such as 22:00."),
    LANGUAGE_TAG: N_("Must be a language tag such as de or pt-BR."),
    SLUG: N_(
        "Must be small letters a to z and digits, in words that are joined by single hyphens."
    ),
    USERNAME_OR_ID: N_("Must be a username, or the public id of a person."),
    REPORTED_PATH: N_("Must be the path of something that can be reported."),
    USERNAME: N_("Must have 3 to 32 characters, each a letter from a to z, a digit, - or _."),
}
"""By the regular expression that does not match."""


def sentence_for(error: Mapping[str, Any], translate: Translate = str) -> str:
    """Returns the message for a validation error.

    Args:
        error: The error as Pydantic describes it.
        translate: Translates the message, before the values are put into it.
    """
    kind, context = error["type"], error.get("ctx", {})
    if kind in TOO_SHORT and context["min_length"] == 1:
        return translate(EMPTY)
    if kind == "string_pattern_mismatch":
        return translate(PATTERNS.get(context["pattern"], OTHER))
    if kind == "value_error":  # of an email address with a reason, which is in English only
        reason = EMAIL if "reason" in context else str(context.get("error") or OTHER)
        return translate(as_sentence(reason))
    if kind.startswith(("date", "timezone")):
        return translate(DATES)
    if len(str(context.get("expected", ""))) > LONGEST_LIST:
        return translate(ONE_OF_MANY)
    return translate(SENTENCES.get(kind, OTHER)).format_map(context)


def as_sentence(text: str) -> str:
    """The text, beginning with a capital letter and ending with a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
