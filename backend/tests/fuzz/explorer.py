"""Who sends the cases that are made out of the documentation, and what they are about."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID
from zlib import crc32

from schemathesis import APIOperation, GenerationMode, Response
from schemathesis import Case as CaseOf

from tests.api.access import CALLERS, entitled, scene_for
from tests.factories.scenes import NAMES, Scene
from tests.factories.users import Actor, Market
from tests.fuzz.wire import Run, session_with
from tests.undone import undone

SECRET = {
    *("create_token", "look_up_account", "verify_email", "reset_password"),
    *("confirm_second_factor", "stop_second_factor_removal", "place_order"),
}
"""What must be known to be sent: all that is made up is wrong."""

CHANGING = {"blocked"}
"""The callers who change the scene as they come about."""

Case = CaseOf[APIOperation[Any, Any, Any, Any]]


class Explorer:
    """Sends cases to the service, each as if no other had been sent before.

    Args:
        market: The service.
        run: Runs what is asynchronous.
    """

    def __init__(self, market: Market, run: Run) -> None:
        self._market, self._run = market, run
        self.session = session_with(market.app, run)
        self._scenes: dict[str, Scene] = {}
        self._actors: dict[tuple[str, str], Actor | None] = {}
        self.cases = 0
        self.done: Counter[str] = Counter()

    def explore(self, case: Case) -> None:
        """Sends a case in a scene in which it may go through, and checks the answer.

        Whoever is entitled to it sends it; half of the cases that are wrong, though, anybody does.
        """
        self.cases += 1
        operation = name_of(case)
        scene = self.scene(operation)
        callers = [entitled(operation)]
        if not is_right(case):
            callers = callers * len(CALLERS) + list(CALLERS)
        caller = callers[fingerprint(case) % len(callers)]
        known = None if caller in CHANGING else self.actor(operation, caller)
        with self.undone():
            actor = known or self._run(CALLERS[caller](scene))
            fill_in(case, scene)
            response = self.send(case, actor)
            case.validate_response(response, transport_kwargs={"session": self.session})

    def scene(self, operation: str) -> Scene:
        """The scene for an operation."""
        if operation not in self._scenes:
            self._scenes[operation] = self._run(scene_for(self._market, operation))
        return self._scenes[operation]

    def actor(self, operation: str, caller: str) -> Actor | None:
        """A caller in the scene for an operation."""
        if (operation, caller) not in self._actors:
            self._actors[operation, caller] = self._run(CALLERS[caller](self.scene(operation)))
        return self._actors[operation, caller]

    def send(self, case: Case, actor: Actor | None) -> Response:
        """Sends a case as a user, or anonymously."""
        if not is_right(case):
            case.query, case.body = trimmed(case.query), trimmed(case.body)
        if is_right(case):
            case.query.pop("cursor", None)  # one that is made up is never good
            if case.query.get("wait"):
                # Seconds. Nothing happens meanwhile, so most cases don't wait.
                case.query["wait"] = int(fingerprint(case) % 16 == 0)
        headers = {} if actor is None else {"Authorization": f"Bearer {actor.token}"}
        response = case.call(session=self.session, headers=headers)
        if response.status_code < 300:
            self.done[name_of(case)] += 1
        return response

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Undoes what the block does to the data."""
        block = undone(self._market.app)
        self._run(block.__aenter__())
        try:
            yield
        finally:
            self._run(block.__aexit__(None, None, None))


def name_of(case: Case) -> str:
    """The operationId of a case."""
    return str(case.operation.definition.raw["operationId"])


def fingerprint(case: Case) -> int:
    """A number that is the same for the same case, and for any two others is likely to differ."""
    body = case.body if isinstance(case.body, dict | list | str) else None
    parts = (case.path_parameters, case.query, dict(case.headers), body)
    return crc32(repr(parts).encode(errors="replace"))


def fill_in(case: Case, scene: Scene) -> None:
    """Replaces ids in a case by existing ones of a scene; in a right one, names and paths, too."""
    for name, value in case.path_parameters.items():
        if name == "username" or is_id(value) or (name in NAMES and is_right(case)):
            known = scene.ids()[name]
            # Names of files are ids without hyphens, which the documentation's format has.
            case.path_parameters[name] = str(UUID(known)) if is_id(known) else known
    if is_right(case) and isinstance(case.body, dict) and case.body.get("category"):
        case.body["category"] = scene.known.get("slug", case.body["category"])
    if is_right(case) and isinstance(case.body, dict):
        for name in {"path", "location"} & case.body.keys():
            case.body[name] = scene.job.path
        for name in {"cleaning_id", "cleaner_id"} & case.body.keys():
            case.body[name] = scene.ids()[name]
    if name_of(case) in SECRET and is_right(case):
        (case.body,) = scene.content(name_of(case)).values()


def is_right(case: Case) -> bool:
    """Says whether a case is as the documentation wants it."""
    return case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE


def trimmed(part: Any) -> Any:
    """Part of a case without the spaces around its texts, which the service passes over.

    A text that is too long with them may be none without.
    """
    if isinstance(part, dict):
        return {name: trimmed(value) for name, value in part.items()}
    return part.strip() if isinstance(part, str) else part


def is_id(value: object) -> bool:
    """Says whether an id is well-formed."""
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
