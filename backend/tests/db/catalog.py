"""What a database consists of, by its own account."""

import asyncio
from typing import Any

import asyncpg

from tests.server import dsn, settings_for

VERSIONS = "alembic_version"  # the table that Alembic keeps for itself

QUERIES = {
    "columns": """
        SELECT attrelid::regclass::text AS owner, attname AS name,
            concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attgenerated,
                nullif(attcollation, 0)::regcollation,
                pg_get_expr(adbin, adrelid)) AS definition
        FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid AND relkind IN ('r', 'p')
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
    """,
    "constraints": """
        SELECT conrelid::regclass::text AS owner, conname AS name,
            pg_get_constraintdef(oid) AS definition
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    """,
    "indexes": """
        SELECT indrelid::regclass::text AS owner, indexrelid::regclass::text AS name,
            pg_get_indexdef(indexrelid) AS definition
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE relnamespace = 'public'::regnamespace
    """,
    "relations": """
        SELECT coalesce(indrelid, pg_class.oid)::regclass::text AS owner, relname AS name,
            concat(relkind, pg_class.relpersistence) AS definition
        FROM pg_class LEFT JOIN pg_index ON indexrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace
    """,
    "types": """
        SELECT coalesce(nullif(typrelid, 0)::regclass::text, typname) AS owner, typname AS name,
            typtype::text AS definition
        FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typcategory <> 'A'
    """,
    "functions": """
        SELECT proname AS owner, oid::regprocedure::text AS name, prosrc AS definition
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
    "triggers": """
        SELECT tgrelid::regclass::text AS owner, tgname AS name,
            pg_get_triggerdef(oid) AS definition
        FROM pg_trigger WHERE NOT tgisinternal
    """,
}

Catalog = dict[tuple[str, str, str], str]


def fetch(server: str, database: str, query: str) -> list[Any]:
    """Runs a query in a database of the server."""

    async def run() -> list[Any]:
        connection = await asyncpg.connect(dsn(settings_for(server, database).sqlalchemy_url))
        try:
            rows: list[Any] = await connection.fetch(query)
            return rows
        finally:
            await connection.close()

    return asyncio.run(run())


def catalog(server: str, database: str) -> Catalog:
    """Defines all that there is in a database, apart from what Alembic needs."""
    return {
        (kind, row["owner"], row["name"]): row["definition"]
        for kind, query in QUERIES.items()
        for row in fetch(server, database, query)
        if row["owner"] != VERSIONS
    }
