"""Migrations: they make what the models say, can be undone, and run wherever they have to."""

import ast
import asyncio
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from alembic import command
from httpx import ASGITransport, AsyncClient

from app.api.server import get_application
from app.core.config import Settings
from app.db.engine import create_engine
from app.db.models import metadata
from app.db.models.jobs import Job, JobKind
from app.db.models.kinds.notices import NoticeTask
from app.db.models.links import LinkPurpose
from app.db.models.users import UserRole
from app.db.repositories.links import LinkRepository
from app.db.repositories.tasks import TaskRepository
from app.worker.handlers import registered
from app.worker.schedules import Scheduler
from dev.cluster import program
from tests.db.catalog import catalog, fetch
from tests.factories.bookings import make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.public_notices import give_notice
from tests.factories.reports import make_report
from tests.factories.second_factors import make_careful_member
from tests.factories.sessions import make_login
from tests.factories.stream import sequence
from tests.factories.users import Market, make_user
from tests.features import FEATURES
from tests.server import BACKEND, TEMPLATE, alembic_for, dsn, execute, settings_for

REVISIONS = sorted((BACKEND / "app/db/migrations/versions").glob("*.py"))
ODD = """p@ss:w/o%rd? #&='"[]"""


@pytest.fixture(scope="module")
def migrated(server: str) -> dict[tuple[str, str, str], str]:
    """What `alembic upgrade head` makes."""
    return catalog(server, TEMPLATE)


