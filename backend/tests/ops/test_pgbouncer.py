"""The service on connections that PgBouncer lends it for one transaction at a time."""

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from configparser import ConfigParser
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import URL

from app.api.server import get_application
from app.core.config import Settings
from app.db.models.idempotency_keys import HEADER
from chaos.programs import started
from dev.cluster import unprivileged
from dev.postgres import free_port
from tests.clients import client_of
from tests.db.catalog import fetch
from tests.factories.bookings import make_finished_booking
from tests.factories.evaluations import make_evaluation
from tests.factories.tasks import enqueue
from tests.factories.users import PASSWORD, Market
from tests.mail import mail_server
from tests.processes import until_done, worker_process
from tests.server import BACKEND, dsn

PGBOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
CONFIGURATION = BACKEND / "ops" / "pgbouncer" / "pgbouncer.ini"
LENT = 2  # connections of the database
PEOPLE = 8  # pairs of people, who all act at the same time
START_TIMEOUT = 30

pytestmark = pytest.mark.skipif(
    PGBOUNCER is None, reason="needs Debian's package pgbouncer: .ci/run installs it"
)


@asynccontextmanager
async def pooler(direct: URL, folder: Path) -> AsyncIterator[URL]:
    """Runs PgBouncer in front of a database, and yields the address that the service is given."""
    address = direct.set(host="127.0.0.1", port=free_port())
    users, ours = folder / "userlist.txt", folder / "pgbouncer.ini"
    users.write_text(f'"{direct.username}" "{direct.password}"\n')
    settings = ConfigParser(interpolation=None)
    settings.read(CONFIGURATION)
    settings["databases"] = {str(direct.database): f"host={direct.host} port={direct.port}"}
    settings["pgbouncer"].update(
        listen_port=str(address.port), auth_file=str(users), default_pool_size=str(LENT)
    )
    with ours.open("w") as file:
        settings.write(file)
    command = [*unprivileged(), str(PGBOUNCER), "--quiet", str(ours)]
    with started(command, folder / "pgbouncer.log", os.environ):
        await answers(address)
        yield address.update_query_dict({"statement_cache_size": "0"})


async def answers(address: URL) -> None:
    """Waits until somebody can connect."""
    async with asyncio.timeout(START_TIMEOUT):
        while True:
            try:
                connection = await asyncpg.connect(dsn(address), statement_cache_size=0)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                await connection.close()
                return


async def test_all_that_a_market_does_works_on_few_connections(
    own_database: Settings, tmp_path: Path, server: str
) -> None:
    direct = own_database.sqlalchemy_url
    async with pooler(direct, tmp_path) as address:
        written = address.render_as_string(hide_password=False)
        app = get_application(Settings(environment="development", database_url=written))
        async with app.router.lifespan_context(app), client_of(app) as client:
            market = Market(app, client)

            async def come(number: int) -> None:
                name = f"new{number}"
                draft = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
                response = await client.post("/users", json=draft, headers={HEADER: name})
                assert response.status_code == 201

            async def live() -> None:
                said = await make_evaluation(market, await make_finished_booking(market))
                assert said["overall_rating"]

            async with asyncio.TaskGroup() as group:
                for number in range(PEOPLE):
                    group.create_task(live())
                    group.create_task(come(number))
            assert (await client.get("http://test/readyz")).is_success
            backends = "SELECT FROM pg_stat_activity WHERE datname = current_database() "
            query = f"{backends} AND pid <> pg_backend_pid()"
            others = await asyncio.to_thread(fetch, server, str(direct.database), query)
            assert len(others) <= LENT


async def test_workers_run_each_task_once_without_notifications(
    own_database: Settings, tmp_path: Path
) -> None:
    app = get_application(own_database)
    async with (
        app.router.lifespan_context(app),
        pooler(own_database.sqlalchemy_url, tmp_path) as address,
        mail_server() as mail,
    ):
        for _ in range(20):
            await enqueue(app)
        url = {"DATABASE_URL": address.render_as_string(hide_password=False)}
        async with worker_process(app, mail, **url), worker_process(app, mail, **url):
            await until_done(app)
            await enqueue(app)
            await until_done(app)
    keys = Counter(message["Message-ID"] for message in mail.messages)
    assert len(keys) == 21
    assert set(keys.values()) == {1}
