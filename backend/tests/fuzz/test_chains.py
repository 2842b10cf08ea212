"""Operations that follow from each other: what one has made, the next are about."""

from contextlib import AbstractContextManager
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis import Response

from tests.fuzz.documented import CASES, SCHEMA, SEED
from tests.fuzz.explorer import Case, Explorer

SETTINGS = settings(
    max_examples=CASES // 2,
    stateful_step_count=30,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
REFUSED = {403, 404, 409}
OFTEN = {"post_cleaning", "read_cleaning", "edit_cleaning", "make_offer", "delete_cleaning"}
"""What goes through at least once; a booking doesn't always come about."""
RUNS = 10
"""How many runs are made at most until each of `OFTEN` has gone through: one run may miss some."""


def machine_for(explorer: Explorer) -> Any:
    """What makes chains, each of which begins as if there had been no other."""
    scene = explorer.scene("post_cleaning")

    class Chain(SCHEMA.as_state_machine()):  # type: ignore[misc]  # made at run time
        block: AbstractContextManager[None]

        def setup(self) -> None:
            self.block = explorer.undone()
            self.block.__enter__()

        def teardown(self) -> None:
            self.block.__exit__(None, None, None)

        def call(self, case: Case, **_: Any) -> Response:
            """Has the owner send a case, and if they are refused, somebody else."""
            explorer.cases += 1
            case.headers.pop("Idempotency-Key", None)  # several would have the same
            response = explorer.send(case, scene.job.owner)
            if response.status_code in REFUSED:
                response = explorer.send(case, scene.stranger)
            return response

        def get_call_kwargs(self, _: Case) -> dict[str, Any]:
            return {"session": explorer.session}

    return Chain


def test_each_answer_in_a_chain_is_as_documented(explorer: Explorer) -> None:
    machine = machine_for(explorer)
    for run in range(RUNS):
        seed(int(SEED or 0) + run)(machine).run(settings=SETTINGS)
        if explorer.done.keys() >= OFTEN:
            break
    assert explorer.done.keys() >= OFTEN
