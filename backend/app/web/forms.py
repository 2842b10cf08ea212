"""Forms: what was entered, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from app.core.catalogues import N_
from app.core.errors import Invalid
from app.core.formats import Formats
from app.db.models.wording import sentence_for
from app.http.parsing import MOST_FIELDS
from app.web.formats import parse_number

Model = TypeVar("Model", bound=BaseModel)

ONCE = "once"
"""The field that names a submission, so that a repeated one does nothing more."""
SECRET_FIELDS = frozenset({"password", "current_password", "new_password", "otp", "token"})
"""Fields that are never shown again, nor kept for after a login."""
VERSION = "version"
"""The field that says which version of a thing the caller has seen."""
CURRENCY = "priced-in"
"""The field that says the currency of a form's amounts, unless it is that of the market."""
EXACT = "exact-"
"""The beginning of the name of the field with the exact time that another field shows."""
EXAMPLE_AMOUNT = "49.90"
"""The amount that problems have as an example, as the API reads it."""

LABELS: Mapping[str, str] = {
    "address": N_("Address"),
    "area": N_("Area"),
    "bio": N_("About you"),
    "by": N_("Change of the stock"),
    "category": N_("Category"),
    "cleaning_type": N_("Kind"),
    "code": N_("Code of your app"),
    "comment": N_("Comment"),
    "completeness": N_("Completeness"),
    "currency": N_("Currency"),
    "current_password": N_("Present password"),
    "description": N_("Description"),
    "digest_hour": N_("Hour of daily mails"),
    "duration": N_("Duration"),
    "efficiency": N_("Efficiency"),
    "email": N_("Email address"),
    "events": N_("Events"),
    "expires_in_days": N_("Lifetime"),
    "early_start": N_("Early start"),
    "extras": N_("Extras"),
    "facts": N_("Facts"),
    "full_name": N_("Full name"),
    "good_faith": N_("Statement of good faith"),
    "headline": N_("Headline"),
    "items": N_("Packages"),
    "language": N_("Language"),
    "kind": N_("Kind"),
    "law": N_("Law"),
    "location": N_("Address of the page"),
    "max_price": N_("Highest price"),
    "measure": N_("Measure"),
    "message": N_("Message"),
    "min_price": N_("Lowest price"),
    "minutes": N_("Minutes"),
    "name": N_("Title"),
    "names": N_("Names by language"),
    "note": N_("Note"),
    "otp": N_("Code of your app"),
    "parent": N_("Category above it"),
    "overall_rating": N_("Overall rating"),
    "password": N_("Password"),
    "phone_number": N_("Phone number"),
    "position": N_("Place"),
    "price": N_("Price"),
    "professionalism": N_("Professionalism"),
    "q": N_("Search words"),
    "quantity": N_("Quantity"),
    "quiet_from": N_("Quiet from"),
    "quiet_until": N_("Quiet until"),
    "reason": N_("Reason"),
    "rule": N_("Rule"),
    "scopes": N_("Permissions"),
    "role": N_("Role"),
    "slug": N_("Permanent name"),
    "starts_at": N_("Start"),
    "stock": N_("Stock"),
    "text": N_("Text"),
    "token": N_("Code from the mail"),
    "texts": N_("Texts by language"),
    "time_zone": N_("Time zone"),
    "uploads": N_("Pictures"),
    "url": N_("URL"),
    "username": N_("Username"),
    "words": N_("In your words"),
}
"""The labels of fields, which are the same in all forms."""


class InvalidForm(Invalid):
    """What was entered is not valid; the form says where."""

    code = "invalid_form"

    def __init__(self) -> None:
        super().__init__(field="")


