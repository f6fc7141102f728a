"""The sealer: everything new becomes a leaf once, heads are signed, and what was changed after its seal is told and never sealed over."""

import base64
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import cli
from app.embedded import EmbeddedPostgres
from app.evidence import export_campaign, sealer, tree, verify
from app.evidence.notes import Signer
from app.evidence.sealer import SealBroken, Sealing, newest_head
from app.execute import Door
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.shared_moves import AssignResponsibility
from workflows.campaign.stages.plan import SubmitPlan
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.seals import SealedEntry, SignedHead
from workflows.parties.actor import SYSTEM

SIGNER = Signer(bytes(range(32)))
Campaigns = Callable[[str], Played]


def seal(campaign: Played) -> Sealing:
    return sealer.seal(campaign.database, SIGNER, now=campaign.now)


def head_of(campaign: Played) -> SignedHead:
    with campaign.database.reading(SYSTEM) as session:
        head = newest_head(session)
    assert head is not None
    return head


def tamper(postgres: EmbeddedPostgres, campaign: Played, statement: str) -> None:
    """What somebody who owns the server can do: switch the triggers off and change a row."""
    name = campaign.database.engine.url.database
    with psycopg.connect(postgres.url("postgres", name).replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(statement)


def test_every_entry_becomes_a_leaf_once_and_the_head_is_their_root(played: Campaigns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer, "BATCH", 3)
    campaign = played("budget")
    entries = sorted(campaign.rows(Checkpoint), key=lambda row: row.seq)

    assert seal(campaign) == Sealing(added=len(entries), size=len(entries))
    assert seal(campaign) == Sealing(added=0, size=len(entries)), "nothing is new"

    leaves = sorted(campaign.rows(SealedEntry), key=lambda row: row.position)
    assert [(one.seq, one.entry_sha256) for one in leaves] == [(one.seq, one.sha256) for one in entries]
    fold = tree.Fold()
    for one in entries:
        fold.add(0, sealer.leaf(campaign.campaign_id, one.seq, one.sha256))
    assert head_of(campaign).root == fold.root()


def test_a_new_move_is_sealed_after_the_old_ones(played: Campaigns) -> None:
    campaign = played("plan")
    before = seal(campaign)
    Door(campaign.database, campaign.door.clock).execute(SubmitPlan(subject_id=campaign.campaign_id), actor=campaign.manager)

    after = seal(campaign)

    assert after.size == before.size + after.added > before.size
    with campaign.database.reading(SYSTEM) as session:
        older_root = session.get_one(SignedHead, before.size).root
        nodes = sealer.read_nodes(session, [(0, position) for position in range(after.size)])
    fold = tree.Fold()
    for position in range(before.size):
        fold.add(0, nodes[0, position])
    assert fold.root() == older_root


def test_evidence_carries_the_heads_its_entries_came_under_each_following_from_the_one_before(played: Campaigns, tmp_path: Path) -> None:
    campaign = played("plan")
    first = seal(campaign)
    for stage in ("send", "responses"):
        campaign.ask(AssignResponsibility(subject_id=campaign.campaign_id, stage=stage, person_id=campaign.manager.person_id))
        seal(campaign)
    export_campaign(campaign.database, campaign.campaign.code, tmp_path / "evidence.zip", signer=SIGNER, now=campaign.now)
    with ZipFile(tmp_path / "evidence.zip") as bundle:
        bundle.extractall(tmp_path / "folder")
    with campaign.database.reading(SYSTEM) as session:
        old = verify.KeptHead(first.size, session.get_one(SignedHead, first.size).root)

    found = verify.verify(tmp_path / "folder", key=SIGNER.verifier, kept=[old])

    assert (found.heads, found.kept) == (3, (first.size,))


def test_a_log_of_heads_that_was_written_anew_is_named_by_who_kept_a_head(
    played: Campaigns, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    campaign = played("plan")
    first = seal(campaign)
    with campaign.database.reading(SYSTEM) as session:
        old = verify.KeptHead(first.size, session.get_one(SignedHead, first.size).root)
    tamper(
        postgres,
        campaign,
        "delete from sealed_entry; delete from signed_head;"
        " update checkpoint set body = convert_to(replace(convert_from(body, 'UTF8'), '\"v\":1', '\"v\":1,\"w\":1'), 'UTF8') where seq = 1;"
        " update checkpoint set sha256 = encode(sha256(body), 'hex');"
        " update campaign set chain_seq = 1, chain_head = (select sha256 from checkpoint where seq = 1);"
        " delete from checkpoint where seq > 1",
    )
    export_campaign(campaign.database, campaign.campaign.code, tmp_path / "evidence.zip", signer=SIGNER, now=campaign.now)
    with ZipFile(tmp_path / "evidence.zip") as bundle:
        bundle.extractall(tmp_path / "folder")

    with pytest.raises(verify.Fault, match="the log of heads"):
        verify.verify(tmp_path / "folder", key=SIGNER.verifier, kept=[old])


def test_a_head_is_a_signed_note_that_its_key_verifies_and_no_other(played: Campaigns) -> None:
    campaign = played("plan")
    seal(campaign)
    head = head_of(campaign)

    body, signature_line = head.note.split("\n\n")
    origin, size, root = body.splitlines()
    name, key_id, public = SIGNER.verifier.split("+", 2)
    dash, signer, encoded = signature_line.split()
    signature = base64.b64decode(encoded)
    assert (origin, signer, dash, int(size), base64.b64decode(root)) == (name, name, "—", head.size, head.root)
    assert signature[:4].hex() == key_id
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public)[1:])
    key.verify(signature[4:], f"{body}\n".encode())
    with pytest.raises(InvalidSignature):
        key.verify(signature[4:], f"{body}x\n".encode())
    assert Signer(bytes(32)).name != name