def alembic(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Starts the command that people use."""
    return subprocess.Popen(  # noqa: S603 (a command of our own)
        [sys.executable, "-m", "alembic", *arguments],
        cwd=BACKEND,
        env={"PATH": os.environ["PATH"], "ENVIRONMENT": "development", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> None:
    """Waits for the end of a command, which must be a success."""
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output


async def is_ready(settings: Settings) -> bool:
    """Starts the service and asks it whether it can work."""
    app = get_application(settings)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://test") as client,
    ):
        return (await client.get("/readyz")).is_success


class TestUpgrading:
    def test_makes_what_the_models_say(
        self, server: str, empty_database: str, migrated: dict[tuple[str, str, str], str]
    ) -> None:
        async def create_all() -> None:
            engine = create_engine(settings_for(server, empty_database))
            async with engine.begin() as connection:
                await connection.run_sync(metadata.create_all)
            await engine.dispose()

        asyncio.run(create_all())
        assert {owner for kind, owner, _ in migrated if kind == "columns"} == set(metadata.tables)
        assert catalog(server, empty_database) == migrated

    def test_makes_no_accounts(self, server: str) -> None:
        assert fetch(server, TEMPLATE, "TABLE users") == []

    def test_leaves_nothing_for_alembic_to_find(self, server: str) -> None:
        with alembic_for(settings_for(server, TEMPLATE)) as config:
            command.check(config)

    def test_can_be_written_down_and_run_elsewhere(
        self, server: str, empty_database: str, migrated: dict[tuple[str, str, str], str]
    ) -> None:
        with alembic_for(settings_for(server, "there-is-none")) as config:
            config.output_buffer = StringIO()
            command.upgrade(config, "head", sql=True)
        script = config.output_buffer.getvalue()
        url = dsn(settings_for(server, empty_database).sqlalchemy_url)
        psql = [*program("psql"), "--quiet", "--set=ON_ERROR_STOP=1", url]
        subprocess.run(psql, input=script, text=True, check=True)  # noqa: S603 (our own script)
        assert catalog(server, empty_database) == migrated
        assert asyncio.run(is_ready(settings_for(server, empty_database)))

    def test_twice_at_once_does_it_once(
        self, server: str, empty_database: str, migrated: dict[tuple[str, str, str], str]
    ) -> None:
        url = dsn(settings_for(server, empty_database).sqlalchemy_url)
        for process in [alembic("upgrade", "head", DATABASE_URL=url) for _ in range(3)]:
            finish(process)
        assert catalog(server, empty_database) == migrated

    @pytest.mark.parametrize("given", ["in parts", "as a URL"])
    def test_with_odd_names_and_passwords(self, server: str, given: str) -> None:
        name = f"{ODD} {uuid4().hex[:8]}"
        identifier = '"{}"'.format(name.replace('"', '""'))
        password = "'{}'".format(ODD.replace("'", "''"))
        url = settings_for(server, "postgres").sqlalchemy_url
        host, port = url.host or "localhost", url.port or 5432
        if given == "in parts":
            environment = {
                "POSTGRES_USER": name,
                "POSTGRES_PASSWORD": ODD,
                "POSTGRES_SERVER": host,
                "POSTGRES_PORT": str(port),
                "POSTGRES_DB": name,
            }
        else:
            user, word = quote(name, safe=""), quote(ODD, safe="")
            environment = {"DATABASE_URL": f"postgresql://{user}:{word}@{host}:{port}/{user}"}
        execute(server, f"CREATE ROLE {identifier} LOGIN PASSWORD {password}")
        try:
            execute(server, f"CREATE DATABASE {identifier} OWNER {identifier}")
            finish(alembic("upgrade", "head", **environment))
            options: dict[str, Any] = {key.lower(): value for key, value in environment.items()}
            settings = Settings(environment="development", **({"database_url": None} | options))
            assert asyncio.run(is_ready(settings))
        finally:
            execute(
                server,
                f"DROP DATABASE IF EXISTS {identifier} WITH (FORCE)",
                f"DROP ROLE {identifier}",
            )


class TestDowngrading:
    def test_and_upgrading_again_with_data_in_every_table(
        self, server: str, empty_database: str, migrated: dict[tuple[str, str, str], str]
    ) -> None:
        async def fill() -> None:
            app = get_application(settings_for(server, empty_database))
            async with (
                app.router.lifespan_context(app),
                AsyncClient(transport=ASGITransport(app), base_url="http://test/api/v1") as client,
            ):
                market = Market(app, client)
                booking = await make_finished_booking(market)
                said = await make_evaluation(market, booking)
                staff = await make_user(market, role=UserRole.STAFF)
                path = f"/admin{booking.path}/evaluations/{said['id']}/hiding"
                key = {"Idempotency-Key": "spam"}
                assert (await staff.post(path, {"reason": "Spam"}, headers=key)).is_success
                job = await make_cleaning(market)
                assert (await job.owner.patch(job.path, {"price": "60.00"})).is_success
                anonymous = {"kind": "minors", "full_name": None, "email": None}
                assert (await give_notice(market, job.path, **anonymous)).is_success
                report = await make_report(market, job.path, job.owner)
                decision = {"measure": "warn", "rule": "terms", "facts": "Not a cleaning job."}
                assert (await staff.post(f"{report.for_staff}/decision", decision)).is_success
                renamed = {"username": f"{job.owner.username}-1"}
                assert (await job.owner.patch("/users/me", renamed)).is_success
                member, app_of_member, _ = await make_careful_member(market)
                await make_login(market, member, app_of_member.code())
                async with app.state.database.write() as transaction:
                    TaskRepository(transaction).enqueue(NoticeTask.NOTICE, {})
                    transaction.add(Job(kind=JobKind.NOTICE, payload={}))
                    LinkRepository(transaction).add(
                        member.id, LinkPurpose.RESET_PASSWORD, member.email
                    )
                actor, other = await make_user(market), await make_user(market)
                for leave_traces in (it.traces for it in FEATURES if it.traces):
                    await leave_traces(market, actor, other)
                await Scheduler(app.state.database, registered()).enqueue_due()
                await sequence(market)
                await make_cleaning(market)

        with alembic_for(settings_for(server, empty_database)) as config:
            for _ in range(2):
                command.upgrade(config, "head")
                assert catalog(server, empty_database) == migrated
                asyncio.run(fill())
                for table in metadata.tables:
                    assert fetch(server, empty_database, f"TABLE {table} LIMIT 1"), table
                command.downgrade(config, "base")
                assert catalog(server, empty_database) == {}


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda path: path.stem)
def test_a_revision_stays_true_when_the_models_change(revision: Path) -> None:
    modules = [
        name
        for node in ast.walk(ast.parse(revision.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
        )
    ]
    assert modules
    assert not [name for name in modules if name.split(".")[0] in ("app", "sqlmodel")]
