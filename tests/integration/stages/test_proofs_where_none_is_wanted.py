"""Proofs under a policy that does not want one: the notice alone may be signed, and the order says so."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from tests.integration.stages.played import Played
from tests.integration.stages.test_proofs import message, notices, send_back, sign
from workflows.campaign import policy
from workflows.campaign.send.proofs import ProofOutdated
from workflows.campaign.stages.send import OrderMailing

Campaigns = Callable[[str], Played]


@pytest.fixture
def lenient(played: Campaigns) -> Played:
    campaign = played("lots")
    campaign.tune_policy({"send": {"proof_required": False}})
    campaign.freeze_lots()
    return campaign


def test_where_policy_wants_no_proof_the_notice_alone_is_signed_and_the_order_says_so(lenient: Played) -> None:
    assert [task for task in lenient.tasks() if task[0].endswith("_proof")] == [("sign_proof", "A"), ("sign_proof", "B")]
    sign(lenient, "A")
    sign(lenient, "B", lenient.deposit_proof("B"))
    lenient.ask(OrderMailing(subject_id=lenient.campaign_id))

    (order,) = lenient.issued("mailing_order")
    on_notice, on_file = order.content.proofs
    assert (on_notice.version, on_notice.sha256, on_notice.on_notice_alone) == (0, "", True)
    assert on_notice.notice_sha256 == sha256(notices(lenient)["A"][1].encode()).hexdigest()
    assert (on_file.version, on_file.on_notice_alone) == (1, False)


def test_a_proof_that_is_there_is_signed_even_where_policy_wants_none(lenient: Played) -> None:
    lenient.deposit_proof("A")

    with pytest.raises(ProofOutdated):
        sign(lenient, "A")


def test_a_first_proof_voids_a_signature_of_the_notice_alone(lenient: Played) -> None:
    sign(lenient, "A")
    lenient.deposit_proof("A")

    assert message(lenient, "A").proof_signed_at is None
    assert ("sign_proof", "A") in lenient.tasks()


def test_a_returned_proof_does_not_keep_the_notice_alone_from_being_signed_where_policy_wants_none(lenient: Played) -> None:
    send_back(lenient, lenient.deposit_proof("A"))
    assert ("bring_proof", "A") in lenient.tasks()

    sign(lenient, "A")
    assert ("bring_proof", "A") not in lenient.tasks()


def test_a_campaign_that_pinned_an_older_policy_is_asked_for_no_proof(played: Campaigns) -> None:
    campaign = played("lots")
    with campaign.behind_the_engine() as connection:
        connection.execute("alter table policy_version disable trigger append_only")
        connection.execute("update policy_version set body = body - 'send'")
        connection.commit()
    policy._remembered.clear()

    campaign.freeze_lots()
    assert [task for task in campaign.tasks() if task[0].endswith("_proof")] == [("sign_proof", "A"), ("sign_proof", "B")]
