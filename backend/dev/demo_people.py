"""The users of the demo market."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unicodedata import normalize

import httpx

from dev.demo_pictures import portrait_for
from dev.demo_texts import Texts

API = "/api/v1"
PASSWORD = "sunlight on clean glass"  # noqa: S105 (printed for the user)
PATIENCE = 10  # attempts at a busy service


class DemoError(Exception):
    """A failure to create the market, with the reason."""


@dataclass
class Person:
    """A user with an account, who speaks the language of the market."""

    client: httpx.AsyncClient
    full_name: str
    username: str
    random: Random
    texts: Texts
    token: str = ""
    jobs: int = 0
    offers: int = 0
    packages: int = 0
    categories: frozenset[str] = frozenset()
    care: float = field(init=False)

    def __post_init__(self) -> None:
        self.care = self.random.betavariate(5, 1.5)  # the quality of their work

    def category(self, slug: str) -> str | None:
        """A category of the service; None if it does not offer the one with this slug."""
        return slug if slug in self.categories else None

    async def register(self, *, cleans: bool) -> None:
        """Creates the account and fills in the profile."""
        account = {
            "username": self.username,
            "email": f"{self.username}@example.com",
            "password": PASSWORD,
            "full_name": self.full_name,
        }
        response = await send(self.client, "POST", "/users", json=account)
        if response.status_code == httpx.codes.CONFLICT:
            raise DemoError(
                f"There is a user {self.username} already: this seed was used here "
                "before. Choose another with --seed."
            )
        demand_success(response)
        await self.log_in()
        bios = self.texts.cleaner_bios if cleans else self.texts.customer_bios
        profile: dict[str, str] = {}
        if happens(self.random, 0.9):
            profile["bio"] = self.random.choice(bios)
        if happens(self.random, 0.8):
            profile["phone_number"] = f"+447700900{self.random.randrange(1000):03}"
        if happens(self.random, 0.7):
            profile["image"] = f"https://example.com/portraits/{self.username}.jpg"
        await self("PATCH", "/profiles/me", profile)
        if happens(self.random, 0.6):
            upload = await self.upload(portrait_for(self.random))
            await self("PUT", "/profiles/me/picture", {"upload": upload})

    async def log_in(self) -> None:
        """Gets an access token."""
        form = {"username": self.username, "password": PASSWORD}
        response = await send(self.client, "POST", "/auth/token", data=form)
        self.token = demand_success(response)["access_token"]

    async def upload(self, picture: bytes) -> str:
        """Uploads a picture in JPEG, and returns the id of the upload."""
        upload = await self("POST", "/uploads", jpeg=picture)
        return str(upload["id"])

    async def set_photos(self, path: str, pictures: Sequence[bytes]) -> None:
        """Uploads pictures, and attaches them to a job or a package."""
        uploads = [await self.upload(picture) for picture in pictures]
        await self("PUT", f"{path}/photos", {"uploads": uploads})

    async def __call__(
        self,
        method: str,
        path: str,
        json: Any = None,
        jpeg: bytes | None = None,
    ) -> Any:
        """Sends a request with JSON or a picture, and returns its response."""
        for _ in range(2):
            headers = {"Authorization": f"Bearer {self.token}"}
            if jpeg:
                headers["Content-Type"] = "image/jpeg"
            response = await send(
                self.client, method, path, json=json, content=jpeg, headers=headers
            )
            if response.status_code != httpx.codes.UNAUTHORIZED:
                break
            await self.log_in()  # tokens expire after some minutes
        return demand_success(response)


async def send(client: httpx.AsyncClient, method: str, path: str, **options: Any) -> httpx.Response:
    """Sends a request, with retries while the service is busy."""
    for _ in range(PATIENCE):
        response = await client.request(method, API + path, **options)
        if response.status_code not in {429, 503}:
            break
        await asyncio.sleep(float(response.headers.get("Retry-After", 1)))
    return response


def demand_success(response: httpx.Response) -> Any:
    """The content of a response, which must be a success."""
    if not response.is_success:
        request = response.request
        raise DemoError(f"{request.method} {request.url.path} was refused: {response.text}")
    return response.json() if response.content else None


def username(latin: str, seed: int) -> str:
    """The username of a user with a name in Latin letters; each seed has its own."""
    plain = normalize("NFKD", latin).encode("ascii", "ignore").decode()
    return "-".join([*plain.lower().split(), *([str(seed)] if seed != 1 else [])])


def happens(random: Random, probability: float) -> bool:
    """True with a probability."""
    return random.random() < probability
