"""``make chaos``: runs all scenarios, or those named."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from chaos import (
    failover,
    hanging,
    lag,
    memory,
    messages,
    migration,
    overload,
    recovery,
    replay,
    replicas,
    restart,
    rolling,
    slow,
    stream,
    streams,
    webhooks,
)
from chaos.report import show, write_page
from chaos.verdicts import Verdict
from dev.cluster import PostgresError

Scenario = Callable[[Path, float], Coroutine[None, None, Verdict]]

SCENARIOS: Mapping[str, Scenario] = {
    "restart": restart.run,
    "crash": restart.crash,
    "failover": failover.run,
    "freeze": failover.freeze,
    "replicas": replicas.run,
    "replay": replay.run,
    "rolling": rolling.run,
    "overload": overload.run,
    "memory": memory.run,
    "slow": slow.run,
    "stream": stream.run,
    "streams": streams.run,
    "messages": messages.run,
    "lag": lag.run,
    "webhooks": webhooks.run,
    "hanging": hanging.run,
    "migration": migration.run,
    "recovery": recovery.run,
}
"""Each takes a temporary folder, and the duration of its load in seconds."""


def main() -> None:
    """Runs the scenarios, prints the results, and updates docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"{', '.join(SCENARIOS)}; all by default")
    parser.add_argument("--seconds", type=float, default=5.0, help="duration of a load")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - SCENARIOS.keys():
        parser.error(f"unknown scenario: {', '.join(sorted(unknown))}")
    console = Console()
    verdicts: dict[str, Verdict] = {}
    for name in chosen.names or SCENARIOS:
        with TemporaryDirectory(prefix="chaos-") as folder:
            try:
                verdict = asyncio.run(SCENARIOS[name](Path(folder), chosen.seconds))
            except (PostgresError, RuntimeError) as error:
                sys.exit(f"{name}: {error}")
        show(console, name, verdict)
        verdicts[name] = verdict
    if not chosen.names:
        write_page(verdicts)
    if not all(verdict.holds for verdict in verdicts.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
