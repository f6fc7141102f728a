"""The tree over all chains: its leaves, and the heads that were signed. Neither is ever changed.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "sealed_entry",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("entry_sha256", sa.String(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_sealed_entry_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_sealed_entry_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_sealed_entry")),
        sa.UniqueConstraint("campaign_id", "seq", name=op.f("uq_sealed_entry_campaign_id_seq")),
    )
    op.create_index(op.f("ix_sealed_entry_advertiser_id"), "sealed_entry", ["advertiser_id"], unique=False)
    op.create_table(
        "signed_head",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_signed_head")),
    )
    for table in ("sealed_entry", "signed_head"):
        op.execute(f"revoke all on {table} from jalon_app")
        op.execute(f"grant select, insert on {table} to jalon_app")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy sealer on {table} using ((select jalon_asker()) = 'system')")
        op.execute(f"create trigger append_only before update or delete on {table} for each row execute function refuse_change()")
        op.execute(f"create trigger append_only_whole before truncate on {table} execute function refuse_change()")
    op.execute("create policy members on sealed_entry for select using (advertiser_id = any ((select jalon_advertisers())::uuid[]))")
    op.execute("create policy staff on signed_head for select using (cardinality((select jalon_advertisers())::uuid[]) > 0)")
