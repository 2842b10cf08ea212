"""The types that fields of several features share, with their rules."""

import re
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import email_validator
import pydantic
from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    EmailStr,
    PlainSerializer,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from sqlalchemy import DateTime, Enum, String
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

from app.core.currencies import CURRENCIES, SUPPORTED
from app.core.names import BIDI_CONTROLS, FILLERS, JOINERS, SPACES, folded
from app.core.security.passwords import common_passwords

# A cooperative may well run on a network of its own, with addresses such as anna@house.local.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()

NO_NUL = r"^[^\x00]*$"  # PostgreSQL's text can hold any character but this one
INVISIBLE = rf"\x00-\x20\x7f-\xa0{SPACES}{BIDI_CONTROLS}{FILLERS}{JOINERS}\u2800"
NOT_BLANK = f"^[^\\x00]*[^{INVISIBLE}][^\\x00]*$"
"""Text with a visible character. The classes are explicit, since the meaning of ``\\s`` varies."""
NO_LINE = rf"\x00-\x1f\x7f-\x9f\u2028\u2029{BIDI_CONTROLS}{FILLERS}"
ONE_LINE = f"^[{SPACES}]*[^{NO_LINE}]*[^{INVISIBLE}][^{NO_LINE}]*[{SPACES}]*$"
"""Such text without line breaks, controls of direction, and fillers, except for spaces around."""
BEGINNING_OF_RFC3339 = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d"
BEGINS_AS_RFC3339 = re.compile(BEGINNING_OF_RFC3339).match
# Anchored: looked for at each place, it would cost the square of the length of a text.
SPACED_OFFSET = re.compile(rf"^({BEGINNING_OF_RFC3339}\S*) (\d\d:\d\d)$")
AMOUNT = r"^[0-9]{1,8}(\.[0-9]{1,2})?$"
IS_AMOUNT = re.compile(AMOUNT).fullmatch
CENT = Decimal("0.01")
CURRENCY_CODE = r"^[A-Z]{3}$"
USERNAME = r"^[A-Za-z0-9_-]{3,32}$"
PUBLIC_ID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
USERNAME_OR_ID = f"^([A-Za-z0-9_-]{{3,32}}|{PUBLIC_ID})$"
PHONE_NUMBER = r"^\+[1-9][0-9]{6,14}$"
LONGEST_URL = 2000
URL_TOO_LONG = f"must have at most {LONGEST_URL} characters after escaping"
MORE_THAN_ZERO = AMOUNT.replace("^", "^(?=.*[1-9])")


def text(longest: int, *, shortest: int = 0) -> StringConstraints:
    """Text of several lines: trimmed, with at most `longest` characters, all but NUL."""
    pattern = NOT_BLANK if shortest else NO_NUL
    return StringConstraints(
        strip_whitespace=True, min_length=shortest, max_length=longest, pattern=pattern
    )


def line(longest: int) -> StringConstraints:
    """Text of one line, with a visible character: trimmed, with at most `longest` characters."""
    return StringConstraints(
        strip_whitespace=True, min_length=1, max_length=longest, pattern=ONE_LINE
    )


def amount(pattern: str, **limits: float) -> dict[str, Any]:
    """The JSON schema of an amount in a request.

    It says nothing of ``multipleOf``: by floating point, 19.99 is no multiple of 0.01.
    """
    number = {"type": "number", "maximum": 99_999_999.99, **limits}
    return {
        "description": "With at most two decimal places",
        "anyOf": [number, {"type": "string", "pattern": pattern}],
    }


def whole_number(value: object) -> object:
    """Converts 3.0 to an integer: JSON has one type of numbers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_rfc3339(value: object) -> object:
    # Pydantic would take a number, also one in quotes, for seconds since 1970.
    if isinstance(value, datetime) or BEGINS_AS_RFC3339(str(value)):
        return value
    raise ValueError("must be a date and time such as 2030-01-31T09:00:00Z")


def _with_plus(value: object) -> object:
    # In a query, a + that is not escaped arrives as a space.
    return SPACED_OFFSET.sub(r"\1+\2", value) if isinstance(value, str) else value


def _is_plain_number(value: object) -> object:
    # Decimal would take 1_000, 0E1000000 and the digits of any script.
    if isinstance(value, str) and not IS_AMOUNT(value):
        raise ValueError("must be an amount such as 49.90")
    return value


def _is_bare(value: object) -> object:
    # Pydantic would take the address out of Anna <anna@example.com>.
    if "<" in str(value):
        raise ValueError("must be an email address such as anna@example.com")
    return value


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("must have a time zone, such as 2030-01-31T09:00:00Z")
    # No offset leads out of these years, nor does asyncpg take any moment of them for infinite.
    if not MINYEAR < value.year < MAXYEAR:
        raise ValueError("out of range")
    return value.astimezone(UTC)


def _as_postgresql_writes_it(value: datetime) -> str:
    moment, _, fraction = value.astimezone(UTC).replace(tzinfo=None).isoformat().partition(".")
    digits = fraction.rstrip("0")
    return f"{moment}.{digits}+00:00" if digits else f"{moment}+00:00"


def _is_uncommon(password: str) -> str:
    if folded(password) in common_passwords():
        raise ValueError("must not be one of the most common passwords")
    return password


def _is_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("must be an ISO 4217 code such as EUR")
    return code


_HTTP_URL = TypeAdapter(AnyHttpUrl)


def _is_url(value: str) -> str:
    try:
        url = _HTTP_URL.validate_python(value)
    except ValidationError:
        raise ValueError("must be a URL such as https://example.com/anna.jpg") from None
    if url.username is not None or url.password is not None:
        raise ValueError("must not contain a username or a password")
    normalised = str(url)  # which can be longer: characters that are no ASCII are escaped
    if len(normalised) > LONGEST_URL:
        raise ValueError(URL_TOO_LONG)
    return normalised


Moment = Annotated[
    datetime,
    BeforeValidator(_is_rfc3339),
    AfterValidator(_in_utc),
    PlainSerializer(_as_postgresql_writes_it, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A point in time (RFC 3339): with any offset in, in UTC out and in the database."""

