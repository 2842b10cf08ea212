"""The manifests for Kubernetes: they fit together, and their containers may do little."""

import os
import re
import subprocess
import time
from copy import deepcopy
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml  # type: ignore[import-untyped]
from httpx import ASGITransport, AsyncClient

from app.api.server import get_application
from app.core.config import Settings
from app.worker.process import CONNECTIONS
from tests.production import DATABASE_OPTIONS, SERVICES, options
from tests.server import BACKEND

FOLDER = BACKEND / "ops" / "kubernetes"
MANIFESTS: dict[str, dict[str, Any]] = {
    f"{manifest['kind']} {manifest['metadata']['name']}": manifest
    for path in sorted(FOLDER.glob("*.yaml"))
    for manifest in yaml.safe_load_all(path.read_text())
}
OF_OTHERS = ("postgresql.cnpg.io/", "gateway.networking.k8s.io/")
"""Whose kinds Kubernetes itself knows nothing of."""
CORE = [
    name for name, manifest in MANIFESTS.items() if not manifest["apiVersion"].startswith(OF_OTHERS)
]
(WORKER_ALIVE_FILE,) = re.findall(
    r"^ENV WORKER_ALIVE_FILE=(.+)$", (BACKEND / "Dockerfile").read_text(), re.MULTILINE
)
MAX_CONNECTIONS, RESERVED = 100, 3
"""PostgreSQL's own settings, and how many of the connections are for superusers."""
VERSIONS = ("1.32", "1.37")
CLUSTER = MANIFESTS["Cluster marketplace"]
PODS: dict[str, dict[str, Any]] = {
    name: manifest["spec"]["template"]
    for name, manifest in MANIFESTS.items()
    if manifest["kind"] in {"Deployment", "Job"}
}
SERVER = PODS["Deployment marketplace"]
EACH_POD = pytest.mark.parametrize("pod", PODS.values(), ids=PODS.keys())
OF_UVICORN = {"web_concurrency", "uvicorn_ssl_certfile", "uvicorn_ssl_keyfile"}
OF_CLOUDNATIVEPG = {"marketplace-app", "marketplace-ca"}
"""The secrets that it makes for a cluster called marketplace."""


