"""The worker as it processes uploads: what is left when it dies, and what it deletes."""

import os
import time
from pathlib import Path

from fastapi import FastAPI

from app.core.config import Settings
from app.core.photo_store import FolderStore, new_name
from app.db.models.kinds.uploads import UploadTask
from app.worker.mailers import NoMailer
from app.worker.photos import PhotoFiles, Sweep
from tests.factories.tasks import make_due, runner_for
from tests.factories.uploads import make_upload, process, read
from tests.factories.users import Market, make_user


def files_in(folder: Path) -> list[Path]:
    """All files in a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_an_upload_whose_worker_died_is_processed_by_the_next(market: Market) -> None:
    user = await make_user(market)
    upload_id = await make_upload(user)
    runner = runner_for(market.app, NoMailer(), Settings(environment="development"))
    task = await runner.take()
    assert task is not None
    assert task.kind == UploadTask.PROCESS
    await process(market)
    assert (await read(user, upload_id))["state"] == "processing"
    await make_due(market.app)
    await process(market)
    assert (await read(user, upload_id))["state"] == "ready"


async def test_files_without_an_upload_are_swept_after_a_day(app: FastAPI, tmp_path: Path) -> None:
    store, names = FolderStore(tmp_path), [new_name() for _ in range(3)]
    for name in names[:2]:
        async with store.put(name) as sink:
            await sink.write(b"photo")
    (tmp_path / "incoming" / names[2]).write_bytes(b"a part")
    two_days_ago = time.time() - 2 * 86400
    for path in (
        tmp_path / names[0][:2] / names[0][2:4] / names[0],
        tmp_path / "incoming" / names[2],
    ):
        os.utime(path, (two_days_ago, two_days_ago))
    await PhotoFiles(app.state.database, store).sweep(Sweep(), "")
    assert [path.name for path in files_in(tmp_path)] == [names[1]]


async def test_files_in_use_are_not_swept(market: Market, tmp_path: Path) -> None:
    before, market.app.state.photos = market.app.state.photos, FolderStore(tmp_path)
    try:
        await make_upload(await make_user(market))
        await process(market)
        files = files_in(tmp_path)
        for path in files:
            os.utime(path, (0, 0))
        files_of = PhotoFiles(market.app.state.database, market.app.state.photos)
        await files_of.sweep(Sweep(), "")
        assert len(files) == 2
        assert all(path.exists() for path in files)
    finally:
        market.app.state.photos = before
