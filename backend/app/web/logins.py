"""The login and the confirmation of the password, on their way to another page.

A form that was sent after the end of a session is carried along, and sent again afterwards. Of one
with pictures, the field `uploads` is carried empty: they must be chosen again.
"""

from dataclasses import dataclass

from starlette.responses import Response

from app.db.models.fields import AnyText, EnteredPassword, Input, OneTimeCode
from app.db.models.second_factors import InvalidSecondFactor, SecondFactorNeeded
from app.web.forms import SECRET_FIELDS, Form
from app.web.proofs import proof_of, read_proof
from app.web.rendering import Template
from app.web.visits import Visit

HOME = "/jobs"
KEPT = "kept-"
"""The beginning of the names of fields that carry the entries of another form."""


class Login(Input):
    """A name and a password."""

    username: AnyText
    password: EnteredPassword
    otp: OneTimeCode = ""


@dataclass(frozen=True)
class LoginPage(Template, file="sessions/login.html"):
    """The login.

    Args:
        form: The name and the password.
        there: The page that it leads to.
        kept: The entries of a form that is sent again afterwards: pairs of name and value.
        proof: The name and the password, encrypted, if only a code is asked for; otherwise empty.
    """

    form: Form
    there: str
    kept: list[tuple[str, str]]
    proof: str


@dataclass(frozen=True)
class ConfirmationPage(Template, file="sessions/confirm.html"):
    """The password once more, before a change of credentials.

    Args:
        form: The password, and the code of a second factor.
        there: The page that it leads to.
        kept: The entries of a form that is sent again afterwards: pairs of name and value.
        needs_code: Whether the account has a second factor.
    """

    form: Form
    there: str
    kept: list[tuple[str, str]]
    needs_code: bool


@dataclass(frozen=True)
class GoOnPage(Template, file="sessions/go_on.html"):
    """A form that is sent again after a login.

    Args:
        there: The path that it is sent to.
        kept: Its entries.
    """

    there: str
    kept: list[tuple[str, str]]


def safe(path: str) -> str:
    """The path of a page of this service; the start for any other address."""
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        return HOME
    return path


def entries(form: Form | None) -> list[tuple[str, str]]:
    """The entries of a form, without secrets: pairs of name and value."""
    if form is None:
        return []
    return [
        (name, value)
        for name, values in form.values.items()
        for value in values
        if name not in SECRET_FIELDS
    ]


def entries_kept(form: Form) -> list[tuple[str, str]]:
    """The entries of another form that a login carries along."""
    return [(name.removeprefix(KEPT), it) for name, it in entries(form) if name.startswith(KEPT)]


def login_page(visit: Visit, there: str, kept: Form | None) -> Response:
    """The login, which leads to a page, or sends a form again."""
    form, proof = visit.form_at("/login"), ""
    if isinstance(visit.refused, SecondFactorNeeded | InvalidSecondFactor):
        keyring, entered = visit.safeguards.keyring, login_of(visit)
        proof = proof_of(keyring, visit.client, entered.username, entered.password)
    carried = entries_kept(form) if form.sent else entries(kept)
    return visit.page(LoginPage(form, there, carried, proof))


def login_of(visit: Visit) -> Login:
    """What was entered: on one page, or a code after the name and the password.

    Raises:
        InvalidForm: Something is missing.
    """
    proof = visit.sent.value("proof")
    found = read_proof(visit.safeguards.keyring, visit.client, proof) if proof else None
    if found is None:
        return visit.read(Login)
    username, password = found
    return visit.read(Login, username=username, password=password)


def confirmation_page(visit: Visit, there: str, kept: Form | None) -> Response:
    """The confirmation of the password, which leads to a page, or sends a form again."""
    form = visit.form_at("/confirm")
    carried = entries_kept(form) if form.sent else entries(kept)
    has_factor = visit.viewer is not None and visit.viewer.second_factor
    needs_code = has_factor or isinstance(visit.refused, SecondFactorNeeded | InvalidSecondFactor)
    return visit.page(ConfirmationPage(form, there, carried, needs_code))


def there_of(visit: Visit) -> str:
    """The page that a login leads to."""
    if visit.form is not None:
        return safe(visit.form.value("next", HOME))
    return safe(visit.request.query_params.get("next", HOME))
