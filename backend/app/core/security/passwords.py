"""Password rules, hashing and verification."""

import asyncio
import os
import re
import secrets
import threading
from base64 import b64encode
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import distribution
from runpy import run_path
from typing import NamedTuple, ParamSpec, TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.errors import Unavailable
from app.core.names import composed, folded

MEMORY, PASSES = 19456, 2  # KiB, and passes of argon2
MOST_WAITING = 50  # per thread, which hashes as many within a second
LOW_PRIORITY = 10  # a niceness, from 0 (none) to 19

OWN_WORDS = frozenset(
    {"booking", "cleaner", "cleaning", "market", "marketplace", "offer", "password"}
)
"""Words of this service, which are guessed first."""

SHORTEST_NAME = 3
FEWEST_OWN_LETTERS = 4

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@cache
def common_passwords() -> frozenset[str]:
    """The 30,000 most used passwords, in lower case.

    They are data of zxcvbn, which is not imported: it would load 14 MiB of other words.
    """
    file = distribution("zxcvbn").locate_file("zxcvbn/frequency_lists.py")
    return frozenset(run_path(str(file))["FREQUENCY_LISTS"]["passwords"])


def is_made_of(password: str, names: Iterable[str | None]) -> bool:
    """Whether a password consists mostly of names of its user and words of the service.

    Args:
        password: The password.
        names: Username, email address, full name; None for a missing one.
    """
    left = folded(password)
    words = {word for name in names for word in re.split(r"[\W_]+", folded(name or "")) if word}
    for word in sorted(words | OWN_WORDS, key=len, reverse=True):
        if len(word) >= SHORTEST_NAME:
            left = left.replace(word, "")
    return left != folded(password) and sum(map(str.isalpha, left)) < FEWEST_OWN_LETTERS


class Verification(NamedTuple):
    """The result of a verification.

    Args:
        matches: Whether the password is right.
        renewed: A new hash, to replace one with outdated parameters.
    """

    matches: bool
    renewed: str | None


class Passwords:
    """Hashes and verifies passwords with argon2id, in its own threads.

    The parameters are those of OWASP's Password Storage Cheat Sheet with the least memory:
    m=19456 (KiB), t=2, p=1.
    """

    def __init__(self) -> None:
        argon2 = Argon2Hasher(memory_cost=MEMORY, time_cost=PASSES, parallelism=1)
        self._hash = PasswordHash((argon2,))
        count = os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(count, "passwords", initializer=_give_way)
        self._free = MOST_WAITING * count
        # A hash of no password, in constant form, so that the start need not compute one.
        salt, digest = (b64encode(secrets.token_bytes(size)).decode() for size in (18, 33))
        self._nobody = f"$argon2id$v=19$m={MEMORY},t={PASSES},p=1${salt}${digest}"

    async def hash(self, password: str) -> str:
        """The salted hash of a password, with composed characters.

        Raises:
            Unavailable: The queue is full.
        """
        return await self._run(self._hash.hash, composed(password))

    async def verify(self, password: str, hashed: str | None) -> Verification:
        """Verifies a password.

        It is tried with composed characters first, then as entered, since older hashes may be of
        that form.

        Args:
            password: The entered password.
            hashed: The stored hash, or None if the account does not exist, which takes as long as a
                wrong password.

        Raises:
            Unavailable: The queue is full.
        """
        kept = hashed or self._nobody
        matches, renewed = await self._run(self._hash.verify_and_update, composed(password), kept)
        if not matches and composed(password) != password:
            matches = await self._run(self._hash.verify, password, kept)
            renewed = await self.hash(password) if matches else None
        return Verification(matches and hashed is not None, renewed)

    async def _run(
        self,
        work: Callable[Parameters, Result],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Result:
        if not self._free:
            raise Unavailable("Too many people log in just now. Please try again in a moment.")
        self._free -= 1
        try:
            thread = self._threads.submit(work, *arguments, **options)
            return await asyncio.wrap_future(thread)
        finally:
            self._free += 1


def _give_way() -> None:
    """Lowers the priority of this thread below that of requests."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW_PRIORITY)
