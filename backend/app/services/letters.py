"""The letters that the service writes to people."""

from datetime import timedelta
from urllib.parse import quote

from app.core.mail import Mail

UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def verification_link(public_url: str, token: str) -> str:
    """Where an address is confirmed. Browsers keep what stands behind ``#`` to themselves."""
    return f"{public_url.rstrip('/')}/verify-email#token={quote(token, safe='')}"


def reset_link(public_url: str, token: str | None = None) -> str:
    """Where a new password is chosen; without a token, where a link with one is asked for."""
    page = f"{public_url.rstrip('/')}/reset-password"
    return page if token is None else f"{page}#token={quote(token, safe='')}"


def to_open(link: str) -> str:
    """A link, and what its page asks for where it can't read that out of the link by itself."""
    code = link.partition("#token=")[2]
    return f"{link}\n\nIf the page asks for a code, please copy this one:\n\n{code}"


def in_words(time: timedelta) -> str:
    """A length of time in the largest unit that fits, as in "2 hours"."""
    for unit, name in UNITS:
        count, rest = divmod(time, unit)
        if count and not rest:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    raise ValueError("not a number of minutes")


def verify_email(recipient: str, username: str, link: str, lifetime: timedelta) -> Mail:
    """To somebody who has registered."""
    return _letter(
        recipient,
        "Please confirm your email address",
        username,
        f"""\
welcome to the cleaning marketplace! To confirm that this is your address,
please open this link:

{to_open(link)}

It works once, and for {in_words(lifetime)}.

If you have not registered with us, somebody mistyped their address. There is
nothing you need to do.""",
    )


def confirm_new_email(recipient: str, username: str, link: str, lifetime: timedelta) -> Mail:
    """To the new address of somebody who wants to change theirs."""
    return _letter(
        recipient,
        "Please confirm your new email address",
        username,
        f"""\
you asked us to use this address from now on. To confirm that it is yours,
please open this link:

{to_open(link)}

It works once, and for {in_words(lifetime)}. Until then nothing changes.

If it was not you who asked, somebody mistyped their address. There is nothing
you need to do.""",
    )


def email_changed(recipient: str, username: str) -> Mail:
    """To the address that an account had until now."""
    return _letter(
        recipient,
        "Your email address has been changed",
        username,
        """\
your account now has another email address. This is the last mail that we send
to this one.

If it was not you who changed it, somebody else can use your account. Please
tell the people who run the marketplace at once.""",
    )


def already_registered(recipient: str, username: str, link: str) -> Mail:
    """To somebody with whose address an account was to be made, though there is one.

    Args:
        recipient: Their address.
        username: The name of the account that has the address.
        link: Where a new password is asked for.
    """
    return _letter(
        recipient,
        "You already have an account",
        username,
        f"""\
somebody, probably you, wanted to register with this address. But you already
have an account: log in with the username {username}. If you don't remember
your password, you can choose a new one:

{link}

If it was not you, there is nothing you need to do: nobody has got into your
account.""",
    )


def reset_password(recipient: str, username: str, link: str, lifetime: timedelta) -> Mail:
    """To somebody who has forgotten their password."""
    return _letter(
        recipient,
        "Choose a new password",
        username,
        f"""\
somebody, probably you, asked for a new password for your account. To choose
one, please open this link:

{to_open(link)}

It works once, and for {in_words(lifetime)}.

If it was not you, there is nothing you need to do: your password stays as it
is.""",
    )


def password_changed(recipient: str, username: str, link: str) -> Mail:
    """To somebody whose password has been changed.

    Args:
        recipient: Their address.
        username: The name of their account.
        link: Where a new password is asked for.
    """
    return _letter(
        recipient,
        "Your password has been changed",
        username,
        f"""\
the password of your account has just been changed, and you have been logged
out everywhere else.

If it was not you, please choose a new password at once:

{link}""",
    )


def _letter(recipient: str, subject: str, username: str, text: str) -> Mail:
    body = f"Hello {username},\n\n{text}\n\nThe cleaning marketplace\n"
    return Mail(recipient, subject, body)
