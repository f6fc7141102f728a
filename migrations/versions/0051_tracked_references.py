"""Numbers and addresses that lots carry, version after version, and the lot that one of them tells beside each answer.

Revision ID: 0051
Revises: 0050
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050"

REFERENCES = {"advertiser_id": "advertiser", "campaign_id": "campaign", "stated_by_id": "person"}


def upgrade() -> None:
    op.create_table(
        "lot_tracking",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "campaign_id", "advertiser_id")),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("stated_by_id", sa.Uuid(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_lot_tracking_{column}_{to}"))
            for column, to in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_tracking")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_lot_tracking_{column}"), "lot_tracking", [column], unique=False)
    op.create_index(
        op.f("ix_lot_tracking_current"),
        "lot_tracking",
        ["campaign_id"],
        unique=True,
        postgresql_where=sa.text("to_seq is null"),
    )
    op.execute("grant select, insert, update on lot_tracking to jalon_app")
    op.execute("alter table lot_tracking enable row level security")
    op.execute(
        "create policy members on lot_tracking using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.add_column("response", sa.Column("traced_lot", sa.String(), nullable=False, server_default=""))
    op.alter_column("response", "traced_lot", server_default=None)
