"""Refund claims for mail that came back beyond the warranty of a list. A supplier sees its own.

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0042"

REFERENCES = {
    "advertiser_id": "advertiser",
    "campaign_id": "campaign",
    "list_id": "campaign_list",
    "supplier_id": "supplier",
    "decided_by_id": "person",
}


def upgrade() -> None:
    op.create_table(
        "refund_claim",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "campaign_id", "advertiser_id")),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("list_id", "supplier_id")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("number", "order_number", "list_code")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("mailed_qty", "undeliverable_qty", "allowed_qty")),
        sa.Column("warranty_rate", sa.Numeric(12, 6), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("due_on", "claimable_until_on")),
        sa.Column("state", sa.String(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("answer", "reason")),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_refund_claim_{column}_{to}"))
            for column, to in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_claim")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_refund_claim_{column}"), "refund_claim", [column], unique=False)
    op.create_index(
        op.f("ix_refund_claim_campaign_id_list_id"),
        "refund_claim",
        ["campaign_id", "list_id"],
        unique=True,
        postgresql_where=sa.text("to_seq is null"),
    )
    op.execute("grant select, insert, update on refund_claim to jalon_app")
    op.execute("alter table refund_claim enable row level security")
    op.execute(
        "create policy members on refund_claim using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.execute("create policy addressed on refund_claim for select using (supplier_id = any (jalon_suppliers()))")
