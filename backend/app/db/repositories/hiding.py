"""The queries of hiding, which lock the accounts concerned before the hidden row."""

from sqlalchemy import select, union_all

from app.db.models.cleanings import Cleaning
from app.db.models.evaluations import Evaluation
from app.db.models.offers import Offer
from app.db.models.package_questions import PackagePost
from app.db.models.packages import Package
from app.db.models.questions import CleaningPost, Post
from app.db.models.uploads import Upload
from app.db.models.users import User
from app.db.repositories.administration import concerning
from app.db.repositories.base import CLEANING_ID, EVALUATION_ID, OFFER_ID, PACKAGE_ID
from app.db.repositories.question_views import POST_ID, TOPIC_ID
from app.db.repositories.uploads import UPLOAD_ID
from app.postgres.statements import col
from app.postgres.tables import RowQuery

OF_OFFER = (col(Offer.cleaning_id) == CLEANING_ID, col(Offer.id) == OFFER_ID)
OF_EVALUATION = (
    col(Evaluation.cleaning_id) == CLEANING_ID,
    col(Evaluation.id) == EVALUATION_ID,
)

SELLER = concerning(select(col(Package.seller_id)).where(col(Package.id) == PACKAGE_ID))
"""The seller of a package."""
OWNER = concerning(select(col(Cleaning.owner_id)).where(col(Cleaning.id) == CLEANING_ID))
"""The owner of a job."""
OFFERER = concerning(select(col(Offer.cleaner_id)).where(*OF_OFFER))
"""The cleaner who made an offer."""
UPLOADER = concerning(select(col(Upload.user_id)).where(col(Upload.id) == UPLOAD_ID))
"""The user of an upload."""
SIDES = concerning(
    union_all(
        select(col(Evaluation.author_id)).where(*OF_EVALUATION),
        select(col(Evaluation.subject_id)).where(*OF_EVALUATION),
    )
)
"""The author and the subject of an evaluation."""


def author_of(posts: type[Post]) -> RowQuery[User]:
    """The author of a question or an answer."""
    found = select(col(posts.author_id)).where(
        getattr(posts, posts.topic_key) == TOPIC_ID, col(posts.id) == POST_ID
    )
    return concerning(found)


AUTHOR, PACKAGE_AUTHOR = author_of(CleaningPost), author_of(PackagePost)
