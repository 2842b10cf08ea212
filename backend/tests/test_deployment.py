"""What is run for others: an image with nothing to spare, in containers that may do little."""

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from app.api.server import get_application
from app.core.config import Settings
from app.core.environment import COMPANIONS, unknown
from tests.production import COMPOSE, SERVICES
from tests.server import BACKEND

OURS = {
    name: service
    for name, service in SERVICES.items()
    if service["image"].startswith(COMPOSE["name"])
}
BACKENDS = {name: service for name, service in OURS.items() if name != "proxy"}
DEVELOPMENT: dict[str, dict[str, Any]] = yaml.safe_load(
    (BACKEND.parent / "docker-compose.yml").read_text()
)["services"]
EACH = pytest.mark.parametrize("service", OURS.values(), ids=OURS.keys())
EACH_BACKEND = pytest.mark.parametrize("service", BACKENDS.values(), ids=BACKENDS.keys())

PHOTOS = ["uploads:/uploads"]
"""The volume of servers and workers: the photos."""
CONFIGURATION = ["./ops/proxy:/etc/haproxy:ro"]
"""The volume of the proxy: its configuration."""

CERTIFICATE = "database_certificate"
OWN_CERTIFICATE = "service_certificate"
SEALED = {"sealed_settings", "settings_key"}
KEYS = {"secret_key", "secret_key_previous", OWN_CERTIFICATE, "service_key"}
PASSWORDS = {"postgres_password", "server_password", "worker_password"}
SECRETS = {
    "proxy": {"tls_certificate", OWN_CERTIFICATE},
    "server-a": {CERTIFICATE, "server_password", *KEYS, *SEALED, "metrics_token"},
    "server-b": {CERTIFICATE, "server_password", *KEYS, *SEALED, "metrics_token"},
    "worker": {CERTIFICATE, "worker_password", *KEYS, *SEALED, "smtp_password", "metrics_token"},
    "settings": {
        *(CERTIFICATE, "server_password", "secret_key", "secret_key_previous"),
        *("smtp_password", "metrics_token"),
        *SEALED,
    },
    "migrate": {CERTIFICATE, *PASSWORDS, *SEALED},
    "backup": set(),
    "db": {CERTIFICATE, "database_key", "postgres_password"},
}
"""Who is told what. The owner of the database sets the passwords of the others."""


def secrets_of(service: dict[str, Any]) -> set[str]:
    """The secrets that a container is told."""
    return {
        each if isinstance(each, str) else each["source"] for each in service.get("secrets", ())
    }


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
        assert not {"privileged", "devices", "user"} & service.keys()
        assert service.get("volumes", PHOTOS) in (PHOTOS, CONFIGURATION)

    @pytest.mark.parametrize("name", ["server-a", "server-b", "worker"])
    def test_shares_the_photos(self, name: str) -> None:
        assert SERVICES[name]["volumes"] == PHOTOS
        assert SERVICES[name]["environment"]["UPLOADS_DIRECTORY"] == PHOTOS[0].partition(":")[2]

    @EACH_BACKEND
    def test_is_no_place_for_development(self, service: dict[str, Any]) -> None:
        assert service["build"]["target"] == "production"
        assert service["environment"]["ENVIRONMENT"] == "production"

    @pytest.mark.parametrize("name", SERVICES)
    def test_is_told_the_secrets_that_it_needs(self, name: str) -> None:
        assert secrets_of(SERVICES[name]) == SECRETS[name]

    @EACH
    def test_is_told_its_secrets_in_files(self, service: dict[str, Any]) -> None:
        assert secrets_of(service) <= COMPOSE["secrets"].keys()
        told = {name.lower() for name, value in service["environment"].items() if value != ""}
        assert told.isdisjoint(COMPOSE["secrets"])
        assert all(secret.keys() == {"file"} for secret in COMPOSE["secrets"].values())


class TestSettings:
    """Whatever stands in .env reaches each container, but what Compose alone can know."""

    @EACH_BACKEND
    def test_reach_each_container(self, service: dict[str, Any]) -> None:
        assert service["env_file"] == [{"path": ".env", "required": False}]

    @EACH_BACKEND
    def test_are_decided_by_compose_only_where_it_knows_better(
        self, service: dict[str, Any]
    ) -> None:
        assert unknown(service["environment"]) == []
        decided = {
            name
            for name, value in service["environment"].items()
            if value is not None and not name.startswith("UVICORN_")
        }
        assert decided - {"WEB_CONCURRENCY"} == {
            *("ENVIRONMENT", "DATABASE_CA_FILE", "TRUSTED_PROXIES"),
            *("POSTGRES_SERVER", "POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER"),
            *("POSTGRES_PASSWORD", "SECRET_KEY", "SECRET_KEY_PREVIOUS"),
            *("SETTINGS_FILE", "SETTINGS_KEY_FILE", "UPLOADS_DIRECTORY"),
            *("MARKET_LOGO", "IMPRINT_FILE", "TERMS_FILE"),
            *("WORKER_METRICS_CERTIFICATE_FILE", "WORKER_METRICS_KEY_FILE"),
        }

    def test_of_the_proxy_are_shown_in_the_example(self) -> None:
        example = (BACKEND / ".env.example").read_text()
        for name in SERVICES["proxy"]["environment"]:
            assert f"\n#{name}=" in example
            assert name in COMPANIONS or name.lower() in Settings.model_fields

    def test_are_good_before_anything_is_started_with_them(self) -> None:
        good = {"condition": "service_completed_successfully"}
        assert SERVICES["settings"]["command"] == "python -m app settings"
        for name in ("proxy", "server-a", "server-b", "worker"):
            assert SERVICES[name]["depends_on"]["settings"] == good
        for name in ("LISTEN", "TLS_CERTIFICATE_FILE", "INSECURE_LISTEN"):
            assert SERVICES["settings"]["environment"][name] is None  # as Compose itself knows it
        assert SERVICES["settings"]["depends_on"]["migrate"] == good


