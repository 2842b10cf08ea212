"""Photos of jobs, packages and profiles, as the tests that hold for all features see them."""

from typing import TYPE_CHECKING, Any

from tests.features import Feature
from tests.features.packages import PUBLISHED
from tests.features.uploads import MADE
from tests.stories import GROUNDS

if TYPE_CHECKING:
    from tests.factories.scenes import Scene

OF_PACKAGE = f"{PUBLISHED}, {MADE}"


def uploaded(scene: "Scene") -> dict[str, Any]:
    """The upload that was made, if any was."""
    return {"uploads": [scene.known["upload_id"]] if "upload_id" in scene.known else []}


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
read_cleaning_photos            401       404    200      404    404        404      401      403
set_cleaning_photos             401       403    200      403    403        403      401      403
read_package_photos             401       404    200      404    404        404      401      403
set_package_photos              401       403    200      403    403        403      401      403
set_picture                     401       404    200      404    404        404      401      403
hide_photo                      401       403    403      403    204        204      401      403
show_photo                      401       403    403      403    204        204      401      403
""",
    writable="""
set_cleaning_photos    uploads
set_package_photos     uploads
set_picture            upload
hide_photo             reason rule
show_photo             reason
""",
    stories={
        **dict.fromkeys(("read_cleaning_photos", "set_cleaning_photos", "set_picture"), MADE),
        **dict.fromkeys(("hide_photo", "show_photo"), MADE),
        **dict.fromkeys(("read_package_photos", "set_package_photos"), OF_PACKAGE),
    },
    bodies={
        "set_cleaning_photos": uploaded,
        "set_package_photos": uploaded,
        **dict.fromkeys(("hide_photo", "show_photo"), lambda _: GROUNDS),
        "set_picture": lambda scene: {"upload": scene.known["upload_id"]},
    },
    answers="""
set_cleaning_photos   owner       cleaner    rival      stranger   anonymous
open                  >open       not_owner  not_owner  not_owner  401
open-again            >open       not_owner  not_owner  not_owner  401
booked                >booked     not_owner  not_owner  not_owner  401
booked-started        >booked     not_owner  not_owner  not_owner  401
completed             >completed  not_owner  not_owner  not_owner  401
cancelled             >cancelled  not_owner  not_owner  not_owner  401
expired               >expired    not_owner  not_owner  not_owner  401
expired-unnoted       >expired    not_owner  not_owner  not_owner  401
expired-missed        >expired    not_owner  not_owner  not_owner  401
deleted               404         404        404        404        401

set_package_photos    owner       cleaner     rival       stranger    anonymous
draft                 >draft      404         404         404         401
published             >published  not_seller  not_seller  not_seller  401
paused                >paused     404         404         404         401
archived              >archived   404         404         404         401
""",
    changes={
        "set_cleaning_photos": ("owner", MADE),
        "set_package_photos": ("owner", OF_PACKAGE),
        "set_picture": ("owner", MADE),
    },
)
