"""The floor: the same rows as ours, written by hand with psycopg in one transaction, as the owner of the tables.

It knows no process, audience, condition, policy or row-level security: whoever calls it may do anything.
"""

import os
import uuid
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import psycopg
from psycopg.types.json import Jsonb

from bench._turns import STAGES, serve
from workflows.engine.canonical import canonical_json

LOCK = "select state, version, chain_seq, chain_head, advertiser_id from campaign where id = %s for no key update"
CLOSE = (
    "update user_task set state = 'done', closed_at = %s, closed_by_id = %s, closed_seq = %s"
    " where campaign_id = %s and name = 'do_the_work' and state = 'open'"
)
OPEN = (
    "insert into user_task (id, campaign_id, advertiser_id, subject_kind, subject_id, label, name, stage, candidate_role, state, opened_at,"
    " due_at, opened_seq, version, priority, mentioned, ticks)"
    " values (%s, %s, %s, 'bench', %s, '', 'do_the_work', %s, 'project_manager', 'open', %s, %s, %s, 1, 'normal', '[]', '{}')"
)
ASK = (
    "insert into outbox_message (id, campaign_id, advertiser_id, subject_kind, subject_id, name, payload, requested_seq, state, not_before,"
    " created_at, attempts, version, never_rests) values (%s, %s, %s, 'bench', %s, 'nothing', %s, %s, 'pending', %s, %s, 0, 0, false)"
)
NOTE = "insert into checkpoint (campaign_id, seq, advertiser_id, at, event, body, sha256) values (%s, %s, %s, %s, %s, %s, %s)"
MOVE = "update campaign set state = %s, version = %s, chain_seq = %s, chain_head = %s where id = %s"


class Mover:
    """One connection, and a person's id."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url.replace("+psycopg", ""))
        self.person_id, self.advertiser_id, self.policy_id = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        now = datetime.now(UTC)
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute(
                "insert into advertiser (id, name, siren, vat_number, address, postcode, town) values (%s, %s, '', '', '', '', '')",
                (self.advertiser_id, self.advertiser_id.hex),
            )
            cursor.execute(
                "insert into person (id, email, name, locale, created_at) values (%s, %s, 'M. Bench', 'fr', %s)",
                (self.person_id, self.person_id.hex, now),
            )
            cursor.execute(
                "insert into policy_version (id, advertiser_id, number, body, sha256, saved_at) values (%s, %s, 1, '{}', '', %s)",
                (self.policy_id, self.advertiser_id, now),
            )

    def prepare(self, count: int) -> list[uuid.UUID]:
        """Open so many campaigns, each with its first user task."""
        ids = [uuid.uuid4() for _ in range(count)]
        now = datetime.now(UTC)
        for one in ids:
            with self.connection.transaction(), self.connection.cursor() as cursor:
                cursor.execute(
                    "insert into campaign (id, advertiser_id, code, title, state, version, chain_seq, chain_head, policy_version_id,"
                    " policy_number, currency, vat_rate, margin_rate, handling_amount, drop_on, envelope_amount, dedupe, seed, opened_at)"
                    " values (%s, %s, %s, 'bench', 'stage_1', 1, 1, %s, %s, 1, 'EUR', 0.2, 1, 0, '2027-01-04', 1000, '{}', 1, %s)",
                    (one, self.advertiser_id, one.hex[:20], "0" * 64, self.policy_id, now),
                )
                cursor.execute(OPEN, (uuid.uuid4(), one, self.advertiser_id, one, "stage_1", now, now, 1))
        return ids

    def move(self, one: uuid.UUID) -> None:
        """Do the open user task of a campaign."""
        now = datetime.now(UTC)
        with self.connection.transaction(), self.connection.cursor() as cursor:
            state, version, seq, head, advertiser_id = cursor.execute(LOCK, (one,)).fetchone()
            number = int(state.removeprefix("stage_")) + 1
            after = f"stage_{number}" if number <= STAGES else "done"
            version, seq = version + 1, seq + 1
            cursor.execute(CLOSE, (now, self.person_id, seq, one))
            if number <= STAGES:
                cursor.execute(OPEN, (uuid.uuid4(), one, advertiser_id, one, after, now, now + timedelta(days=3), seq))
            cursor.execute(ASK, (uuid.uuid4(), one, advertiser_id, one, Jsonb({}), seq, now, now))
            entry = {"v": 1, "seq": seq, "prev": head, "from": state, "to": after, "actor": str(self.person_id), "at": now.isoformat()}
            entry |= {"event": f"bench.{state}.done", "chain": str(one), "command": "do_the_work"}
            body = canonical_json(entry)
            digest = sha256(body).hexdigest()
            cursor.execute(NOTE, (one, seq, advertiser_id, now, entry["event"], body, digest))
            cursor.execute(MOVE, (after, version, seq, digest, one))


def main() -> None:
    """Serve."""
    mover = Mover(os.environ["DATABASE_URL"])
    serve(mover.prepare, mover.move, backend_pid=mover.connection.info.backend_pid)
