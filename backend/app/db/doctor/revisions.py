"""Checks of earlier revisions of terms, for the tables that keep them."""

from typing import Any

from sqlalchemy import and_, func, or_, select

from app.db.models.users import User
from app.postgres.rows import Row
from app.postgres.statements import col


class Revisions:
    """A table with terms, and the table of their earlier revisions.

    Args:
        model: The table class of the terms.
        number: Its column with the number of the present revision.
        owner: Its column with the account that may change the terms.
        revision: The table class of the revisions.
        belongs: Its column with the id of the row that a revision is of.
        terms: The terms of a revision, with all fields.
    """

    def __init__(
        self,
        model: type[Row],
        *,
        number: Any,
        owner: Any,
        revision: type[Row],
        belongs: Any,
        terms: Any,
    ) -> None:
        self._model: Any = model
        self._revision: Any = revision
        self._number, self._owner, self._belongs = col(number), col(owner), col(belongs)
        self._terms = col(terms)

    def with_gaps(self) -> Any:
        """Rows whose revisions are not numbered from 1 to the one before the present."""
        revision, before = col(self._revision.revision), self._number - 1
        kept = (
            select(
                self._belongs.label("belongs"),
                func.count().label("total"),
                func.min(revision).label("first"),
                func.max(revision).label("last"),
            )
            .group_by(self._belongs)
            .subquery()
        )
        return (
            select(col(self._model.id))
            .join(User, col(User.id) == self._owner)
            .outerjoin(kept, kept.c.belongs == self._model.id)
            .where(
                col(User.deleted_at).is_(None),  # otherwise they are erased
                or_(
                    func.coalesce(kept.c.total, 0) != before,
                    kept.c.first != 1,
                    kept.c.last != before,
                ),
            )
        )

    def without_change(self) -> Any:
        """Rows with two revisions in sequence that have the same terms."""
        order: Any = {
            "partition_by": self._belongs,
            "order_by": col(self._revision.revision),
        }
        following = select(
            self._belongs.label("belongs"),
            self._terms.label("terms"),
            func.lag(self._terms).over(**order).label("before"),
        ).subquery()
        return select(following.c.belongs).where(following.c.terms == following.c.before)

    def by_others(self) -> Any:
        """Rows with a revision that another account has made."""
        by_another = and_(
            self._belongs == self._model.id, col(self._revision.editor_id) != self._owner
        )
        return select(col(self._model.id)).join(self._revision, by_another)