@pytest.mark.parametrize("table", ["sealed_entry", "signed_head"])
def test_what_was_sealed_is_never_changed(table: str, played: Campaigns) -> None:
    campaign = played("plan")
    seal(campaign)
    for statement in (f"update {table} set size = 9" if table == "signed_head" else f"update {table} set seq = 9", f"delete from {table}"):
        with campaign.behind_the_engine() as connection, pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            connection.execute(statement)
        with pytest.raises(DBAPIError, match="permission denied"), campaign.database.writing(SYSTEM) as session:
            session.connection().execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("update campaign set chain_head = repeat('a', 64)", "was sealed, and is not the head of the chain now"),
        ("update campaign set chain_seq = chain_seq - 1", "was sealed, and is not the head of the chain now"),
        ("update campaign set chain_seq = chain_seq + 1", "is missing"),
        (
            "insert into checkpoint select campaign_id, seq + 1, advertiser_id, at, event, body, sha256 from checkpoint"
            " order by seq desc limit 1; update campaign set chain_seq = chain_seq + 1",
            "as it was sealed",
        ),
    ],
)
def test_a_chain_that_was_changed_after_its_seal_is_told_and_not_sealed(
    statement: str, sentence: str, played: Campaigns, postgres: EmbeddedPostgres
) -> None:
    campaign = played("plan")
    before = seal(campaign)

    tamper(postgres, campaign, statement)

    done = seal(campaign)
    assert (done.added, done.size) == (0, before.size)
    assert len(done.faults) == 1
    assert sentence in done.faults[0]


@pytest.mark.parametrize(
    "statement",
    [
        "update sealed_entry set hashes = decode(repeat('00', length(hashes)), 'hex')",
        "delete from sealed_entry",
        "update signed_head set root = ''",
    ],
)
def test_nothing_is_signed_on_top_of_a_tree_that_was_changed(statement: str, played: Campaigns, postgres: EmbeddedPostgres) -> None:
    campaign = played("plan")
    seal(campaign)

    tamper(postgres, campaign, statement)

    with pytest.raises(SealBroken):
        seal(campaign)


def test_the_command_seals_and_prints_the_head_and_the_key(
    played: Campaigns, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, redis_url: str
) -> None:
    campaign = played("plan")
    for name, value in {"DATABASE_URL": campaign.urls.app, "REDIS_URL": redis_url, "JALON_DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)

    done = CliRunner().invoke(cli.main, ["seal"])

    assert done.exit_code == 0, done.output
    assert head_of(campaign).note in done.output
    assert head_of(campaign).verifier in done.output
