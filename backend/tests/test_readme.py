"""The commands of README.md that people copy into a shell."""

import re
import shutil
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE

import pytest

from app.core.config import Settings
from tests.http.test_draining import ready
from tests.server import BACKEND, dsn

BLOCKS = re.findall(r"```sh\n(.*?)```", (BACKEND.parent / "README.md").read_text(), re.DOTALL)
OF_README = "http://127.0.0.1:8000"


@pytest.mark.skipif(shutil.which("curl") is None, reason="README's commands need curl")
async def test_its_commands_are_answered_as_it_says(own_database: Settings) -> None:
    async with ready(dsn(own_database.sqlalchemy_url), 1, 0) as (_, client):
        address = str(client.base_url).rstrip("/")
        script = "\n".join(["set -e", *BLOCKS]).replace(OF_README, address)
        shell = await create_subprocess_exec("bash", "-c", script, stdout=PIPE, stderr=PIPE)
        told, errors = (output.decode() for output in await shell.communicate())
    assert BLOCKS
    assert shell.returncode == 0, errors
    assert "Spotless" in told
    assert not re.findall(r'.*"status" ?: ?[45]\d\d.*', told)
    last = told.splitlines()[-1]
    assert '"name" : "Notice board"' in last
