"""What is run for others: an image with nothing to spare, in containers that may do little."""

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from app.api.server import get_application
from app.core.config import Settings
from tests.server import BACKEND

COMPOSE: dict[str, Any] = yaml.safe_load((BACKEND / "compose.production.yml").read_text())
OURS = {
    name: service
    for name, service in COMPOSE["services"].items()
    if service["image"] == COMPOSE["name"]
}
EACH = pytest.mark.parametrize("service", OURS.values(), ids=OURS.keys())


def stage(name: str) -> str:
    """What a stage of the image's recipe does."""
    stages = re.split(r"^FROM ", (BACKEND / "Dockerfile").read_text(), flags=re.MULTILINE)
    (found,) = (text for text in stages if text.split("\n", 1)[0].endswith(f" AS {name}"))
    return found


class TestTheImage:
    def test_is_made_of_named_files_only(self) -> None:
        first, *others = (BACKEND / ".dockerignore").read_text().split()
        assert first == "*"
        named = {line.removeprefix("!") for line in others if line.startswith("!")}
        assert named == {"requirements*.txt", "docker", "alembic.ini", "app"}

    def test_has_the_service_and_what_it_requires(self) -> None:
        copied = re.findall(r"^COPY (.+)$", stage("production"), re.MULTILINE)
        assert copied == [
            "--from=stripped /venv /venv",
            "--from=stripped /app/app app",
            "alembic.ini ./",
        ]
        assert "requirements-dev" not in stage("requirements") + stage("stripped")
        assert "--reload" not in stage("production")

    def test_runs_as_nobody_special(self) -> None:
        assert re.findall(r"^USER (.+)$", stage("production"), re.MULTILINE) == ["10001:10001"]


class TestEachContainer:
    @EACH
    def test_may_do_nothing_to_its_host(self, service: dict[str, Any]) -> None:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "cap_add" not in service
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not {"privileged", "volumes", "devices", "user"} & service.keys()

    @EACH
    def test_is_no_place_for_development(self, service: dict[str, Any]) -> None:
        assert service["build"]["target"] == "production"
        assert service["environment"]["ENVIRONMENT"] == "production"

    @EACH
    def test_is_told_its_secrets_in_files(self, service: dict[str, Any]) -> None:
        assert set(service["secrets"]) <= COMPOSE["secrets"].keys()
        told = {name.lower() for name in service["environment"]}
        assert told.isdisjoint(COMPOSE["secrets"])
        assert all(secret.keys() == {"file"} for secret in COMPOSE["secrets"].values())


class TestTheNetwork:
    def test_reaches_the_service_by_a_proxy_on_the_same_machine(self) -> None:
        ports = {name: service.get("ports", []) for name, service in COMPOSE["services"].items()}
        assert {name for name in ports if ports[name]} == {"server"}
        assert all(port.startswith("127.0.0.1:") for port in ports["server"])


class TestRequirements:
    @pytest.mark.parametrize(
        "name", ["requirements.txt", "requirements-tracing.txt", "requirements-dev.txt"]
    )
    def test_are_pinned_by_version_and_content(self, name: str) -> None:
        lines = (BACKEND / name).read_text().replace("\\\n", "").splitlines()
        required = [line for line in lines if line and not line.lstrip().startswith("#")]
        assert len(required) > 20
        for line in required:
            assert re.match(r"[\w.\[\]-]+==[\w.]+ ", line), line
            assert "--hash=sha256:" in line, line


def test_errors_are_not_explained_in_production() -> None:
    settings = Settings(environment="production", secret_key="x" * 32, postgres_password="x")
    assert get_application(settings).debug is False
