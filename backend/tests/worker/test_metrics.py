"""What the worker tells Prometheus."""

import asyncio
import ssl
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, TransportError

from dev.certificates import make_certificate
from dev.postgres import free_port
from tests.factories.tasks import enqueue
from tests.mail import MailServer, mail_server
from tests.processes import PATIENCE, until_done, worker_process
from tests.prometheus import Scrape, told

pytestmark = pytest.mark.committed

TOKEN = "the token of whoever watches over this"
ENDED, MAILS = "marketplace_tasks_ended_total", "marketplace_mails_total"


async def done(app: FastAPI, server: MailServer, answer: str) -> Scrape:
    """The metrics of a worker after two tasks, when the mail server has answered to their mail."""
    server.answer_to_mail = answer
    port = free_port()
    async with (
        worker_process(app, server, WORKER_METRICS_PORT=str(port), METRICS_TOKEN=TOKEN),
        AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
        asyncio.timeout(PATIENCE),
    ):
        for _ in range(2):
            await enqueue(app)
        scrape = Scrape("")
        while scrape.value(ENDED, kind="send_mail") < 2:
            scrape = await told(client, f"Bearer {TOKEN}")
            await asyncio.sleep(0.02)
        assert (await told(client)).names == set()
        assert (await client.get("/metrics")).status_code == 401
        return scrape


class TestWhatIsTold:
    async def test_counts_what_is_done(self, app: FastAPI) -> None:
        async with mail_server() as server:
            scrape = await done(app, server, "250 OK")
            await until_done(app)
        assert scrape.value(ENDED, kind="send_mail", outcome="done") == 2
        assert scrape.value(MAILS, outcome="sent") == 2
        assert scrape.value("marketplace_db_pool_size") > 0
        assert scrape.value("process_resident_memory_bytes") > 0

    async def test_counts_what_will_be_tried_again(self, app: FastAPI) -> None:
        async with mail_server() as server:
            scrape = await done(app, server, "451 Later")
        assert scrape.value(ENDED, kind="send_mail", outcome="retried") == 2
        assert scrape.value(MAILS, outcome="failed") == 2


class TestTheWayToIt:
    async def test_is_encrypted_if_there_is_a_certificate(
        self, app: FastAPI, tmp_path: Path
    ) -> None:
        certificate = make_certificate(tmp_path, "localhost")
        settings = {
            "WORKER_METRICS_PORT": str(port := free_port()),
            "WORKER_METRICS_CERTIFICATE_FILE": str(certificate),
            "WORKER_METRICS_KEY_FILE": str(certificate.with_name("key")),
        }
        trusted = ssl.create_default_context(cafile=certificate)
        async with (
            mail_server() as server,
            worker_process(app, server, **settings) as worker,
            AsyncClient(base_url=f"https://localhost:{port}", verify=trusted) as client,
            asyncio.timeout(PATIENCE),
        ):
            while not (await told(client)).names:  # noqa: ASYNC110 (nothing notifies)
                await asyncio.sleep(0.02)
            silent = await asyncio.open_connection("localhost", port)
            with pytest.raises(TransportError):
                await client.get(f"http://localhost:{port}/metrics")
            assert (await told(client)).names
            silent[1].close()
            worker.terminate()
            output, _ = await worker.communicate()
        assert b"Can't answer who asks for metrics" in output
