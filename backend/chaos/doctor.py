"""The doctor, run as an operator runs it."""

import sys

from chaos.clusters import Cluster
from chaos.programs import begin


async def examine(cluster: Cluster) -> list[str]:
    """The violations that `python -m app doctor` reports for a server."""
    command = [sys.executable, "-m", "app", "doctor"]
    doctor = await begin(command, ENVIRONMENT="development", DATABASE_URL=cluster.url)
    said, _ = await doctor.communicate()
    if not doctor.returncode:
        return []
    return [line for line in said.decode().splitlines() if not line.startswith("holds")]
