"""Usernames that could be taken for the service's own."""

import re

RESERVED = frozenset(
    """
    abuse account accounts admin administration administrator anonymous api billing
    cleaningmarketplace contact customerservice daemon deleted everybody everyone finance help
    helpdesk hostmaster info legal mail mailerdaemon management manager marketplace
    marketplaceteam mod moderation moderator moderators nobody noreply notification
    notifications null official operator payment payments police postmaster privacy public root
    security service services staff superuser support supportteam sysadmin sysop system team
    undefined unknown verification webmaster www
    """.split()  # noqa: SIM905 (one word a line would hide the rest of the file)
)
"""RFC 2142 and the words in which people expect an authority, without marks between words."""

AUTHORITIES = frozenset(
    "admin administrator moderator official staff superuser support sysadmin".split()  # noqa: SIM905
)
"""Words that no part of a username may be, nor their plurals: `the-admin`, `support-anna`."""

LOOK_ALIKES = str.maketrans("013457|l", "oieastii", "_-")
"""Digits for letters, I for l; and no marks."""

ERASED = "deleted-"
"""How the names of erased accounts begin."""


def is_reserved(username: str) -> bool:
    """Says whether a username is, or looks like, one that nobody but the service may have.

    Args:
        username: Such as `Adm1n`, `support_team`, `staff99` or `the-admin`.
    """
    name = username.lower()
    return (
        name.startswith(ERASED)
        or not SKELETONS.isdisjoint(_skeletons(name))
        or any(not PARTS.isdisjoint(_skeletons(part)) for part in re.split("[_-]", name))
    )


def _skeletons(name: str) -> set[str]:
    return {_skeleton(name), _skeleton(name.rstrip("0123456789_-"))}


def _skeleton(name: str) -> str:
    return name.translate(LOOK_ALIKES).replace("rn", "m").replace("vv", "w")


SKELETONS = frozenset(map(_skeleton, RESERVED))
PARTS = frozenset(_skeleton(word + ending) for word in AUTHORITIES for ending in ("", "s"))
