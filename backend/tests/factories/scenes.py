"""A job and the people around it, who do one thing after another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from httpx import Response

from app.db.models.users import UserRole
from app.http.transactions import READING
from app.worker.clock import Clock
from tests.factories.categories import category_slug
from tests.factories.checklists import bring_item
from tests.factories.cleanings import Job, date_back, make_cleaning
from tests.factories.extras import bring_extra
from tests.factories.links import mailed_token
from tests.factories.offers import MadeOffer, make_offer
from tests.factories.orders import let_answer_lapse
from tests.factories.tasks import make_failed_task
from tests.factories.uploads import process, read
from tests.factories.users import Actor, Market, make_user
from tests.features import FEATURES, Stateful, collected
from tests.operations import ROUTES
from tests.pictures import JPEG

CALLS = {route.name: route for route in ROUTES}
OPERATIONS = {name: route for name, route in CALLS.items() if route.method not in READING}
"""All that changes anything, by its operationId."""

BODIES: dict[str, Callable[["Scene"], dict[str, Any] | bytes]] = collected("bodies")
LEARNED: dict[str, tuple[str, str]] = collected("learned")
"""What is known from then on that something was done, and where in the answer it stands."""
MAILING = {operation for feature in FEATURES for operation in feature.mailing}
"""What leads to a mail; what stands in its link is known as the token then."""

FILES = {"documentation_files": "swagger-ui.css", "page_files": "pages.css"}
"""What is loaded from each folder of files."""

NAMES = {"slug": "windows", "extra": "oven", "item": "floors", "number": "1", "position": "0"}
"""Names that stand in paths and that callers choose or count."""


@dataclass
class Scene:
    """A job with the offers of two cleaners, and an unrelated user."""

    market: Market
    job: Job
    offers: dict[str, MadeOffer]
    stranger: Actor
    known: dict[str, str] = field(default_factory=dict)
    """What was learned of what was done, by its name."""
    staff: Actor | None = None
    """The last member of staff who has done something."""

    @property
    def booking_id(self) -> str | None:
        """The last booking that was made."""
        return self.known.get("booking_id")

    def actor(self, role: str) -> Actor | None:
        """The user in a role: owner, cleaner, rival, stranger; None for anonymous."""
        if role in self.offers:
            return self.offers[role].cleaner
        return {"owner": self.job.owner, "stranger": self.stranger, "anonymous": None}[role]

    def ids(self, offerer: str = "cleaner") -> dict[str, str]:
        """What stands in the paths of the scene, by the names of the parameters.

        Args:
            offerer: Whose offer is meant.
        """
        read = self.market.safeguards.access_tokens.read
        return {
            "cleaning_id": self.job.data["id"],
            "offer_id": self.offers[offerer].data["id"],
            "cleaner_id": str(self.offers[offerer].cleaner.id),
            "username": self.offers[offerer].cleaner.username,
            "user_id": str(self.stranger.id),
            **NAMES,
            "session_id": str(read(self.job.owner.token).session_id),
            **self.known,
        }

    def content(self, operation: str) -> dict[str, Any]:
        """What an operation is sent, as httpx takes it; a page sends it as a form."""
        if operation.endswith("_by_page"):
            return {"data": self.content(operation.removesuffix("_by_page"))["json"]}
        make = BODIES.get(operation)
        body = make(self) if make else None
        if isinstance(body, bytes):
            return {"content": body, "headers": {"Content-Type": JPEG}}
        return {"data" if operation == "create_token" else "json": body}

    async def act(
        self,
        role: str,
        operation: str,
        offerer: str = "cleaner",
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Sends a request in a role.

        Args:
            role: The role; a new user each time for staff.
            operation: What they do, by its operationId.
            offerer: Whose offer it is about, if it is about one.
            body: What they send; something that goes through, by default.
            headers: What they send with it.
        """
        content = self.content(operation) if body is None else {"json": body}
        if role == "staff":
            self.staff = await make_user(self.market, role=UserRole.STAFF)
        actor = self.staff if role == "staff" else self.actor(role)
        content["headers"] = content.get("headers", {}) | (headers or {})
        response = await self.call(actor, operation, offerer, **content)
        if response.is_success and operation in LEARNED:
            name, place = LEARNED[operation]
            self.known[name] = response.json()[place]
        if response.is_success and operation in MAILING:
            self.known["token"] = await mailed_token(self.market)
        return response

    async def call(
        self,
        actor: Actor | None,
        operation: str,
        offerer: str = "cleaner",
        *,
        method: str | None = None,
        **options: Any,
    ) -> Response:
        """Calls a route of the service.

        Args:
            actor: The caller; None for anonymous.
            operation: The name of the route.
            offerer: Whose offer it is about, if it is about one.
            method: Another method than that of the route.
            options: What goes with the request, as httpx takes it.
        """
        route = CALLS[operation]
        ids = self.ids(offerer) | {"path": FILES.get(operation)}
        url = f"http://test{route.path.format_map(ids)}"
        method = method or route.method
        if actor is None:
            return await self.market.client.request(method, url, **options)
        return await actor.request(method, url, **options)

    async def status(self, thing: Stateful) -> str:
        """The state of an object as its owner reads it, or that it is deleted."""
        response = await self.job.owner.get(thing.path(self))
        return "deleted" if response.status_code == 404 else str(response.json()["status"])

    async def log(self) -> list[dict[str, Any]]:
        """All events, oldest first."""
        rows = await self.market.app.state.database.fetch("SELECT * FROM events ORDER BY id", ())
        return [dict(row) for row in rows]

    async def play(self, story: str) -> None:
        """Everybody does what they are told to.

        Args:
            story: Who does what (and to whose offer), divided by commas. The `clock` can `start`
                the job, which dates its start back, let the `answer` to an order lapse, `tick`, as
                in the worker, `process` uploads of the owner, and `fail` a task.
        """
        for step in filter(None, story.split(",")):
            if step.split() == ["clock", "start"]:
                await date_back(self.market, self.job)
                continue
            if step.split() == ["clock", "answer"]:
                await let_answer_lapse(self.market, self.known["order_id"])
                continue
            if step.split() == ["clock", "tick"]:
                await Clock(self.market.app.state.database).tick()
                continue
            if step.split() == ["clock", "process"]:
                await process(self.market)
                upload = await read(self.job.owner, self.known["upload_id"])
                self.known["name"] = Path(upload["photo"]["url"]).stem
                continue
            if step.split() == ["clock", "fail"]:
                self.known["task_id"] = str(await make_failed_task(self.market.app))
                continue
            response = await self.act(*step.split())
            assert response.is_success, f"{step}: {response.text}"


async def make_scene(market: Market, story: str = "", **terms: Any) -> Scene:
    """A scene in which the story has been played."""
    category = await category_slug(market)
    await bring_extra(market, category)
    await bring_item(market, category)
    job = await make_cleaning(market, category=category, extras=["oven"], **terms)
    offers = {role: await make_offer(market, job) for role in ("cleaner", "rival")}
    scene = Scene(market, job, offers, await make_user(market))
    await scene.play(story)
    return scene
