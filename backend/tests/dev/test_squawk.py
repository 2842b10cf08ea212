"""The check of migrations: what would stall a market that is in use is refused."""

from pathlib import Path

import pytest
from alembic.config import Config

from chaos.revisions import make_up
from dev.squawk import check
from tests.db.revisions import CONCURRENTLY

SAFE = {
    "a column": 'op.add_column("cleanings", sa.Column("made_up", sa.Text()))',
    "a constraint, not checked at once": """op.create_check_constraint(
        "ck_made_up", "cleanings", "price > 1", postgresql_not_valid=True
    )""",
    "an index, made concurrently": CONCURRENTLY,
    "a column to be dropped on purpose": """op.execute(
        "-- squawk-ignore ban-drop-column\\n" "ALTER TABLE cleanings DROP COLUMN area"
    )""",
}
DANGEROUS = {
    "ban-drop-column": 'op.drop_column("cleanings", "area")',
    "require-concurrent-index-creation": 'op.create_index("ix_made_up", "cleanings", ["price"])',
    "constraint-missing-not-valid": """op.create_check_constraint(
        "ck_made_up", "cleanings", "price > 1"
    )""",
    "changing-column-type": 'op.alter_column("cleanings", "area", type_=sa.Text())',
    "adding-not-nullable-field": 'op.alter_column("cleanings", "area", nullable=False)',
}


@pytest.mark.parametrize("upgrade", SAFE.values(), ids=SAFE.keys())
def test_lets_pass_what_stalls_nobody(
    upgrade: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert check(Config(make_up(tmp_path, upgrade))) == 0, capfd.readouterr().out


@pytest.mark.parametrize(("rule", "upgrade"), DANGEROUS.items(), ids=DANGEROUS.keys())
def test_refuses_what_stalls_others(
    rule: str, upgrade: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert check(Config(make_up(tmp_path, upgrade))) == 1
    assert rule in capfd.readouterr().out
