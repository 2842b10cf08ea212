"""The Nu HTML checker (validator.w3.org/nu), run here."""

import asyncio
import json
from asyncio.subprocess import PIPE
from pathlib import Path
from tempfile import TemporaryDirectory


class Validator:
    """Checks HTML against the standard.

    Args:
        jar: The program.
    """

    def __init__(self, jar: Path) -> None:
        self._jar = jar.resolve()

    async def errors(self, pages: dict[str, str]) -> list[str]:
        """The errors in pages.

        Args:
            pages: The texts of the pages by their addresses.
        """
        with TemporaryDirectory() as folder:
            names = {}
            for number, (address, text) in enumerate(pages.items()):
                path = Path(folder, f"{number}.html")
                path.write_text(text)  # noqa: ASYNC240 (nothing else runs meanwhile)
                names[path.name] = address
            process = await asyncio.create_subprocess_exec(
                *("java", "-jar", str(self._jar), "--format", "json", "--errors-only", folder),
                stderr=PIPE,
            )
            _, said = await process.communicate()
        assert said, "the checker says nothing, not even that all is well"
        found = json.loads(said)["messages"]
        return [f"{names[Path(it['url']).name]}: {it['message']}" for it in found]