class TestReplacing:
    def test_is_not_done_to_both_servers_by_the_same_command(self) -> None:
        kept = {name for name, service in SERVICES.items() if "profiles" in service}
        assert kept == {"server-b"}
        assert SERVICES["server-b"] == {**SERVICES["server-a"], "profiles": ["second"]}


class TestLogs:
    @pytest.mark.parametrize("services", [SERVICES, DEVELOPMENT], ids=["production", "development"])
    def test_never_fill_the_disk(self, services: dict[str, dict[str, Any]]) -> None:
        for service in services.values():
            assert service["logging"] == {
                "driver": "json-file",
                "options": {"max-size": "10m", "max-file": "5"},
            }


class TestTheDatabase:
    def test_knows_each_container_by_an_account_of_its_own(self) -> None:
        users = {
            name: service["environment"]["POSTGRES_USER"] for name, service in BACKENDS.items()
        }
        assert users == {
            "server-a": "server",
            "server-b": "server",
            "worker": "worker",
            "settings": "server",
            "migrate": "postgres",
        }
        granted = re.findall(
            r"app grant (\w+) /run/secrets/(\w+)", SERVICES["migrate"]["command"][-1]
        )
        assert granted == [("server", "server_password"), ("worker", "worker_password")]

    @EACH_BACKEND
    def test_is_reached_with_its_certificate(self, service: dict[str, Any]) -> None:
        environment = service["environment"]
        assert environment["DATABASE_CA_FILE"] == f"/run/secrets/{CERTIFICATE}"
        assert not {"INSECURE_DATABASE", "DATABASE_URL"} & environment.keys()

    def test_speaks_to_others_with_tls_only(self) -> None:
        assert "--ssl=on" in SERVICES["db"]["command"]
        rules = [line.split() for line in COMPOSE["configs"]["pg_hba"]["content"].splitlines()]
        assert {rule[0]: rule[-1] for rule in rules} == {
            "local": "trust",
            "hostssl": "scram-sha-256",
        }


class TestTheNetwork:
    def test_is_entered_by_the_proxy_only(self) -> None:
        assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
        (port,) = SERVICES["proxy"]["ports"]
        assert port == "${LISTEN:-127.0.0.1:${PORT:-8000}}:8000"

    def test_is_left_by_the_proxy_and_for_the_mail_server_only(self) -> None:
        assert COMPOSE["networks"]["inside"]["internal"] is True
        networks = {
            name: set(service["networks"])
            for name, service in SERVICES.items()
            if service.get("network_mode") != "none"
        }
        assert all("inside" in names for names in networks.values())
        outside = {name for name, names in networks.items() if names - {"inside"}}
        assert outside == {"proxy", "worker"}

    def test_is_crossed_with_tls_only(self) -> None:
        told = {"certificate": f"/run/secrets/{OWN_CERTIFICATE}", "key": "/run/secrets/service_key"}
        for name in ("server-a", "server-b"):
            environment = SERVICES[name]["environment"]
            assert environment["UVICORN_SSL_CERTFILE"] == told["certificate"]
            assert environment["UVICORN_SSL_KEYFILE"] == told["key"]
        worker = SERVICES["worker"]["environment"]
        assert worker["WORKER_METRICS_CERTIFICATE_FILE"] == told["certificate"]
        assert worker["WORKER_METRICS_KEY_FILE"] == told["key"]
        proxy = (BACKEND / "ops" / "proxy" / "haproxy.cfg").read_text()
        assert f"SERVICE_CERTIFICATE_FILE {told['certificate']} " in proxy

    def test_has_servers_that_believe_the_proxy_only(self) -> None:
        address = SERVICES["proxy"]["networks"]["inside"]["ipv4_address"]
        for name in ("server-a", "server-b"):
            assert SERVICES[name]["environment"]["TRUSTED_PROXIES"] == address


class TestTheProxy:
    def test_loads_a_new_configuration_without_a_new_container(self) -> None:
        recipe = (BACKEND / "ops" / "proxy" / "Dockerfile").read_text()
        assert "COPY" not in recipe  # a new image would be a new container
        assert SERVICES["proxy"]["volumes"] == CONFIGURATION
        assert re.findall(r"^USER (.+)$", recipe, re.MULTILINE) == ["10002:10002"]


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
