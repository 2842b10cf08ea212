"""Let customers order packages.

Revision ID: c4e17a9b0d36
Revises: e91b4c7d20a6
Create Date: 2026-11-29 01:40:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c4e17a9b0d36"
down_revision: str | None = "e91b4c7d20a6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PLACED = sa.text("status = 'placed'")


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("cleaner_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("total", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("category", sa.String(length=60, collation="C"), nullable=True),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("early_start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('placed', 'accepted', 'declined', 'cancelled', 'expired')",
            name=op.f("ck_orders_status"),
        ),
        sa.CheckConstraint("total > 0", name=op.f("ck_orders_total")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_orders_currency")),
        sa.CheckConstraint("duration > 0", name=op.f("ck_orders_duration")),
        sa.CheckConstraint("customer_id <> cleaner_id", name=op.f("ck_orders_sides")),
        sa.CheckConstraint("expires_at <= starts_at", name=op.f("ck_orders_expires_at")),
        sa.CheckConstraint(
            "(status = 'placed') = (closed_at IS NULL)", name=op.f("ck_orders_closed_at")
        ),
        sa.CheckConstraint(
            "reason IS NULL OR status IN ('declined', 'cancelled')", name=op.f("ck_orders_reason")
        ),
        sa.ForeignKeyConstraint(["category"], ["categories.slug"], name=op.f("fk_orders_category")),
        sa.ForeignKeyConstraint(["customer_id"], ["users.id"], name=op.f("fk_orders_customer_id")),
        sa.ForeignKeyConstraint(["cleaner_id"], ["users.id"], name=op.f("fk_orders_cleaner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    for side in ("customer_id", "cleaner_id"):
        op.create_index(f"ix_orders_{side}", "orders", [side, "id"])
        op.create_index(f"ix_orders_placed_{side}", "orders", [side, "id"], postgresql_where=PLACED)
    op.create_index("ix_orders_expires_at", "orders", ["expires_at"], postgresql_where=PLACED)
    op.create_table(
        "order_items",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.CheckConstraint("quantity BETWEEN 1 AND 20", name=op.f("ck_order_items_quantity")),
        sa.CheckConstraint("place BETWEEN 1 AND 20", name=op.f("ck_order_items_place")),
        sa.CheckConstraint("price > 0", name=op.f("ck_order_items_price")),
        sa.CheckConstraint("duration > 0", name=op.f("ck_order_items_duration")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_order_items_revision")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_items_order_id")),
        sa.PrimaryKeyConstraint("order_id", "package_id", name=op.f("pk_order_items")),
    )


def downgrade() -> None:
    # They are about rows that no longer exist, and of kinds that earlier constraints refuse.
    op.execute("DELETE FROM events WHERE subject = 'order'")
    op.drop_table("order_items")
    op.drop_table("orders")