class Form:
    """The fields of a form as they were entered, with their problems.

    Args:
        action: The path that the form is sent to.
        values: The values of the fields, of which a list has several.
        formats: Reads and writes amounts and times as people do.
        sent: Whether it was sent, so that fields that are missing are empty.
    """

    def __init__(
        self,
        action: str,
        values: Mapping[str, list[str]],
        formats: Formats,
        *,
        sent: bool = False,
    ) -> None:
        self.action, self.values, self._formats = action, values, formats
        self.sent = sent
        self.problems: dict[str, str] = {}
        """What is wrong, in the language of the page, by field; empty for the whole form."""

    @classmethod
    def decoded(cls, action: str, body: bytes, formats: Formats) -> "Form":
        """A form that was sent (``application/x-www-form-urlencoded``).

        Raises:
            Invalid: It has too many fields.
        """
        try:
            pairs = parse_qsl(
                body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
            )
        except ValueError as error:
            raise Invalid("Too many fields.", field="") from error
        values: dict[str, list[str]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        return cls(action, values, formats, sent=True)

    @classmethod
    def filled(cls, action: str, content: Mapping[str, Any], formats: Formats) -> "Form":
        """A form with the present values of what it changes.

        Args:
            action: The path that the form is sent to.
            content: The values.
            formats: Writes amounts and times.
        """
        values = {
            name: [formats.entered(each) for each in value]
            if isinstance(value, list | tuple)
            else [formats.entered(value)]
            for name, value in content.items()
            if value is not None
        }
        values |= {
            f"{EXACT}{name}": [value.isoformat()]
            for name, value in content.items()
            if isinstance(value, datetime)
        }
        return cls(action, values, formats)

    @property
    def filled_in(self) -> bool:
        """Whether any field but the cursor of a list has a value."""
        return any(any(values) for name, values in self.values.items() if name != "cursor")

    def value(self, name: str, default: str = "") -> str:
        """The value of a field. A checkbox follows a hidden field with the value it replaces."""
        values = self.values.get(name)
        return values[-1] if values else default

    def chosen(self, name: str) -> list[str]:
        """All values of a field."""
        return self.values.get(name, [])

    def problem(self, name: str) -> str | None:
        """What is wrong with a field."""
        return self.problems.get(name)

    def read(
        self, model: type[Model], translate: Any, *, needed: Sequence[str] = (), **given: Any
    ) -> Model:
        """What was entered, as a model. Empty fields count as left out, or as null.

        Args:
            model: The model.
            translate: Translates the problems.
            needed: Fields that the model may omit, but the form may not.
            given: Values of other fields.

        Raises:
            InvalidForm: It is not valid. The problems say what is wrong.
        """
        content = {
            name: value
            for name, field in model.model_fields.items()
            if name in self.values and (value := self._read(name, field)) is not _LEFT_OUT
        }
        self.problems |= {
            name: sentence_for({"type": "missing"}, translate)
            for name in needed
            if content.get(name) is None
        }
        if self.problems:
            raise InvalidForm
        try:
            return model.model_validate(content | given)
        except ValidationError as error:
            for each in error.errors():
                field = str(each["loc"][0]) if each["loc"] else ""
                self.problems.setdefault(field, self._sentence(each, translate))
            raise InvalidForm from error
        except Invalid as error:  # of a validator of the model
            self.refuse(error, translate)
            raise InvalidForm from error

    def refuse(self, error: Invalid, translate: Any) -> None:
        """Adds the problems of invalid input that a service has found."""
        for each in error.errors(translate):
            self.problems.setdefault(each["field"], each["message"])

    def _sentence(self, error: Mapping[str, Any], translate: Any) -> str:
        """What is wrong, with the example of an amount as people type it."""
        example = self._formats.amount(Decimal(EXAMPLE_AMOUNT))
        return sentence_for(error, translate).replace(EXAMPLE_AMOUNT, example)

    def _read(self, name: str, field: FieldInfo) -> Any:
        kinds = _kinds(field.annotation)
        if list in kinds:
            return [value for value in self.values[name] if value]
        text = self.value(name).strip() if name not in SECRET_FIELDS else self.value(name)
        if not text:
            return None if type(None) in kinds else _LEFT_OUT
        return self._converted(name, text, kinds)

    def _converted(self, name: str, text: str, kinds: set[Any]) -> Any:
        """The text of a field as the model reads a value of one of some types."""
        if Decimal in kinds:
            return self._formats.parse_amount(text, self.value(CURRENCY))
        if bool in kinds:
            return BOOLEANS.get(text, text)
        if int in kinds:
            number = parse_number(text)
            return text if number is None else number
        if any(getattr(kind, "__name__", "") == "datetime" for kind in kinds):
            return self._formats.parse_local(text, self.value(f"{EXACT}{name}"))
        return text


_LEFT_OUT = object()
BOOLEANS = {"true": True, "false": False}


def _kinds(annotation: Any) -> set[Any]:
    """The types that an annotation is made of, such as `Decimal` and `NoneType`."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return {kind for part in get_args(annotation) for kind in _kinds(part)}
    if hasattr(annotation, "__metadata__"):
        return _kinds(annotation.__origin__)
    return {origin or annotation}
