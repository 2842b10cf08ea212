"""The texts of mails about links and credentials."""

from datetime import timedelta
from urllib.parse import quote

from app.core.mail import Mail

UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def verification_link(public_url: str, token: str) -> str:
    """The link that verifies an email address. Browsers don't send the part behind ``#``."""
    return f"{public_url.rstrip('/')}/verify-email#token={quote(token, safe='')}"


def reset_link(public_url: str, token: str | None = None) -> str:
    """The link that resets a password; without a token, the page that requests one."""
    page = f"{public_url.rstrip('/')}/reset-password"
    return page if token is None else f"{page}#token={quote(token, safe='')}"


def to_open(link: str) -> str:
    """A link, and its code for browsers without scripts."""
    code = link.partition("#token=")[2]
    return f"{link}\n\nIf the page asks for a code, enter this one:\n\n{code}"


def in_words(time: timedelta) -> str:
    """A duration in the largest unit that fits, as in "2 hours"."""
    for unit, name in UNITS:
        count, rest = divmod(time, unit)
        if count and not rest:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    raise ValueError("not a number of minutes")


def letter(recipient: str, subject: str, username: str, text: str) -> Mail:
    """A mail with the salutation and the signature of the service.

    Args:
        recipient: The address.
        subject: The subject.
        username: The username in the salutation.
        text: The text, which begins in lower case; lines of at most 76 characters.
    """
    body = f"Hello {username},\n\n{text}\n\nThe cleaning marketplace\n"
    return Mail(recipient, subject, body)


def verify_email(recipient: str, username: str, link: str, lifetime: timedelta) -> Mail:
    """The mail after a registration."""
    return letter(
        recipient,
        "Please confirm your email address",
        username,
        f"""\
welcome to the cleaning marketplace! Please confirm your email address with
this link:

{to_open(link)}

The link works once and expires after {in_words(lifetime)}.

If you have not registered, someone entered your address by mistake. You
can ignore this mail.""",
    )


def confirm_new_email(recipient: str, username: str, link: str, lifetime: timedelta) -> Mail:
    """The mail to the new address of an account."""
    return letter(
        recipient,
        "Please confirm your new email address",
        username,
        f"""\
you asked to use this email address for your account. Please confirm it
with this link:

{to_open(link)}

The link works once and expires after {in_words(lifetime)}. Until then,
nothing changes.

If you did not ask for this, someone entered your address by mistake. You
can ignore this mail.""",
    )


def email_changed(recipient: str, username: str) -> Mail:
    """The mail to the previous address of an account."""
    return letter(
        recipient,
        "Your email address has been changed",
        username,
        """\
the email address of your account has been changed. This is the last mail
to this address.

If you did not change it, another person has access to your account. Please
contact the operator of the marketplace at once.""",
    )


def already_registered(recipient: str, username: str, link: str) -> Mail:
    """The mail after a registration with the address of an existing account.

    Args:
        recipient: The address.
        username: The username of the account.
        link: The page that requests a new password.
    """
    return letter(
        recipient,
        "You already have an account",
        username,
        f"""\
someone, probably you, tried to register with this email address. You
already have an account: please log in with the username {username}. If
you have forgotten your password, you can choose a new one:

{link}

If this was not you, you can ignore this mail: your account is safe.""",
    )


def reset_password(recipient: str, username: str, link: str, lifetime: timedelta) -> Mail:
    """The mail with the link for a new password."""
    return letter(
        recipient,
        "Choose a new password",
        username,
        f"""\
someone, probably you, asked to reset the password of your account. To
choose a new one, open this link:

{to_open(link)}

The link works once and expires after {in_words(lifetime)}.

If this was not you, you can ignore this mail: your password stays the
same.""",
    )


def password_changed(recipient: str, username: str, link: str) -> Mail:
    """The mail after a change of the password.

    Args:
        recipient: The address.
        username: The username of the account.
        link: The page that requests a new password.
    """
    return letter(
        recipient,
        "Your password has been changed",
        username,
        f"""\
the password of your account has been changed. You have been logged out on
all other devices.

If this was not you, choose a new password at once:

{link}""",
    )