def containers(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


class TestEachManifest:
    @pytest.mark.parametrize("version", VERSIONS)
    @pytest.mark.parametrize("name", CORE)
    def test_is_what_kubernetes_takes(self, name: str, version: str) -> None:
        kubernetes_validate.validate(MANIFESTS[name], version, strict=True)

    def test_would_be_refused_with_a_slip_of_the_pen(self) -> None:
        wrong = deepcopy(MANIFESTS["Deployment marketplace"])
        wrong["spec"]["template"]["spec"]["containers"][0]["readinesProbe"] = {}
        with pytest.raises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(wrong, VERSIONS[0], strict=True)


class TestEachPod:
    @EACH_POD
    def test_runs_as_nobody_special(self, pod: dict[str, Any]) -> None:
        context = pod["spec"]["securityContext"]
        assert context["runAsNonRoot"] is True
        assert context["runAsUser"] == context["runAsGroup"] == 10001
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod["spec"].keys()

    @EACH_POD
    def test_may_do_little(self, pod: dict[str, Any]) -> None:
        for container in containers(pod):
            assert container["securityContext"] == {
                "readOnlyRootFilesystem": True,
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert "memory" in container["resources"]["limits"]

    @EACH_POD
    def test_runs_the_same_version(self, pod: dict[str, Any]) -> None:
        images = {container["image"] for container in containers(pod)}
        assert images == {SERVER["spec"]["containers"][0]["image"]}

    @EACH_POD
    def test_is_told_settings_that_there_are(self, pod: dict[str, Any]) -> None:
        told = {name.lower() for name in MANIFESTS["ConfigMap marketplace"]["data"]}
        for container in containers(pod):
            told |= {variable["name"].lower() for variable in container["env"]}
        assert told - OF_UVICORN <= Settings.model_fields.keys()

    @EACH_POD
    def test_is_told_its_secrets_in_files(self, pod: dict[str, Any]) -> None:
        (secrets,) = (each for each in pod["spec"]["volumes"] if each["name"] == "secrets")
        ours = MANIFESTS["Secret marketplace"]["stringData"].keys()
        for source in secrets["projected"]["sources"]:
            keys = {item["key"] for item in source["secret"]["items"]}
            assert source["secret"]["name"] in OF_CLOUDNATIVEPG or keys <= ours
        for container in containers(pod):
            mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
            assert mounts["secrets"] == "/run/secrets"
            assert all("valueFrom" not in variable for variable in container["env"])

    def test_that_serves_is_not_told_the_password_of_the_owner(self) -> None:
        for name in ("Deployment marketplace", "Deployment marketplace-worker"):
            assert "marketplace-app" not in str(PODS[name])


def test_the_migrations_are_those_of_production() -> None:
    (container,) = PODS["Job marketplace-migrate"]["spec"]["containers"]
    assert container["command"] == SERVICES["migrate"]["command"]


class TestTheServer:
    @pytest.mark.parametrize("kind", ["Service", "PodDisruptionBudget"])
    def test_is_found(self, kind: str) -> None:
        selector = MANIFESTS[f"{kind} marketplace"]["spec"]["selector"]
        labels = SERVER["metadata"]["labels"]
        assert selector.get("matchLabels", selector).items() <= labels.items()

    def test_is_scaled_by_the_autoscaler_alone(self) -> None:
        deployment = MANIFESTS["Deployment marketplace"]
        target = MANIFESTS["HorizontalPodAutoscaler marketplace"]["spec"]["scaleTargetRef"]
        assert (target["kind"], target["name"]) == ("Deployment", deployment["metadata"]["name"])
        assert "replicas" not in deployment["spec"]

    async def test_answers_its_probes(self) -> None:
        address = MANIFESTS["ConfigMap marketplace"]["data"]["PUBLIC_URL"]
        app = get_application(
            Settings(public_url=address, secret_key="x" * 32, postgres_password="x")
        )
        (container,) = SERVER["spec"]["containers"]
        alive, ready = container["livenessProbe"]["httpGet"], container["readinessProbe"]["httpGet"]
        assert (alive["path"], ready["path"]) == ("/healthz", "/readyz")
        assert alive["httpHeaders"] == ready["httpHeaders"]
        assert alive["scheme"] == ready["scheme"] == "HTTPS"
        headers = {header["name"]: header["value"] for header in alive["httpHeaders"]}
        async with AsyncClient(transport=ASGITransport(app), base_url="http://10.0.0.7") as kubelet:
            assert (await kubelet.get(alive["path"], headers=headers)).status_code == 200
            assert (await kubelet.get(alive["path"])).status_code == 400


class TestTheWorker:
    def test_is_watched_by_the_file_that_it_touches(self) -> None:
        (container,) = PODS["Deployment marketplace-worker"]["spec"]["containers"]
        command = container["livenessProbe"]["exec"]["command"]
        assert container["startupProbe"]["exec"]["command"] == command
        assert [word.replace("$$", "$") for word in SERVICES["worker"]["healthcheck"]["test"]] == [
            "CMD",
            *command,
        ]
        assert f"stat -c %Y {WORKER_ALIVE_FILE}" in command[-1]

    @pytest.mark.parametrize(("age", "status"), [(0, 0), (30, 0), (90, 1)])
    def test_is_alive_if_the_file_is_new(self, tmp_path: Path, age: int, status: int) -> None:
        (container,) = PODS["Deployment marketplace-worker"]["spec"]["containers"]
        file = tmp_path / "worker"
        file.touch()
        os.utime(file, (time.time() - age,) * 2)
        *shell, script = container["livenessProbe"]["exec"]["command"]
        script = script.replace(WORKER_ALIVE_FILE, str(file))
        probe = [*shell, script]
        assert subprocess.run(probe, check=False).returncode == status  # noqa: S603


class TestConnections:
    def test_are_fewer_than_the_database_allows(self) -> None:
        """At most: while all pods are being replaced, and the migrations run."""
        servers = MANIFESTS["HorizontalPodAutoscaler marketplace"]["spec"]["maxReplicas"]
        surge = MANIFESTS["Deployment marketplace"]["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
        workers = MANIFESTS["Deployment marketplace-worker"]["spec"]["replicas"]
        settings = MANIFESTS["ConfigMap marketplace"]["data"]
        parameters = CLUSTER["spec"]["postgresql"]["parameters"]
        of_servers = (servers + surge) * int(settings["POOL_SIZE"])
        of_servers *= int(settings["WEB_CONCURRENCY"])
        of_workers = 2 * workers * CONNECTIONS
        migrations, watching = 1, 3
        needed = of_servers + of_workers + migrations + watching + RESERVED
        assert needed <= int(parameters.get("max_connections", MAX_CONNECTIONS))


class TestTheNetwork:
    def test_trusts_few_addresses(self) -> None:
        trusted = MANIFESTS["ConfigMap marketplace"]["data"]["TRUSTED_PROXIES"]
        assert all(ip_network(each).num_addresses <= 256 for each in trusted.split(","))

    def test_lets_metrics_out_to_prometheus_alone(self) -> None:
        (server,) = MANIFESTS["NetworkPolicy marketplace-server"]["spec"]["ingress"]
        (worker,) = MANIFESTS["NetworkPolicy marketplace-worker"]["spec"]["ingress"]
        (monitoring,) = worker["from"]
        assert monitoring in server["from"]
        assert len(server["from"]) == 2
        ports = [
            port["name"]
            for pod in PODS.values()
            for each in containers(pod)
            for port in each.get("ports", ())
        ]
        assert {rule["port"] for each in (server, worker) for rule in each["ports"]} == set(ports)

    def test_leads_to_mail_servers_on_each_of_their_ports(self) -> None:
        (egress,) = MANIFESTS["NetworkPolicy marketplace-worker"]["spec"]["egress"]
        assert {rule["port"] for rule in egress["ports"]} == {25, 465, 587}

    def test_is_entered_by_a_gateway_that_verifies_the_servers(self) -> None:
        route = MANIFESTS["HTTPRoute marketplace"]["spec"]
        gateway, policy = (
            MANIFESTS["Gateway marketplace"],
            MANIFESTS["BackendTLSPolicy marketplace"],
        )
        assert [parent["name"] for parent in route["parentRefs"]] == [gateway["metadata"]["name"]]
        (listener,) = gateway["spec"]["listeners"]
        address = MANIFESTS["ConfigMap marketplace"]["data"]["PUBLIC_URL"]
        assert route["hostnames"] == [listener["hostname"]] == [urlsplit(address).hostname]
        service = MANIFESTS["Service marketplace"]
        (port,) = service["spec"]["ports"]
        for rule in route["rules"]:
            (target,) = rule["backendRefs"]
            assert (target["name"], target["port"]) == (service["metadata"]["name"], port["port"])
        (verified,) = policy["spec"]["targetRefs"]
        assert verified["name"] == target["name"]

    def test_lets_nobody_in_but_those_who_are_named(self) -> None:
        everyone = MANIFESTS["NetworkPolicy marketplace"]["spec"]
        assert everyone["policyTypes"] == ["Ingress", "Egress"]
        assert "ingress" not in everyone
        for pod in PODS.values():
            selected = everyone["podSelector"]["matchLabels"]
            assert selected.items() <= pod["metadata"]["labels"].items()

    def test_leads_to_the_database(self) -> None:
        (database, _) = MANIFESTS["NetworkPolicy marketplace"]["spec"]["egress"]
        (target,) = database["to"]
        name = CLUSTER["metadata"]["name"]
        assert target["podSelector"]["matchLabels"] == {"cnpg.io/cluster": name}
        assert MANIFESTS["ConfigMap marketplace"]["data"]["POSTGRES_SERVER"] == f"{name}-rw"


class TestTheDatabase:
    def test_acknowledges_what_two_machines_have(self) -> None:
        assert CLUSTER["apiVersion"] == "postgresql.cnpg.io/v1"
        assert CLUSTER["spec"]["instances"] == 3
        assert CLUSTER["spec"]["postgresql"]["synchronous"] == {"method": "any", "number": 1}
        assert CLUSTER["spec"]["affinity"]["podAntiAffinityType"] == "required"

    def test_has_the_settings_of_production(self) -> None:
        assert options(CLUSTER["spec"]["postgresql"]["parameters"]) <= DATABASE_OPTIONS
