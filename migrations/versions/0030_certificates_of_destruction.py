"""Files of people that suppliers were handed, and the certificates that they are destroyed; a supplier sees its own.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.create_table(
        "handed_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_handed_file_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_handed_file_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_handed_file_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_file")),
        sa.UniqueConstraint("campaign_id", "supplier_id", "sha256", name=op.f("uq_handed_file_campaign_id_supplier_id_sha256")),
    )
    op.create_table(
        "destruction_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("destroyed_on", sa.Date(), nullable=True),
        sa.Column("remaining", sa.Text(), nullable=False),
        sa.Column("remaining_until_on", sa.Date(), nullable=True),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("signatory", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("waived_reason", sa.Text(), nullable=False),
        sa.Column("overdue_seq", sa.Integer(), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_destruction_certificate_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_destruction_certificate_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_destruction_certificate_file_id_stored_file")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["person.id"], name=op.f("fk_destruction_certificate_settled_by_id_person")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_destruction_certificate_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_certificate")),
        sa.UniqueConstraint("campaign_id", "supplier_id", name=op.f("uq_destruction_certificate_campaign_id_supplier_id")),
    )
    for column in ("advertiser_id", "campaign_id", "supplier_id"):
        op.create_index(op.f(f"ix_handed_file_{column}"), "handed_file", [column], unique=False)
    for column in ("advertiser_id", "campaign_id", "file_id", "settled_by_id", "supplier_id"):
        op.create_index(op.f(f"ix_destruction_certificate_{column}"), "destruction_certificate", [column], unique=False)
    op.execute("grant select, insert on handed_file to jalon_app")
    op.execute("grant select, insert on destruction_certificate to jalon_app")
    op.execute(
        "grant update (to_seq, state, method, destroyed_on, remaining, remaining_until_on, operator, signatory, file_id, waived_reason,"
        " overdue_seq, settled_by_id, settled_at, settled_seq) on destruction_certificate to jalon_app"
    )
    for table in ("handed_file", "destruction_certificate"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(
            f"create policy members on {table} using"
            " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
        )
        op.execute(f"create policy addressed on {table} for select using (supplier_id = any (jalon_suppliers()))")
