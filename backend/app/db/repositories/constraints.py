"""How a broken constraint of the database becomes an error that people understand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from asyncpg import IntegrityConstraintViolationError

from app.core.errors import MarketplaceError


@contextmanager
def constraints(errors: Mapping[str, type[MarketplaceError]]) -> Iterator[None]:
    """Translates what is flushed inside of the block.

    Args:
        errors: What to raise for which constraint or unique index. The names are compared by
            their beginning, for a sharded database adds to them.
    """
    try:
        yield
    except IntegrityConstraintViolationError as error:
        broken = error.constraint_name or ""
        for name, translation in errors.items():
            if broken.startswith(name):
                raise translation from error
        raise
