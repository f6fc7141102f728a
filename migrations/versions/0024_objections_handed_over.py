"""Files of objections and returns, for the house and for the supplier of each list; a supplier sees that there is one for it.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "objection_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("as_of_seq", sa.Integer(), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_objection_file_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_objection_file_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_objection_file_file_id_stored_file")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_objection_file_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_file")),
    )
    for column in ("advertiser_id", "campaign_id", "file_id", "supplier_id"):
        op.create_index(op.f(f"ix_objection_file_{column}"), "objection_file", [column], unique=False)
    op.execute("grant select, insert, update, delete on objection_file to jalon_app")
    op.execute("alter table objection_file enable row level security")
    op.execute(
        "create policy members on objection_file using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.execute(
        "create policy addressed on objection_file for select using (handed_over_at is not null and supplier_id = any (jalon_suppliers()))"
    )
