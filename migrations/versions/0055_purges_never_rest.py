"""Purges never rest, and every address file has one: also of campaigns whose drop has not been.

Revision ID: 0055
Revises: 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"

_SIX_O_CLOCK = "(f.purge_on + time '06:00') at time zone 'Europe/Paris'"


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("never_rests", sa.Boolean(), server_default="false", nullable=False))
    op.alter_column("outbox_message", "never_rests", server_default=None)
    op.execute(
        "update outbox_message set never_rests = true, remaining_days = null"
        " where name in ('purge_files', 'destroy_blobs') and state in ('pending', 'queued', 'running', 'failed')"
    )
    op.execute(
        f"""
        insert into outbox_message (id, campaign_id, advertiser_id, subject_kind, subject_id, name, payload, requested_seq, state,
                                    not_before, created_at, attempts, never_rests, version)
        select gen_random_uuid(), c.id, c.advertiser_id, 'campaign', c.id, 'purge_files', '{{}}', c.chain_seq, 'pending', f.due_at,
               coalesce(c.calendar_at, now()), 0, true, 0
          from (select distinct f.campaign_id, {_SIX_O_CLOCK} as due_at from stored_file f
                 where f.purged_at is null and f.purge_on is not null
                   and f.kind not in ('deposit_slip', 'destruction_certificate', 'invoice', 'processor_contract')) f
          join campaign c on c.id = f.campaign_id
         where not exists (select from outbox_message m where m.campaign_id = c.id and m.name = 'purge_files' and m.not_before = f.due_at
                              and m.state in ('pending', 'queued', 'running', 'failed'))
        """  # noqa: S608
    )
