"""Uploads, and the photos that they become."""

from datetime import timedelta
from typing import Any

from httpx import Response

from app.core.config import Settings
from app.db.models.fields import now
from app.db.models.kinds.uploads import UploadTask
from app.worker.mailers import NoMailer
from tests.factories.tasks import runner_for
from tests.factories.users import Actor, Market
from tests.pictures import JPEG, picture

OF_FILES = {str(kind) for kind in UploadTask}


async def send(
    user: Actor, content: Any = None, media_type: str | None = JPEG, **headers: str
) -> Response:
    """Sends a picture."""
    if media_type:
        headers["Content-Type"] = media_type
    content = picture(media_type or JPEG) if content is None else content
    return await user.request("POST", "/uploads", content=content, headers=headers)


async def make_upload(user: Actor, content: bytes | None = None, media_type: str = JPEG) -> str:
    """The id of a picture that was sent, and is not processed yet."""
    response = await send(user, content, media_type)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


async def process(market: Market) -> None:
    """Does what a worker does about the files of uploads."""
    app = market.app
    tasks = runner_for(app, NoMailer(), Settings(environment="development"))
    tasks.handlers = {kind: it for kind, it in tasks.handlers.items() if kind in OF_FILES}
    while (task := await tasks.take()) is not None:
        await tasks.run(task)
    failed = await app.state.database.fetch(
        "SELECT kind, error FROM tasks WHERE error IS NOT NULL AND kind = ANY($1)",
        [list(OF_FILES)],
    )
    assert not [dict(row) for row in failed]


async def make_photo(
    market: Market, user: Actor, content: bytes | None = None, media_type: str = JPEG
) -> dict[str, Any]:
    """An upload that is ready."""
    upload_id = await make_upload(user, content, media_type)
    await process(market)
    return await read(user, upload_id)


async def set_photos(actor: Actor, path: str, *ids: str) -> dict[str, Any]:
    """Sets the photos of a job or a package."""
    response = await actor.put(f"{path}/photos", {"uploads": ids})
    assert response.status_code == 200, response.text
    content: dict[str, Any] = response.json()
    return content


async def read(user: Actor, upload_id: str) -> dict[str, Any]:
    """An upload as its user sees it."""
    response = await user.get(f"/uploads/{upload_id}")
    assert response.status_code == 200, response.text
    upload: dict[str, Any] = response.json()
    return upload


async def files_of(market: Market) -> set[str]:
    """The names of all files that are stored."""
    return {name async for name in market.app.state.photos.names(now() + timedelta(days=1))}


async def shown(market: Market, url: str) -> Response:
    """What anyone gets at the path of a photo."""
    return await market.client.get(f"http://test{url}")
