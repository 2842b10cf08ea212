"""Starting and stopping."""

import os
import socket
import subprocess
import sys

import pytest
from sqlalchemy import Engine
from sqlalchemy.event import listen

from app.api.server import get_application
from app.core.collection import COLLECTION
from app.core.config import Settings
from app.http.transactions import Handler, TransactionalRoute
from dev.postgres import free_port
from tests.server import BACKEND, settings_for

SAYS = (
    "import atexit, gc; atexit.register(lambda: "
    "print(gc.isenabled(), gc.get_threshold(), gc.get_freeze_count() > 0))"
)


def collection_after(code: str) -> str:
    """How garbage is collected at the end of a process that runs some code."""
    environment = {"PATH": os.environ["PATH"], "ENVIRONMENT": "development"}
    return subprocess.run(  # noqa: S603 (all arguments are our own)
        [sys.executable, "-c", f"{SAYS}; {code}"],
        cwd=BACKEND,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,  # the worker finds no database
    ).stdout.splitlines()[-1]


STARTS = {
    "server": "from app.api.launch import get_application; get_application()",
    "worker": "from app.worker.__main__ import main; main()",
    "command": "from app.__main__ import main; main(['settings'])",
}


class TestCollection:
    def test_is_left_alone_by_an_import(self) -> None:
        imported = "import app.api.server, app.api.launch, app.worker.program"
        assert collection_after(imported) == collection_after("import os")

    @pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
    def test_is_set_up_when_a_program_is_started(self, start: str) -> None:
        assert collection_after(start) == f"True {COLLECTION} True"


class TestBuilding:
    def test_leaves_the_routes_of_fastapi_to_their_first_use(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        built: list[TransactionalRoute] = []
        build = TransactionalRoute.get_route_handler

        def get_route_handler(route: TransactionalRoute) -> Handler:
            built.append(route)
            return build(route)

        monkeypatch.setattr(TransactionalRoute, "get_route_handler", get_route_handler)
        app = get_application(Settings(environment="development"))
        assert built == []
        app.openapi()
        assert built


class TestStarting:
    async def test_is_what_connects_not_building(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)  # noqa: FBT003 (its only parameter)
            url = f"postgresql://anna:hidden@127.0.0.1:{listener.getsockname()[1]}/nowhere"
            app = get_application(Settings(environment="development", database_url=url))
            assert not hasattr(app.state, "engine")
            with pytest.raises(BlockingIOError):
                listener.accept()

    def test_without_a_database_ends_with_a_clear_error(self) -> None:
        port = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "ENVIRONMENT": "development",
            "DATABASE_URL": f"postgresql://anna:hidden@127.0.0.1:{port}/nowhere",
        }
        result = subprocess.run(
            [sys.executable, "-m", "uvicorn", "--factory", "app.api.launch:get_application"],
            cwd=BACKEND,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=60,
        )
        assert result.returncode != 0
        assert f"No database answers at postgresql+asyncpg://anna:***@127.0.0.1:{port}/nowhere" in (
            result.stdout
        )
        assert "hidden" not in result.stdout

    async def test_and_stopping_leaves_no_connection(self, server: str, database_name: str) -> None:
        app = get_application(settings_for(server, database_name))
        async with app.router.lifespan_context(app), app.state.pool.connection() as connection:
            assert not connection.is_closed()
        assert connection.is_closed()

    async def test_and_stopping_leaves_no_engine(self, server: str, database_name: str) -> None:
        settings = settings_for(server, database_name)
        url = settings.sqlalchemy_url
        replica = f"{url.host}:{url.port}"  # any will do that nobody reads from
        app = get_application(settings.model_copy(update={"postgres_replicas": [replica]}))
        disposed: list[Engine] = []
        async with app.router.lifespan_context(app):
            engines = [app.state.engine, *(engine for engine, _ in app.state.replicas)]
            for engine in engines:
                listen(engine.sync_engine, "engine_disposed", disposed.append)
        assert disposed == [engine.sync_engine for engine in engines]
