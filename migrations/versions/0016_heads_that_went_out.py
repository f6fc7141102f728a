"""Heads that went out: which were mailed, and which one a document was issued under, as its foot says.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "mailed_head",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["size"], ["signed_head.size"], name=op.f("fk_mailed_head_size_signed_head")),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_mailed_head")),
    )
    op.execute("revoke all on mailed_head from jalon_app")
    op.execute("grant select, insert on mailed_head to jalon_app")
    op.execute("alter table mailed_head enable row level security")
    op.execute("create policy sealer on mailed_head using ((select jalon_asker()) = 'system')")
    op.execute("create trigger append_only before update or delete on mailed_head for each row execute function refuse_change()")
    op.execute("create trigger append_only_whole before truncate on mailed_head execute function refuse_change()")
    op.add_column("document", sa.Column("sealed_size", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_document_sealed_size_signed_head"), "document", "signed_head", ["sealed_size"], ["size"])
