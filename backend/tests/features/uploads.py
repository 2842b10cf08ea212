"""Uploads, as the tests that hold for all features see them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.images import ImageType
from app.core.photo_store import new_name
from app.db.models.uploads import Upload
from tests.factories.cleanings import make_cleaning
from tests.factories.packages import make_package
from tests.factories.uploads import make_upload, process
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature
from tests.pictures import picture

MADE = "owner make_upload"
READY = f"{MADE}, clock process"


async def leave_traces(market: Market, actor: Actor, _: Actor) -> list[str]:
    """Uploads pictures, and shows them with a profile, a job and a package."""
    job = await make_cleaning(market, actor, name="Canary job with a photo")
    package = await make_package(market, actor, name="Canary package with a photo")
    one, two, three = [await make_upload(actor) for _ in range(3)]
    await actor.put("/profiles/me/picture", {"upload": one})
    await actor.put(f"{job.path}/photos", {"uploads": [two]})
    await actor.put(f"{package.path}/photos", {"uploads": [three]})
    await process(market)
    return [f"/profiles/{actor.username}", job.path, package.path]


def expired(user_id: UUID, moment: datetime) -> dict[str, Any]:
    """An upload that has expired."""
    return {
        "user_id": user_id,
        "media_type": ImageType.JPEG,
        "original": new_name(),
        "expires_at": moment,
    }


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
make_upload                     401       201    201      201    201        201      401      403
list_uploads                    401       200    200      200    200        200      401      403
read_upload                     401       404    200      404    404        404      401      403
delete_upload                   401       404    204      404    404        404      401      403
photo_file                      200       200    200      200    200        200      404      200
""",
    scopes={
        "read:uploads": {
            *("list_uploads", "read_upload", "read_cleaning_photos", "read_package_photos"),
        },
        "write:uploads": {
            *("make_upload", "delete_upload", "set_cleaning_photos", "set_package_photos"),
            "set_picture",
        },
    },
    stories={"read_upload": MADE, "delete_upload": MADE, "photo_file": READY},
    bodies={"make_upload": lambda _: picture()},
    learned={"make_upload": ("upload_id", "id")},
    conditional=("make_upload",),  # most bodies are no pictures
    load="""
INSERT INTO uploads (id, user_id, media_type, state, large, small, width, height, cleaning_id,
    place, created_at, updated_at, version)
SELECT gen_random_uuid(), owner_id, 'image/jpeg', 'ready', md5('large' || n), md5('small' || n),
    4, 3, id, 0, now(), now(), 1
FROM jobs;

INSERT INTO uploads (id, user_id, media_type, state, large, small, width, height,
    message_cleaning_id, message_cleaner_id, message_number, place, created_at, updated_at, version)
SELECT gen_random_uuid(), cleaner_id, 'image/jpeg', 'ready', md5('large of message' || n),
    md5('small of message' || n), 4, 3, id, cleaner_id, 1, 0, now(), now(), 1
FROM jobs;

INSERT INTO uploads (id, user_id, media_type, state, original, expires_at, created_at, updated_at,
    version)
SELECT gen_random_uuid(), owner_id, 'image/jpeg', 'processing', md5('original' || n),
    now() + interval '1 day', now(), now(), 1
FROM jobs WHERE n % 100 = 0;
""",
    lists=("/uploads",),
    expiring={Upload: expired},
    leftovers=(
        (
            f"{MADE}, owner delete_user",
            """
        INSERT INTO uploads (id, user_id, media_type, state, original, expires_at, created_at,
            updated_at, version)
        VALUES (gen_random_uuid(), '$owner_id', 'image/jpeg', 'processing', 'original', now(),
            now(), now(), 1)
        """,
        ),
    ),
    damages={
        "uploads_of_owners": Damage(
            f"{MADE}, owner set_cleaning_photos", "UPDATE uploads SET user_id = '$stranger_id'"
        ),
        "photos_shown": Damage(
            f"{READY}, owner set_cleaning_photos", "UPDATE cleanings SET photos = '[]'"
        ),
    },
    traces=leave_traces,
)
