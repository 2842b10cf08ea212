"""The doctor, as whoever runs a market calls it."""

import asyncio
import os
import sys

from chaos.clusters import Cluster


async def examine(cluster: Cluster) -> list[str]:
    """What `python -m app doctor` says against the data of a server, if it says anything."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "doctor"),
        env={**os.environ, "ENVIRONMENT": "development", "DATABASE_URL": cluster.url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if not process.returncode:
        return []
    return [line for line in said.decode().splitlines() if not line.startswith("holds")]
