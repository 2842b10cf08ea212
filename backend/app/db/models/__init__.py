"""The tables, and the shapes that go in and out of the service: one file per feature."""

from sqlmodel import SQLModel

from app.core.features import modules

# Set before any table is made, so that constraints and indexes have predictable names.
metadata = SQLModel.metadata
metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

modules(__name__)
