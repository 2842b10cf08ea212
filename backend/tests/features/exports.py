"""Exports, as the tests that hold for all features see them."""

from tests.features import Feature

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
export_user                     401       200    200      200    200        200      401      403
""",
)
