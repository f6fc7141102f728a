"""The shapes that processes have had, by hash, and under which one each campaign moves.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("campaign", sa.Column("process_sha256", sa.String(), nullable=True))
    op.create_table(
        "process_shape",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("shape", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_process_shape")),
    )
    # A shape belongs to no advertiser: whoever moves a campaign first under a new one keeps it, and only the engine reads it.
    op.execute("grant select, insert on process_shape to jalon_app")
    op.execute("alter table process_shape enable row level security")
    op.execute("create policy engine on process_shape for select using ((select jalon_asker()) = 'system')")
    op.execute("create policy anybody on process_shape for insert with check ((select jalon_asker()) is not null)")
