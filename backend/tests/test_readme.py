"""The shell commands of README.md and docs/api.md run as documented."""

import re
import shutil
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from app.commands.categories import load_into, nodes_in
from app.core.config import Settings
from dev.run import CATEGORIES
from tests.http.test_draining import ready
from tests.server import BACKEND, dsn
from tests.test_asvs import anchors

ROOT = BACKEND.parent
PAGES = [ROOT / "README.md", BACKEND / "docs" / "api.md"]
"""In this order: the second page uses the variables of the first."""

BLOCKS = [
    block for page in PAGES for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
]
DOCUMENTED = "http://127.0.0.1:8000"
LONGEST_README = 150
DOCUMENTATION = [*ROOT.glob("*.md"), *sorted((BACKEND / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#:]*)(?:#([^)]*))?\)")


@pytest.mark.skipif(shutil.which("curl") is None, reason="the commands need curl")
async def test_the_commands_succeed(own_database: Settings) -> None:
    await load_into(own_database, nodes_in(BACKEND / CATEGORIES), if_none=True)  # as `make run`
    async with ready(dsn(own_database.sqlalchemy_url), 1, 0) as (_, client):
        address = str(client.base_url).rstrip("/")
        script = "\n".join(["set -e", *BLOCKS]).replace(DOCUMENTED, address)
        shell = await create_subprocess_exec("bash", "-c", script, stdout=PIPE, stderr=PIPE)
        told, errors = (output.decode() for output in await shell.communicate())
    assert BLOCKS
    assert shell.returncode == 0, errors
    assert "Spotless" in told
    assert not re.findall(r'.*"status" ?: ?[45]\d\d.*', told)
    last = told.splitlines()[-1]
    assert '"name" : "Notice board"' in last


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= LONGEST_README


@pytest.mark.parametrize("page", DOCUMENTATION, ids=lambda page: page.name)
def test_links_lead_to_pages_and_sections(page: Path) -> None:
    for path, section in LINK.findall(page.read_text()):
        target = (page.parent / path) if path else page
        assert target.exists(), path
        if section:
            assert section in anchors(target.read_text()), f"{path}#{section}"
