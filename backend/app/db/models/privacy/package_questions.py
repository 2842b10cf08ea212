"""Personal data of questions about packages, and of answers to them."""

from app.db.models.privacy.questions import holdings

HOLDINGS = holdings("package_posts", "package_post_versions", "package_id")
