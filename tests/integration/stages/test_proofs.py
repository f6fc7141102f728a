"""Proofs: each message is printed as somebody saw and signed it, and not otherwise."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.data_protection.notice import draft_notice
from workflows.campaign.keeping import KeptFile
from workflows.campaign.model import CostItem, Message
from workflows.campaign.records import Lot, Proof, StoredFile
from workflows.campaign.rules import NotOfThisCampaign
from workflows.campaign.send.proofs import (
    MOST_BYTES,
    DepositProof,
    NoticeIncomplete,
    ProofMissing,
    ProofOutdated,
    ProofTooLarge,
    ProofTooLate,
    ProofUnchanged,
    ProofUnreadable,
    ProofWasReturned,
    RemarksMissing,
    ReturnProof,
    SignProof,
)
from workflows.campaign.send.proving import RecordDeposit
from workflows.campaign.stages.send import ConfirmDrop, OrderMailing
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import ConditionsUnmet, NotFound, NotYourMove
from workflows.parties.actor import Actor

Campaigns = Callable[[str], Played]


def notices(campaign: Played) -> dict[str, tuple[UUID, str]]:
    """A whole notice for each message, by its code."""
    with campaign.reading() as session:
        facts = campaign.facts(session)
        return {message.code: (message.id, draft_notice(facts, message.code)) for message in facts.used_messages}


def message(campaign: Played, code: str) -> Message:
    (row,) = campaign.rows(Message, col(Message.code) == code, col(Message.to_seq).is_(None))
    assert isinstance(row, Message)
    return row


def sign(campaign: Played, code: str, proof: Proof | None = None, notice: str | None = None) -> None:
    message_id, whole = notices(campaign)[code]
    seen = {"proof_version": proof.version, "proof_sha256": proof.sha256} if proof else {}
    campaign.ask(SignProof(subject_id=campaign.campaign_id, message_id=message_id, notice=whole if notice is None else notice, **seen))


def send_back(campaign: Played, proof: Proof, remarks: str = "Le logo est flou.") -> None:
    command = ReturnProof(
        subject_id=campaign.campaign_id,
        message_id=message(campaign, proof.message).id,
        proof_version=proof.version,
        remarks=remarks,
    )
    campaign.ask(command)


def deposit(campaign: Played, file: KeptFile, media_type: str = "application/pdf", *, by: Actor | None = None) -> None:
    command = DepositProof(subject_id=campaign.campaign_id, message_id=message(campaign, "A").id, file=file, media_type=media_type)
    campaign.ask(command, by=by)


def versions(campaign: Played, code: str = "A") -> list[tuple[int, str]]:
    rows = campaign.rows(Proof, col(Proof.message) == code, order=col(Proof.version))
    return [(row.version, row.state) for row in rows]


def entries(campaign: Played, event: str) -> list[dict[str, Any]]:
    """The bodies of the checkpoints of an event, oldest first."""
    return [read_json(row.body) for row in campaign.rows(Checkpoint, col(Checkpoint.event) == event, order=col(Checkpoint.seq))]


def posted(campaign: Played) -> RecordDeposit:
    pieces = {lot.code: lot.quantity + lot.seeds for lot in campaign.rows(Lot, col(Lot.to_seq).is_(None))}
    return RecordDeposit(subject_id=campaign.campaign_id, deposited_on=date(2026, 10, 13), slip_number="D-1", quantities=pieces)


def test_the_printer_is_asked_for_proofs_and_the_manager_to_sign_them_once_they_are_there(played: Campaigns) -> None:
    campaign = played("send")
    asked = [task for task in campaign.tasks() if task[0].endswith("_proof")]
    assert asked == [("bring_proof", "A"), ("bring_proof", "B")]

    campaign.deposit_proof("A", by=campaign.actors["S-IMP"])

    assert [task for task in campaign.tasks() if task[0].endswith("_proof")] == [("bring_proof", "B"), ("sign_proof", "A")]
    (proof,) = campaign.rows(Proof)
    printer = campaign.actors["S-IMP"]
    assert (proof.version, proof.state, proof.supplier_id) == (1, "awaiting", printer.supplier_ids[0])
    assert proof.deposited_by_id == printer.person_id


@pytest.mark.parametrize("code", ["S-IMP", "S-ROU"])
def test_printers_and_mailers_deposit_proofs(played: Campaigns, code: str) -> None:
    campaign = played("send")
    campaign.deposit_proof("A", by=campaign.actors[code])

    assert ("bring_proof", "A") not in campaign.tasks()


def test_no_other_supplier_deposits_a_proof(played: Campaigns) -> None:
    campaign = played("send")
    for stranger in ("S-CAG", "S-CRT"):
        with pytest.raises(NotYourMove):
            deposit(campaign, kept("bat.pdf"), by=campaign.actors[stranger])
    with pytest.raises(NotFound):
        deposit(campaign, kept("bat.pdf"), by=campaign.actors["S-TEL"])


def test_where_nobody_prints_or_mails_the_manager_brings_the_proof_and_signs_it(played: Campaigns) -> None:
    campaign = played("lots")
    with campaign.behind_the_engine() as connection:
        connection.execute("update cost_item set supplier_id = null")
        connection.commit()
    campaign.freeze_lots()
    assert all(item.supplier_id is None for item in campaign.rows(CostItem))
    assert [task for task in campaign.tasks() if task[0].endswith("_proof")] == [("sign_proof", "A"), ("sign_proof", "B")]

    send_back(campaign, campaign.deposit_proof("A"))
    assert ("sign_proof", "A") in campaign.tasks(), "the next version is theirs to bring as well"
    sign(campaign, "A", campaign.deposit_proof("A", "bat_2.pdf"))
    assert ("sign_proof", "A") in campaign.tasks("done")


def test_a_proof_is_kept_as_addresses_are_because_it_may_show_some(played: Campaigns) -> None:
    campaign = played("send")
    proof = campaign.deposit_proof("A")

    (stored,) = campaign.rows(StoredFile, col(StoredFile.id) == proof.file_id)
    assert (stored.kind, stored.sha256, stored.purge_on) == ("proof", proof.sha256, campaign.campaign.purge_on)
    (entry,) = entries(campaign, "campaign.send.proof_deposited")
    assert entry["files"] == [{"kind": "proof", "sha256": proof.sha256, "size": 1}]


def test_what_nobody_could_look_at_is_no_proof(played: Campaigns) -> None:
    campaign = played("send")
    huge = KeptFile(name="bat.pdf", sha256="0" * 64, size=MOST_BYTES + 1, blob_id=uuid4(), wrapped_key=b"key")

    with pytest.raises(ProofUnreadable):
        deposit(campaign, kept("bat.indd"), "")
    with pytest.raises(ProofTooLarge):
        deposit(campaign, huge)
    assert versions(campaign) == []


def test_the_file_of_the_newest_version_is_no_new_version(played: Campaigns) -> None:
    campaign = played("send")
    proof = campaign.deposit_proof("A")
    send_back(campaign, proof)

    with pytest.raises(ProofUnchanged) as refusal:
        campaign.deposit_proof("A")
    assert refusal.value.params == {"message": "A", "version": 1}


def test_a_signature_is_of_one_file_and_its_notice(played: Campaigns) -> None:
    campaign = played("send")
    proof = campaign.deposit_proof("A")

    sign(campaign, "A", proof)

    row, (_, whole) = message(campaign, "A"), notices(campaign)["A"]
    assert (row.notice, row.proof_signed_by_id) == (whole, campaign.manager.person_id)
    assert versions(campaign) == [(1, "signed")]
    assert ("sign_proof", "A") in campaign.tasks("done")
    (entry,) = entries(campaign, "campaign.send.proof_signed")
    assert (entry["command"]["proof_version"], entry["command"]["proof_sha256"]) == (1, proof.sha256)
    assert entry["files"] == [{"kind": "proof", "sha256": proof.sha256, "size": 1}]


def test_without_a_proof_nothing_is_signed_where_policy_wants_one(played: Campaigns) -> None:
    campaign = played("send")

    with pytest.raises(ProofMissing):
        sign(campaign, "A")


def test_a_version_that_a_newer_one_replaced_is_not_signed(played: Campaigns) -> None:
    campaign = played("send")
    seen = campaign.deposit_proof("A")
    newer = campaign.deposit_proof("A", "bat_A_2.pdf", by=campaign.actors["S-ROU"])

    with pytest.raises(ProofOutdated) as refusal:
        sign(campaign, "A", seen)
    assert refusal.value.params == {"message": "A", "seen": 1, "version": 2}
    with pytest.raises(ProofOutdated):
        sign(campaign, "A")
    assert versions(campaign) == [(1, "superseded"), (2, "awaiting")]

    sign(campaign, "A", newer)
    assert versions(campaign) == [(1, "superseded"), (2, "signed")]


def test_the_number_of_a_version_is_not_enough_to_sign_another_file(played: Campaigns) -> None:
    campaign = played("send")
    proof = campaign.deposit_proof("A")
    message_id, whole = notices(campaign)["A"]
    other = SignProof(
        subject_id=campaign.campaign_id, message_id=message_id, notice=whole, proof_version=proof.version, proof_sha256="f" * 64
    )

    with pytest.raises(ProofOutdated):
        campaign.ask(other)


def test_a_proof_of_no_message_of_the_campaign_is_refused(played: Campaigns) -> None:
    campaign = played("send")

    with pytest.raises(NotOfThisCampaign):
        campaign.ask(SignProof(subject_id=campaign.campaign_id, message_id=uuid4(), notice="x"))


@pytest.mark.parametrize(
    ("missing", "word"),
    [
        ("controller", "Entraide Clairval"),
        ("objection", "vous opposer"),
        ("authority", "CNIL"),
        ("source", "Alizés Presse SAS"),
        ("legal_basis", ", sur le fondement de son intérêt légitime"),
        ("retention", "conservation : trois ans après notre dernier contact"),
        ("recipients", "destinataires : nos services et nos prestataires d’impression et de routage"),
    ],
)
def test_a_proof_whose_notice_lacks_something_is_not_signed(played: Campaigns, missing: str, word: str) -> None:
    campaign = played("send")
    proof = campaign.deposit_proof("A")
    _, whole = notices(campaign)["A"]
    assert word in whole
    cut = whole.replace(word, "").replace("cnil", "")

    with pytest.raises(NoticeIncomplete) as refusal:
        sign(campaign, "A", proof, cut)
    assert refusal.value.params["elements"] == [missing]
    assert refusal.value.params.get("owners") == (["Alizés Presse SAS"] if missing == "source" else None)
    assert versions(campaign) == [(1, "awaiting")]


def test_a_proof_that_is_returned_opens_its_makers_task_again(played: Campaigns) -> None:
    campaign = played("send")
    proof = campaign.deposit_proof("A", by=campaign.actors["S-IMP"])

    with pytest.raises(RemarksMissing):
        send_back(campaign, proof, " ")
    send_back(campaign, proof)

    assert versions(campaign) == [(1, "returned")]
    tasks = campaign.tasks()
    assert (tasks.count(("bring_proof", "A")), tasks.count(("sign_proof", "A"))) == (1, 0)
    with pytest.raises(ProofWasReturned):
        sign(campaign, "A", proof)
    with pytest.raises(ProofWasReturned):
        send_back(campaign, proof)
    with campaign.database.reading(campaign.actors["S-IMP"]) as session:
        assert [row.remarks for row in session.exec(select(Proof))] == ["Le logo est flou."]

    sign(campaign, "A", campaign.deposit_proof("A", "bat_A_2.pdf", by=campaign.actors["S-IMP"]))
    assert versions(campaign) == [(1, "returned"), (2, "signed")]


def test_remarks_on_a_version_that_a_newer_one_replaced_are_refused(played: Campaigns) -> None:
    campaign = played("send")
    seen = campaign.deposit_proof("A")
    campaign.deposit_proof("A", "bat_A_2.pdf")

    with pytest.raises(ProofOutdated):
        send_back(campaign, seen)


def test_a_version_that_comes_after_the_signature_voids_it(played: Campaigns) -> None:
    campaign = played("send")
    campaign.sign_proofs()
    assert campaign.move("order_mailing").is_open

    newer = campaign.deposit_proof("A", "bat_A_2.pdf", by=campaign.actors["S-IMP"])

    assert campaign.unmet("order_mailing") == {"send.proofs_unsigned": {"messages": ["A"]}}
    assert campaign.tasks().count(("sign_proof", "A")) == 1
    entry = entries(campaign, "campaign.send.proof_deposited")[-1]
    assert entry["checks"] == [
        {
            "code": "proof:A",
            "expected": sha256(b"bat_A.pdf").hexdigest(),
            "actual": newer.sha256,
            "tolerance": None,
            "verdict": "warning",
            "override": None,
        }
    ]
    sign(campaign, "A", newer)
    assert campaign.move("order_mailing").is_open


def test_a_signed_proof_may_still_be_returned(played: Campaigns) -> None:
    campaign = played("send")
    campaign.sign_proofs()
    (proof,) = campaign.rows(Proof, col(Proof.message) == "A")

    send_back(campaign, proof)

    assert campaign.unmet("order_mailing") == {"send.proofs_awaited": {"messages": ["A"]}}
    assert ("bring_proof", "A") in campaign.tasks()


def test_a_version_that_comes_after_the_mailing_order_has_it_issued_again(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    assert "order_mailing" not in dict(campaign.tasks())

    campaign.deposit_proof("A", "bat_A_2.pdf", by=campaign.actors["S-IMP"])
    newest = campaign.deposit_proof("A", "bat_A_3.pdf", by=campaign.actors["S-IMP"])
    assert [name for name, _ in campaign.tasks()].count("order_mailing") == 1
    campaign.reach_drop()
    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(posted(campaign))
    assert [unmet.code for unmet in refusal.value.unmet] == ["send.proofs_unsigned"]

    sign(campaign, "A", newest)
    with pytest.raises(ConditionsUnmet) as refusal:
        campaign.ask(posted(campaign))
    assert [(unmet.code, unmet.params) for unmet in refusal.value.unmet] == [("send.order_outdated", {"messages": ["A"]})]

    campaign.ask(OrderMailing(subject_id=campaign.campaign_id))
    first, second = (issued.content for issued in campaign.issued("mailing_order"))
    assert [(row.message, row.version) for row in first.proofs] == [("A", 1), ("B", 1)]
    assert [(row.message, row.version) for row in second.proofs] == [("A", 3), ("B", 1)]
    assert second.proofs[0].sha256 == newest.sha256
    campaign.ask(posted(campaign))
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))


def test_a_notice_that_is_signed_again_after_the_order_has_it_issued_again(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    (proof,) = campaign.rows(Proof, col(Proof.message) == "A")

    sign(campaign, "A", proof, notices(campaign)["A"][1] + " Merci.")

    assert ("order_mailing", "") in campaign.tasks()
    assert campaign.unmet("record_deposit") == {"send.order_outdated": {"messages": ["A"]}}


def test_once_mail_is_posted_no_proof_changes(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    (proof,) = campaign.rows(Proof, col(Proof.message) == "A")
    campaign.reach_drop()
    campaign.ask(posted(campaign))

    with pytest.raises(ProofTooLate):
        campaign.deposit_proof("A", "bat_A_2.pdf")
    with pytest.raises(ProofTooLate):
        send_back(campaign, proof)
    with pytest.raises(ProofTooLate):
        sign(campaign, "A", proof)
    assert campaign.move("confirm_drop").is_open


def test_lots_that_are_made_anew_have_their_proofs_looked_at_anew(played: Campaigns) -> None:
    campaign = played("send")
    campaign.sign_proofs()
    campaign.ask(ReturnToStage(subject_id=campaign.campaign_id, stage="dedupe", reason="Une liste est à refaire."))
    assert versions(campaign) == [(1, "superseded")]
    assert message(campaign, "A").proof_signed_at is None

    campaign.record_dedupe()
    campaign.approve_dedupe()
    campaign.freeze_lots_above_budget()
    assert ("bring_proof", "A") in campaign.tasks()
    proof = campaign.deposit_proof("A")

    assert proof.version == 2, "the same file is looked at again, as another version"
