"""Audit, as the tests that hold for all features see them."""

from tests.features import Damage, Feature

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_audit                      401       403    403      403    200        200      401      403
""",
    damages={
        "audit_actions": Damage(
            "owner delete_token", "UPDATE audit SET action = 'praised' WHERE action = 'signed_out'"
        ),
    },
)
