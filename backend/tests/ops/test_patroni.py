"""Patroni's configuration: it takes it, and nothing that was acknowledged is lost by it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from dev.cluster import programs, unprivileged
from dev.postgres import free_port
from tests.production import DATABASE_OPTIONS, options
from tests.server import BACKEND

CONFIGURATION: dict[str, Any] = yaml.safe_load((BACKEND / "ops/patroni/patroni.yml").read_text())
RULES = CONFIGURATION["bootstrap"]["dcs"]


def validated(configuration: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    """Has Patroni itself look at a configuration, as if this machine were the one it is for."""
    here = configuration | {
        "restapi": configuration["restapi"] | {"listen": f"127.0.0.1:{free_port()}"},
        "postgresql": configuration["postgresql"]
        | {
            "listen": f"127.0.0.1:{free_port()}",
            "bin_dir": str(programs()),
            "data_dir": str(folder / "data"),
        },
    }
    file = folder / "patroni.yml"
    file.write_text(yaml.safe_dump(here))
    patroni = str(Path(sys.executable).with_name("patroni"))
    return subprocess.run(  # noqa: S603 (a command of our own)
        [*unprivileged(), patroni, "--validate-config", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_patroni_takes_it(tmp_path: Path) -> None:
    result = validated(CONFIGURATION, tmp_path)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout


@pytest.mark.parametrize("missing", ["scope", "name", "etcd3", "restapi"])
def test_patroni_would_not_take_less(missing: str, tmp_path: Path) -> None:
    if missing == "restapi":
        less = CONFIGURATION | {"restapi": {"listen": "nowhere"}}
    else:
        less = {key: value for key, value in CONFIGURATION.items() if key != missing}
    assert validated(less, tmp_path).returncode != 0


def test_only_who_has_every_commit_takes_over() -> None:
    assert RULES["synchronous_mode"] == "quorum"
    assert RULES["synchronous_mode_strict"] is True
    assert CONFIGURATION["watchdog"]["mode"] == "required"


def test_it_has_the_settings_of_production() -> None:
    assert options(RULES["postgresql"]["parameters"]) <= DATABASE_OPTIONS
