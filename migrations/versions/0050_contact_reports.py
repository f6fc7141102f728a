"""Bounces and calls as senders report them; and who brought a file of what came back, for that supplier to see.

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

REFERENCES = {"advertiser_id": "advertiser", "batch_id": "response_batch", "campaign_id": "campaign"}


def upgrade() -> None:
    op.create_table(
        "contact_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row_sha256", sa.String(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("lot_code", sa.String(), nullable=False),
        sa.Column("unique_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_contact_report_{column}_{table}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_report")),
        sa.UniqueConstraint("campaign_id", "row_sha256", name=op.f("uq_contact_report_campaign_id_row_sha256")),
    )
    for column in (*REFERENCES, "lot_code"):
        op.create_index(op.f(f"ix_contact_report_{column}"), "contact_report", [column], unique=False)
    op.execute("alter table contact_report enable row level security")
    op.execute(
        "create policy members on contact_report using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.execute("grant select, insert on contact_report to jalon_app")
    op.add_column("response_batch", sa.Column("supplier_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_response_batch_supplier_id_supplier"), "response_batch", "supplier", ["supplier_id"], ["id"])
    op.create_index(op.f("ix_response_batch_supplier_id"), "response_batch", ["supplier_id"], unique=False)
    op.execute("create policy addressed on response_batch for select using (supplier_id = any (jalon_suppliers()))")
