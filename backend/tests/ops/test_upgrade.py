"""The scripts that replace containers, with a stand-in for Docker that notes its commands."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.server import BACKEND

DOCKER = """\
#!/bin/sh
echo "$*" >>"$ASKED"
case "$*" in
*" ps --quiet "*) echo "$SERVING" && exit ;;
inspect*) echo sha256:old ;;
*" logs "*) ;;
*" $FAILING")
    echo >>"$ASKED.failed"
    [ "$(wc -l <"$ASKED.failed")" -gt "$FAILURES" ]
    ;;
esac
"""
"""Starting the container $FAILING fails $FAILURES times. $SERVING is the one that serves now."""
REPLACED = re.compile(r"^compose .* up .*--force-recreate .* (\S+)$")


class Machine:
    """A folder with the scripts, and what Docker was asked for there."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._asked = folder, folder / "asked"
        shutil.copytree(BACKEND / "ops", folder / "backend" / "ops")
        self.secrets = folder / "backend" / "secrets"
        self.secrets.mkdir()
        docker = folder / "docker"
        docker.write_text(DOCKER)
        docker.chmod(0o755)

    def run(
        self, script: str, *, serving: str = "4711", failing: str = "nothing", failures: int = 1
    ) -> tuple[int, str]:
        """Runs a script; returns its exit status and what it says."""
        for file in self._folder.glob("asked*"):
            file.unlink()
        result = subprocess.run(  # noqa: S603 (our own)
            [self._folder / "backend" / "ops" / script],
            env={
                "PATH": f"{self._folder}:{os.environ['PATH']}",
                "ASKED": str(self._asked),
                "SERVING": serving,
                "FAILING": failing,
                "FAILURES": str(failures),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return result.returncode, result.stdout

    @property
    def asked(self) -> list[str]:
        """What Docker was asked for, in this order."""
        return self._asked.read_text().splitlines()

    @property
    def replaced(self) -> list[str]:
        """The containers that were replaced, in this order."""
        return [found[1] for asked in self.asked if (found := REPLACED.match(asked))]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with the scripts."""
    return Machine(tmp_path)


class TestAnUpgrade:
    def test_replaces_one_after_the_other(self, machine: Machine) -> None:
        status, said = machine.run("upgrade")
        assert status == 0
        assert machine.replaced == ["server-a", "server-b", "worker", "backup"]
        before = re.search(r"The present version is (\S+)", said)
        assert before
        assert f"tag sha256:old {before[1]}" in machine.asked
        assert f"To go back: docker tag {before[1]} cleaning-marketplace && ops/replace" in said
        tagged = machine.asked.index(f"tag sha256:old {before[1]}")
        built = next(i for i, asked in enumerate(machine.asked) if " build " in asked)
        assert tagged < built

    def test_has_the_proxy_load_its_configuration(self, machine: Machine) -> None:
        assert machine.run("upgrade")[0] == 0
        *_, check, load = [asked for asked in machine.asked if " proxy" in asked]
        assert check.endswith(" exec --no-TTY proxy haproxy -c -f /etc/haproxy/haproxy.cfg")
        assert load.endswith(" kill --signal USR2 proxy")

    @pytest.mark.parametrize(
        ("failing", "replaced"),
        [
            ("server-a", ["server-a", "server-a"]),
            ("server-b", ["server-a", "server-b", "server-b", "server-a"]),
            ("worker", ["server-a", "server-b", "worker", "worker", "server-b", "server-a"]),
        ],
    )
    def test_stops_at_the_first_that_does_not_get_ready_and_goes_back(
        self, machine: Machine, failing: str, replaced: list[str]
    ) -> None:
        status, said = machine.run("upgrade", failing=failing)
        assert status == 1
        assert machine.replaced == replaced
        assert f"{failing} does not become ready" in said
        assert re.search(r"The new version is not in service: \S+:before-\S+ is\.", said)
        back = next(
            i for i, asked in enumerate(machine.asked) if re.match(r"tag \S+:before", asked)
        )
        before = machine.asked[:back]
        assert sum(bool(REPLACED.match(asked)) for asked in before) == replaced.index(failing) + 1

    @pytest.mark.parametrize("failing", ["db", "migrate", "settings"])
    def test_replaces_nothing_where_it_could_not_work(self, machine: Machine, failing: str) -> None:
        status, said = machine.run("upgrade", failing=failing)
        assert status == 1
        assert machine.replaced == []
        assert "The new version is not in service" in said
        assert re.match(r"tag \S+:before-\S+ cleaning-marketplace$", machine.asked[-1])

    def test_that_can_not_go_back_says_how(self, machine: Machine) -> None:
        status, said = machine.run("upgrade", failing="server-b", failures=2)
        assert status == 1
        assert re.search(r"To go back: docker tag \S+ cleaning-marketplace && ops/replace", said)

    def test_may_be_the_first(self, machine: Machine) -> None:
        assert machine.run("upgrade", serving="")[0] == 0
        assert machine.replaced == ["server-a", "server-b", "worker", "backup"]
        status, said = machine.run("upgrade", serving="", failing="server-a")
        assert status == 1
        assert "There is no previous version" in said
        assert machine.replaced == ["server-a"]


class TestReplacing:
    def test_stops_at_the_first_that_does_not_get_ready(self, machine: Machine) -> None:
        status, said = machine.run("replace", failing="server-a")
        assert status == 1
        assert machine.replaced == ["server-a"]
        assert "server-a does not become ready" in said

    @pytest.mark.parametrize("others", [None, "compose.production.yml:more.yml"])
    def test_uses_the_files_named_in_the_settings(
        self, machine: Machine, others: str | None
    ) -> None:
        if others:
            (machine.secrets.parent / ".env").write_text(f"COMPOSE_FILE={others}\n")
        assert machine.run("replace")[0] == 0
        for asked in machine.asked:
            # Else Compose would take the development file in the folder above.
            assert " --project-directory . " in asked
            assert (" --file compose.production.yml " in asked) == (others is None)

    def test_does_nothing_with_settings_that_are_wrong(self, machine: Machine) -> None:
        assert machine.run("replace", failing="settings")[0] == 1
        assert machine.replaced == []


class TestANewSecretKey:
    def test_is_known_to_all_before_any_signs_with_it(self, machine: Machine) -> None:
        present, previous = (
            machine.secrets / name for name in ("secret_key", "secret_key_previous")
        )
        present.write_text("old\n")
        previous.write_text("")
        status, _ = machine.run("change-secret-key", failing="worker")
        assert status == 1
        assert present.read_text() == "old\n"
        new = previous.read_text()
        assert re.fullmatch("[0-9a-f]{64}\n", new)
        assert machine.run("change-secret-key")[0] == 0
        assert machine.replaced == ["server-a", "server-b", "worker"] * 2
        assert previous.read_text() == "old\n"
        assert present.read_text() != new
        assert {oct(path.stat().st_mode)[-3:] for path in (present, previous)} <= {"444", "644"}
