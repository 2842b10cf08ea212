"""Translation of violated constraints into errors of the domain."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from asyncpg import IntegrityConstraintViolationError

from app.core.errors import MarketplaceError


@contextmanager
def constraints(errors: Mapping[str, type[MarketplaceError]]) -> Iterator[None]:
    """Context manager that translates violations of constraints.

    Args:
        errors: The error for each constraint or unique index. Names are compared by prefix, since a
            sharded database appends a suffix.
    """
    try:
        yield
    except IntegrityConstraintViolationError as error:
        broken = error.constraint_name or ""
        for name, translation in errors.items():
            if broken.startswith(name):
                raise translation from error
        raise