QueryMoment = Annotated[Moment, BeforeValidator(_with_plus)]
"""Such a point in a query, where the + of an offset may arrive as a space."""

Money = Annotated[
    Decimal,
    # The limits stand first: behind a function, Pydantic would check them in Python.
    pydantic.Field(gt=0, max_digits=10, decimal_places=2),
    BeforeValidator(_is_plain_number),
    AfterValidator(lambda amount: amount.quantize(CENT)),
    WithJsonSchema(amount(MORE_THAN_ZERO, exclusiveMinimum=0), mode="validation"),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"}, mode="serialization"),
]
"""An amount in the currency that stands beside it; more than zero."""

PriceLimit = Annotated[
    Decimal,
    pydantic.Field(ge=0, max_digits=10, decimal_places=2),
    BeforeValidator(_is_plain_number),
    WithJsonSchema(amount(AMOUNT, minimum=0)),
]

Currency = Annotated[
    str,
    StringConstraints(pattern=CURRENCY_CODE),
    AfterValidator(_is_currency),
    WithJsonSchema({"type": "string", "enum": sorted(CURRENCIES)}),
]
NewCurrency = Annotated[
    Currency, WithJsonSchema({"type": "string", "enum": sorted(SUPPORTED)}, mode="validation")
]
"""The currency of a new price. Those that can't be are refused with it: see `demand_price`."""
Email = Annotated[
    EmailStr, BeforeValidator(_is_bare), StringConstraints(max_length=254, pattern=NO_NUL)
]
Username = Annotated[str, StringConstraints(pattern=USERNAME)]
PersonName = Annotated[str, StringConstraints(pattern=USERNAME_OR_ID)]
"""A person as callers name them: by the username or by the public id."""
Password = Annotated[
    str,
    StringConstraints(min_length=8, max_length=128),
    AfterValidator(_is_uncommon),
]
"""A new password: of any characters, since PostgreSQL never sees any of them."""
EnteredPassword = Annotated[str, StringConstraints(min_length=0, max_length=1000)]
"""A password that is only compared. The constraint demands text: half a surrogate is none."""
AnyText = Annotated[str, StringConstraints(max_length=1000, pattern=NO_NUL)]
OneTimeCode = Annotated[str, StringConstraints(max_length=64, pattern=NO_NUL)]
FullName = Annotated[str, line(120)]
Name = Annotated[str, line(120)]
SearchWords = Annotated[str, text(200, shortest=1)]
Headline = Annotated[str, line(120)]
Area = Annotated[str, line(100)]
Address = Annotated[str, text(300, shortest=1)]
LongText = Annotated[str, text(5000)]
LONGEST_DURATION = 7 * 24 * 60
"""The longest duration of a job, in minutes."""
Duration = Annotated[
    int, pydantic.Field(strict=True, ge=1, le=LONGEST_DURATION), BeforeValidator(whole_number)
]
"""How long a job takes, in minutes."""
PhoneNumber = Annotated[str, StringConstraints(pattern=PHONE_NUMBER)]
"""A telephone number as ITU-T E.164 writes it."""
ImageUrl = Annotated[
    str,
    StringConstraints(max_length=LONGEST_URL, pattern=NO_NUL),
    AfterValidator(_is_url),
    WithJsonSchema(
        {
            "type": "string",
            "format": "uri",
            "maxLength": LONGEST_URL,
            "description": "An http or https URL without a username or a password",
        }
    ),
]
Reason = Annotated[str, text(500, shortest=1)]
Stars = Annotated[int, pydantic.Field(strict=True, ge=1, le=5), BeforeValidator(whole_number)]


class Input(SQLModel):
    """The content of a request: unknown fields are errors."""

    model_config = {"extra": "forbid"}

    # SQLModel's own constructor, which inputs don't need, keeps Pydantic from building them itself:
    # that takes a quarter of the time of validation.
    __init__ = BaseModel.__init__


def omittable(**options: Any) -> Any:
    """A field that a partial update may omit, but not set to null."""
    return Field(default_factory=lambda: None, **options)


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): unpredictable, and larger than those created before it."""
    return uuid7()


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def id_field(**options: Any) -> Any:
    """A primary key made by the application."""
    return Field(default_factory=new_id, primary_key=True, **options)


def moment_field(**options: Any) -> Any:
    """A column of points in time."""
    return Field(sa_type=DateTime(timezone=True), **options)


def key_field(**options: Any) -> Any:
    """A column of keys that `app.core.names` makes of another: derived, and compared as bytes."""
    return Field(sa_type=String(collation="C"), **options)


def choice(members: type[Any], name: str) -> Enum:
    """A column type for the values of an enum: text, with a CHECK called `name`."""
    return Enum(
        members,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=32,
        values_callable=lambda enum: [member.value for member in enum],
    )
