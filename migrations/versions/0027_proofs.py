"""Proofs of messages, version by version, for their advertiser and for whoever prints or mails them.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

SERVED = (
    "campaign_id in (select ordered.campaign_id from purchase_order ordered join supplier maker on maker.id = ordered.supplier_id"
    " where ordered.supplier_id = any (jalon_suppliers()) and maker.kind in ('printer', 'mailer') and ordered.list_id is null"
    " and ordered.to_seq is null and ordered.state in ('issued', 'accepted'))"
)
"""What the campaign ordered of its printers and mailers is still theirs to do."""


def upgrade() -> None:
    op.create_table(
        "proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("deposited_by_id", sa.Uuid(), nullable=True),
        sa.Column("deposited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_proof_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_proof_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_proof_decided_by_id_person")),
        sa.ForeignKeyConstraint(["deposited_by_id"], ["person.id"], name=op.f("fk_proof_deposited_by_id_person")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_proof_file_id_stored_file")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_proof_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("campaign_id", "message", "version", name=op.f("uq_proof_campaign_id_message_version")),
    )
    for column in ("advertiser_id", "campaign_id", "decided_by_id", "deposited_by_id", "file_id", "supplier_id"):
        op.create_index(op.f(f"ix_proof_{column}"), "proof", [column], unique=False)
    op.execute("grant select, insert on proof to jalon_app")
    op.execute("grant update (to_seq, state, remarks, decided_by_id, decided_at) on proof to jalon_app")
    op.execute("alter table proof enable row level security")
    op.execute(
        "create policy members on proof using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.execute(f"create policy addressed on proof for select using ({SERVED})")
    op.add_column("message", sa.Column("proof_signed_seq", sa.Integer(), nullable=True))
