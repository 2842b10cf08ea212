"""Checks of sessions, tokens, API keys and second factors."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, Text, and_, cast, func, or_, select, union_all
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased

from app.db.doctor.check import Check
from app.db.models.api_keys import MOST_PER_ACCOUNT, ApiKey
from app.db.models.kinds import Scope
from app.db.models.links import Link, LinkPurpose
from app.db.models.second_factors import (
    RECOVERY_CODES,
    REMOVAL_DELAY,
    RecoveryCode,
    SecondFactor,
)
from app.db.models.sessions import NEVER, RefreshToken, Session
from app.db.models.users import User
from app.postgres.statements import col

OF_KEY = col(ApiKey.id) == Session.id
OF_USER = col(SecondFactor.user_id) == Session.user_id
KNOWN_SCOPES = cast(array(Scope.all()), ARRAY(Text))
OF_SESSION = col(RefreshToken.session_id) == Session.id


def _without_origin() -> Any:
    """Tokens whose predecessor is not of their session, or not used."""
    predecessor = aliased(RefreshToken)
    given_for = and_(
        col(predecessor.hash) == RefreshToken.predecessor,
        col(predecessor.session_id) == RefreshToken.session_id,
        col(predecessor.used_at).is_not(None),
    )
    return (
        select(col(RefreshToken.session_id))
        .outerjoin(predecessor, given_for)
        .where(col(RefreshToken.predecessor).is_not(None), col(predecessor.hash).is_(None))
    )


def _without_successor() -> Any:
    """Used tokens without a successor."""
    successor = aliased(RefreshToken)
    return (
        select(col(RefreshToken.session_id))
        .outerjoin(successor, col(successor.predecessor) == RefreshToken.hash)
        .where(col(RefreshToken.used_at).is_not(None), col(successor.hash).is_(None))
    )


def _with_several_origins() -> Any:
    first = func.count().filter(col(RefreshToken.predecessor).is_(None))
    return (
        select(col(RefreshToken.session_id))
        .group_by(col(RefreshToken.session_id))
        .having(first != 1)
    )


def _keys_like_logins() -> Any:
    """Keys with properties of a login session."""
    return (
        select(col(Session.id))
        .join(ApiKey, OF_KEY)
        .outerjoin(RefreshToken, OF_SESSION)
        .where(
            or_(
                col(Session.authenticated_at) != NEVER,
                col(Session.second_factor),
                col(RefreshToken.hash).is_not(None),
            )
        )
    )


def _without_second_factor() -> Any:
    return (
        select(col(Session.id))
        .join(SecondFactor, OF_USER)
        .outerjoin(ApiKey, OF_KEY)
        .where(
            col(ApiKey.id).is_(None),
            ~col(Session.second_factor),
            col(Session.created_at) > SecondFactor.confirmed_at,
        )
    )


def _of_others() -> Any:
    """Pending requests without a session of their user."""
    by_link = col(Link.session_id).is_not_distinct_from(col(Session.id))
    links = (
        select(col(Link.id))
        .outerjoin(Session, by_link)
        .where(
            or_(
                col(Link.session_id).is_not(None),
                col(Link.purpose) == LinkPurpose.CHANGE_EMAIL,
            ),
            col(Session.user_id).is_distinct_from(col(Link.user_id)),
        )
    )
    factors = (
        select(col(SecondFactor.user_id))
        .join(Session, col(Session.id) == SecondFactor.session_id)
        .where(col(Session.user_id) != SecondFactor.user_id)
    )
    return union_all(links, factors)


def _half_on() -> Any:
    """Second factors that are on without a used code, or off with recovery codes."""
    codes = func.count(col(RecoveryCode.hash))
    is_on = col(SecondFactor.confirmed_at).is_not(None)
    return (
        select(col(SecondFactor.user_id))
        .outerjoin(RecoveryCode)
        .group_by(col(SecondFactor.user_id))
        .having(
            or_(
                and_(is_on, col(SecondFactor.last_step) == 0),
                and_(~is_on, codes > 0),
                codes > RECOVERY_CODES,
            )
        )
    )


CHECKS = (
    Check(
        "sessions_lasting",
        "A session is refreshed between its start and its end.",
        select(col(Session.id)).where(
            or_(
                col(Session.refreshed_at) < Session.created_at,
                col(Session.expires_at) <= Session.refreshed_at,
            )
        ),
    ),
    Check(
        "sessions_verified",
        "An account with a pending verification has no sessions.",
        select(col(Session.id))
        .join(User, col(User.id) == Session.user_id)
        .where(col(User.pending_until).is_not(None)),
    ),
    Check(
        "sessions_second_factor",
        "Sessions started after the second factor was turned on have used it.",
        _without_second_factor(),
    ),
    Check(
        "refresh_tokens_given",
        "Each refresh token except the first has a used predecessor in its session.",
        _without_origin(),
    ),
    Check(
        "refresh_tokens_used",
        "Each used refresh token has a successor.",
        _without_successor(),
    ),
    Check(
        "refresh_tokens_begun",
        "The refresh tokens of a session have one origin.",
        _with_several_origins(),
    ),
    Check("api_keys_apart", "No API key counts as a login.", _keys_like_logins()),
    Check(
        "api_keys_scopes",
        "API keys have only known scopes.",
        select(col(ApiKey.id)).where(~col(ApiKey.scopes).bool_op("<@")(KNOWN_SCOPES)),
    ),
    Check(
        "api_keys_counted",
        f"No account has more than {MOST_PER_ACCOUNT} API keys.",
        select(col(Session.user_id))
        .join(ApiKey, OF_KEY)
        .group_by(col(Session.user_id))
        .having(func.count() > MOST_PER_ACCOUNT),
    ),
    Check(
        "requests_of_own_sessions",
        "A pending change of address or second factor belongs to a session of the same account.",
        _of_others(),
    ),
    Check(
        "second_factors_removed",
        "A removal of a second factor is due within its delay, and done within a day after that.",
        select(col(SecondFactor.user_id)).where(
            or_(
                col(SecondFactor.removal_due_at) > func.now() + REMOVAL_DELAY,
                col(SecondFactor.removal_due_at) < func.now() - timedelta(days=1),
            )
        ),
    ),
    Check(
        "second_factors_whole",
        "A second factor that is on has a used code; recovery codes exist only then.",
        _half_on(),
    ),
)
