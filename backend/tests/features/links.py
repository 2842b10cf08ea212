"""Links, as the tests that hold for all features see them."""

from app.db.models.links import Link, LinkPurpose
from tests.features import Feature
from tests.stories import NEW_PASSWORD, REMOVING

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
ask_for_verification            202       202    202      202    202        202      202      202
verify_email                    204       204    204      204    204        204      422      204
ask_for_reset                   202       202    202      202    202        202      202      202
reset_password                  204       204    204      204    204        204      422      204
stop_second_factor_removal      204       204    204      204    204        204      204      204
""",
    writable="""
ask_for_verification   email
verify_email           token
ask_for_reset          email
reset_password         token password
stop_second_factor_removal   token
""",
    stories={
        "stop_second_factor_removal": REMOVING,
        "verify_email": "anonymous ask_for_verification",
        "reset_password": "anonymous ask_for_reset",
    },
    bodies={
        "ask_for_reset": lambda scene: {"email": scene.job.owner.email},
        "ask_for_verification": lambda scene: {"email": scene.job.owner.email},
        "reset_password": lambda scene: {"token": scene.known["token"], "password": NEW_PASSWORD},
        "stop_second_factor_removal": lambda scene: {"token": scene.known["token"]},
        "verify_email": lambda scene: {"token": scene.known["token"]},
    },
    mailing=("ask_for_reset", "ask_for_verification"),
    conditional=("reset_password",),  # a password is not made of one's own name
    load="""
INSERT INTO links (id, user_id, purpose, email, created_at, expires_at)
SELECT gen_random_uuid(), id, 'verify_email', email, now(), now() FROM users;
""",
    expiring={
        Link: lambda user_id, ended_at: {
            "user_id": user_id,
            "purpose": LinkPurpose.VERIFY_EMAIL,
            "email": "anna@example.com",
            "expires_at": ended_at,
        },
    },
)
