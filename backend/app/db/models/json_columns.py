"""Columns with JSON."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field


def json_list() -> Any:
    """A column with a list of JSON objects, which is empty at first."""
    return Field(
        default_factory=list, sa_type=JSONB, sa_column_kwargs={"server_default": text("'[]'")}
    )
