"""Audit, as the tests that hold for all features see them."""

from tests.features import Damage, Feature

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_audit                      401       403    403      403    200        200      401      403
""",
    load="""
INSERT INTO audit (id, action, actor_id, user_id, network, request_id, details, created_at)
SELECT pg_temp.id_of(n), CASE n % 1000 WHEN 0 THEN 'password_changed' ELSE 'signed_in' END,
    people.id, people.id, '192.0.2.0/24', '', '{}', now()
FROM jobs JOIN people ON place = n % 1001;
""",
    damages={
        "audit_actions": Damage(
            "owner delete_token", "UPDATE audit SET action = 'praised' WHERE action = 'signed_out'"
        ),
    },
)
