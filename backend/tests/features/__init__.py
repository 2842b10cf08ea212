"""What the tests that hold for all features have to know of each feature.

Each feature declares it in the file of its name in this folder, as ``FEATURE``. The tests that use
the declarations fail until they are complete.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from app.core.features import modules
from app.postgres.rows import Row

if TYPE_CHECKING:
    from tests.factories.scenes import Scene
    from tests.factories.users import Actor, Market


class Damage(NamedTuple):
    """Something that no call does.

    Args:
        story: What has happened before, as `Scene.play` takes it.
        done: The statements that do it; `$offer_id` and the like are the keys of the scene.
        also: The promises that are broken with it.
    """

    story: str
    done: str
    also: frozenset[str] = frozenset()


class Stateful(NamedTuple):
    """A kind of objects with states.

    Args:
        path: The path of the object in a scene; its owner, or a side of it, can read the `status`.
        statuses: The states.
        stories: How each state comes about. What follows a hyphen tells states of one name apart.
        place: The part of the paths of its operations that tells it from other objects, if the path
            parameter with its id does not.
    """

    path: Callable[["Scene"], str]
    statuses: type[StrEnum]
    stories: Mapping[str, str]
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """A feature, as the tests that hold for all features see it."""

    access: str = ""
    """What each kind of caller is answered by each route: a table (tests/api/access.py)."""
    scopes: Mapping[str, set[str]] = field(default_factory=dict)
    """The operations that each scope of API keys is good for (tests/api/test_scopes.py)."""
    also_needed: Mapping[str, set[str]] = field(default_factory=dict)
    """The scopes that keys need in addition, for a good body of an operation."""
    writable: str = ""
    """The fields that each operation takes in its body (tests/api/test_writable.py)."""
    stories: Mapping[str, str] = field(default_factory=dict)
    """What has to happen before a request goes through, by operation."""
    bodies: Mapping[str, Callable[["Scene"], dict[str, Any] | bytes]] = field(default_factory=dict)
    """What an operation is sent in a scene, if it needs a body."""
    learned: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What is known once an operation was called, and where it stands in the answer."""
    mailing: Sequence[str] = ()
    """Operations that lead to a mail with a link, whose token is known then."""
    states: Mapping[str, Stateful] = field(default_factory=dict)
    """Its objects with states, by the beginning of their path parameter: `offer` for `offer_id`."""
    answers: str = ""
    """What each role is answered by each operation in each state: tables."""
    conditional: Sequence[str] = ()
    """Operations that may refuse a documented body with 422 (tests/fuzz/documented.py)."""
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Operations that honour `If-Match`: a role, and what happens before."""
    waiting: Sequence[str] = ()
    """Operations on a job or a package that wait for its row before they refuse any who see it."""
    load: str = ""
    """SQL that fills its tables in a large market; the features before it come first."""
    lists: Sequence[str] = ()
    """Lists in a large market: reading a page must use an index (tests/api/test_plans.py)."""
    damages: Mapping[str, Damage] = field(default_factory=dict)
    """What breaks each promise of the doctor, by the name of the check."""
    leftovers: Sequence[tuple[str, str]] = ()
    """What might be left of a deleted account: a story, and a statement that leaves it."""
    expiring: Mapping[type[Row], Callable[[UUID, datetime], dict[str, Any]]] = field(
        default_factory=dict
    )
    """Rows that expire: the values of one of a user that has expired at a moment."""
    distributed: Sequence[str] = ()
    """Tables whose rows belong to a job, and are stored with it (tests/db/test_distribution.py)."""
    traces: Callable[["Market", "Actor", "Actor"], Awaitable[Sequence[str]]] | None = None
    """Leaves personal data of the first person, in all columns; returns the paths to see it."""


FEATURES: list[Feature] = [module.FEATURE for module in modules(__name__)]


def collected(name: str) -> dict[Any, Any]:
    """The mappings of all features under a name, as one."""
    return {key: value for it in FEATURES for key, value in getattr(it, name).items()}
