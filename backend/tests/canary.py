"""A service with faults, and a user who sends many secrets to it."""

from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from httpx import AsyncClient, Response

from app.api.server import get_application as get_service
from app.core.config import Settings
from app.db.models.users import User

PASSWORD, NEW_PASSWORD = "a canary sings in the mine", "a canary falls silent"


def get_application(settings: Settings | None = None) -> FastAPI:
    """The service, with two endpoints more, which break."""
    app = get_service(settings)

    @app.post("/broken/{name}")
    async def break_with(name: str, body: dict[str, Any]) -> None:
        """Says in its error all that it was told."""
        raise RuntimeError(f"{name} {body}")

    @app.post("/twice")
    async def add_twice(body: dict[str, Any], request: Request) -> None:
        """Breaks a constraint of the database, whose error says which value did so."""
        async with request.app.state.database.write() as transaction:
            for name in ("one", "two"):
                transaction.add(User(username=name + uuid4().hex[:8], password_hash="", **body))

    return app


class Canary:
    """A user whose requests may end up in a log.

    Args:
        client: A client of the service, at its root.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        self.username = f"canary{uuid4().hex[:12]}"
        self.email = f"{self.username}@example.com"
        self.secrets = [self.username, PASSWORD, NEW_PASSWORD]
        self.answers: list[Response] = []

    async def sing(self) -> None:
        """Registers, logs in and out, and does much of what is refused."""
        account = {"email": self.email, "username": self.username, "password": PASSWORD}
        await self._ask(201, "POST", "/api/v1/users", json=account)
        await self._ask(409, "POST", "/api/v1/users", json=account)
        await self._ask(
            422, "POST", "/api/v1/users", json={"email": PASSWORD, PASSWORD: self.email}
        )
        await self._log_in(401, self.email, NEW_PASSWORD)
        tokens = await self._log_in(200, self.email, PASSWORD)
        self._client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        change = {"password": NEW_PASSWORD, "current_password": PASSWORD}
        await self._ask(200, "PATCH", "/api/v1/users/me", json=change)
        await self._ask(403, "PATCH", "/api/v1/users/me", json=change)
        await self._log_in(401, self.username, PASSWORD)
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        refreshed = await self._ask(200, "POST", "/api/v1/auth/token", data=form)
        self._keep(refreshed)
        await self._ask_strangely(tokens["access_token"])
        await self._use_a_key()
        await self._use_pages(tokens["access_token"])
        await self._break()

    async def _log_in(self, status: int, name: str, password: str) -> dict[str, str]:
        form = {"username": name, "password": password}
        return self._keep(await self._ask(status, "POST", "/api/v1/auth/token", data=form))

    def _keep(self, answer: dict[str, str]) -> dict[str, str]:
        self.secrets += [answer[name] for name in answer if name.endswith("_token")]
        return answer

    async def _ask_strangely(self, token: str) -> None:
        for value in (f"Bearer {token}x", f"Basic {token}", token):
            await self._ask(401, "GET", "/api/v1/users/me", headers={"Authorization": value})
        await self._ask(404, "GET", f"/{token}?access_token={token}&email={self.email}")
        await self._ask(422, "GET", f"/api/v1/profiles/{NEW_PASSWORD}")
        await self._ask(422, "GET", f"/api/v1/cleanings/{token}")
        await self._ask(422, "GET", f"/api/v1/cleanings?cursor={token}&{self.email}=1")
        await self._ask(200, "GET", f"/api/v1/cleanings?q={self.email}")
        await self._ask(422, "POST", "/api/v1/cleanings", content=PASSWORD)

    async def _use_a_key(self) -> None:
        draft = {"name": PASSWORD, "scopes": ["read:feed"]}
        key = (await self._ask(201, "POST", "/api/v1/users/me/api-keys", json=draft))["key"]
        self.secrets.append(key)
        headers = {"Authorization": f"Bearer {key}"}
        await self._ask(200, "GET", "/api/v1/feed/cleanings", headers=headers)
        await self._ask(403, "GET", "/api/v1/offers", headers=headers)
        await self._ask(403, "GET", "/api/v1/users/me", headers=headers)
        mistyped = {"Authorization": f"Bearer {key}x"}
        await self._ask(401, "GET", "/api/v1/feed/cleanings", headers=mistyped)

    async def _use_pages(self, token: str) -> None:
        await self._ask(200, "GET", f"/verify-email?token={token}")
        own = {"Sec-Fetch-Site": "same-origin"}
        await self._ask(422, "POST", "/verify-email", data={"token": token}, headers=own)
        form = {"token": token, "password": NEW_PASSWORD}
        await self._ask(422, "POST", "/reset-password", data=form, headers=own)
        await self._ask(303, "POST", "/reset-link", data={"email": self.email}, headers=own)

    async def _break(self) -> None:
        secrets = {"email": self.email, "password": PASSWORD}
        await self._ask(500, "POST", f"/broken/{PASSWORD}", json=secrets)
        await self._ask(409, "POST", "/twice", json={"email": f"twice.{self.email}"})

    async def _ask(self, status: int, method: str, path: str, **content: Any) -> Any:
        response = await self._client.request(method, path, **content)
        assert response.status_code == status, response.text
        self.answers.append(response)
        is_json = response.headers.get("Content-Type", "").endswith("json")
        return response.json() if is_json else None
