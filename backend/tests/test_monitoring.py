"""What watches over the service: it asks for what there is, and says what to do."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from fastapi import FastAPI
from httpx import AsyncClient

from dev.postgres import free_port
from tests.factories.tasks import enqueue
from tests.mail import mail_server
from tests.processes import PATIENCE, same_database, served, until_done, worker_process
from tests.prometheus import Scrape, told
from tests.server import BACKEND

PROMETHEUS, GRAFANA = BACKEND / "ops" / "prometheus", BACKEND / "ops" / "grafana"
DASHBOARDS = sorted((GRAFANA / "dashboards").glob("*.json"))
COMPOSE: dict[str, Any] = yaml.safe_load((BACKEND.parent / "docker-compose.yml").read_text())
SCRAPED: dict[str, Any] = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
OF_PROMETHEUS = {"up"}
OPERATORS = {"and", "or", "unless"}
NO_METRIC = re.compile(r'"[^"]*"|\{[^}]*\}|\[[^]]*\]|\b(?:by|without)\s*\([^)]*\)')
METRIC = re.compile(r"(?<![\w.$])[a-z_]\w*\b(?!\s*\()")


def metrics_of(expression: str) -> set[str]:
    """The metrics that an expression asks for."""
    return set(METRIC.findall(NO_METRIC.sub("", expression))) - OPERATORS


def panels(dashboard: Path) -> Iterator[dict[str, Any]]:
    """The panels that show something."""
    for panel in json.loads(dashboard.read_text())["panels"]:
        if panel["type"] != "row":
            yield panel


def expressions() -> Iterator[str]:
    """Whatever is asked for in alerts and panels."""
    yield from (rule["expr"] for rule in RULES)
    for dashboard in DASHBOARDS:
        for panel in panels(dashboard):
            yield from (target["expr"] for target in panel["targets"])


async def until_told(client: AsyncClient, name: str) -> Scrape:
    """What a process tells, once that has a metric."""
    async with asyncio.timeout(PATIENCE):
        while (scrape := await told(client)).value(name) == 0:  # noqa: ASYNC110 (nothing notifies)
            await asyncio.sleep(0.05)
    return scrape


class TestExpressions:
    @pytest.mark.committed
    async def test_ask_for_what_is_told(self, app: FastAPI, tmp_path: Path) -> None:
        port = free_port()
        environment = same_database(app) | {"METRICS_DIRECTORY": str(tmp_path)}
        async with (
            mail_server() as server,
            served(1, environment) as (_, service),
            worker_process(app, server, WORKER_METRICS_PORT=str(port)),
            AsyncClient(base_url=f"http://127.0.0.1:{port}") as worker,
        ):
            await enqueue(app)
            await until_done(app)
            await until_told(service, "marketplace_ready")
            await service.get("/nowhere")
            names = (await until_told(service, "marketplace_http_problems_total")).names
            names |= (await until_told(worker, "marketplace_mails_total")).names
        asked = {name for expression in expressions() for name in metrics_of(expression)}
        assert len(asked) > 10
        assert asked - names == OF_PROMETHEUS

    def test_are_read_as_prometheus_does(self) -> None:
        expression = 'sum by (le, x) (rate(a_total{b="c"}[5m])) / max(d) > 1e3 and "e" == f'
        assert metrics_of(expression) == {"a_total", "d", "f"}


class TestAlerts:
    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
    def test_say_how_grave_it_is_and_what_to_do(self, rule: dict[str, Any]) -> None:
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"]
        assert f"\n- **{rule['alert']}**" in (BACKEND / "docs" / "observability.md").read_text()

    def test_are_each_of_another_name(self) -> None:
        assert len({rule["alert"] for rule in RULES}) == len(RULES) > 5


class TestDashboards:
    @pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
    def test_have_a_place_for_each_panel(self, dashboard: Path) -> None:
        shown = json.loads(dashboard.read_text())["panels"]
        assert len({panel["id"] for panel in shown}) == len(shown)
        places = [
            (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
            for panel in shown
            for x in range(panel["gridPos"]["w"])
            for y in range(panel["gridPos"]["h"])
        ]
        assert len(set(places)) == len(places)
        assert max(x for x, _ in places) < 24

    @pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
    def test_read_from_the_source_that_there_is(self, dashboard: Path) -> None:
        provisioned = yaml.safe_load(
            (GRAFANA / "provisioning" / "datasources" / "prometheus.yml").read_text()
        )
        known = {source["uid"] for source in provisioned["datasources"]}
        assert {panel["datasource"]["uid"] for panel in panels(dashboard)} == known


class TestTheContainers:
    def test_start_only_when_they_are_wanted(self) -> None:
        for name in ("prometheus", "grafana"):
            service = COMPOSE["services"][name]
            assert service["profiles"] == ["observability"]
            assert all(port.startswith("127.0.0.1:") for port in service["ports"])

    def test_find_their_files(self) -> None:
        for name in ("prometheus", "grafana"):
            for volume in COMPOSE["services"][name]["volumes"]:
                source, _, options = volume.split(":")
                assert (BACKEND.parent / source).is_dir()
                assert options == "ro"

    def test_of_the_service_are_where_prometheus_looks(self) -> None:
        targets = {
            target
            for job in SCRAPED["scrape_configs"]
            for static in job["static_configs"]
            for target in static["targets"]
        }
        port = COMPOSE["services"]["worker"]["environment"]["WORKER_METRICS_PORT"]
        assert targets == {"server:8000", f"worker:{port}"}
