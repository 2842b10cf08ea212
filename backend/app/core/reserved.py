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
    """.split()  # noqa: SIM905 (a word per line would be long)
)
"""Names of RFC 2142 and names of authorities, without separators."""

AUTHORITIES = frozenset(
    "admin administrator moderator official staff superuser support sysadmin".split()  # noqa: SIM905
)
"""Words refused in any part of a username, with their plurals: `the-admin`, `support-anna`."""

LOOK_ALIKES = str.maketrans("013457|l", "oieastii", "_-")
"""Digits in place of letters, I for l; separators are removed."""

ERASED = "deleted-"
"""The prefix of the usernames of erased accounts."""


def is_reserved(username: str) -> bool:
    """Whether a username is reserved for the service, or looks like one that is.

    Args:
        username: For example `Adm1n`, `support_team`, `staff99` or `the-admin`.
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
