"""Suppliers' invoices, for their advertiser and for whoever sent them; overruns of a budget that come of one.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"

REFERENCES = {
    "advertiser_id": "advertiser",
    "campaign_id": "campaign",
    "decided_by_id": "person",
    "file_id": "stored_file",
    "replaces_id": "invoice",
    "sent_by_id": "person",
    "supplier_id": "supplier",
}


def upgrade() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=False),
        sa.Column("list_code", sa.String(), nullable=True),
        sa.Column("invoiced_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("net_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("vat_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("total_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("due_qty", sa.Integer(), nullable=True),
        sa.Column("due_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_invoice_{column}_{table}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("supplier_id", "number", name=op.f("uq_invoice_supplier_id_number")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_invoice_{column}"), "invoice", [column], unique=False)
    op.execute("grant select, insert on invoice to jalon_app")
    op.execute(
        "grant update (to_seq, list_code, due_qty, due_amount, findings, state, reason, decided_by_id, decided_at) on invoice to jalon_app"
    )
    op.execute("alter table invoice enable row level security")
    op.execute(
        "create policy members on invoice using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.execute("create policy addressed on invoice for select using (supplier_id = any (jalon_suppliers()))")
    op.add_column("budget_overrun", sa.Column("invoice_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_budget_overrun_invoice_id_invoice"), "budget_overrun", "invoice", ["invoice_id"], ["id"])
    op.create_index(op.f("ix_budget_overrun_invoice_id"), "budget_overrun", ["invoice_id"], unique=False)
