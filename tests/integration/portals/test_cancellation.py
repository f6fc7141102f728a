"""An approver answers a request to give a campaign up; what is refused keeps what was typed."""

import pytest

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, words
from workflows.campaign.any_stage.cancelling import RequestCancellation

PAGE = "/approver/campaigns/26A/cancellation"


@pytest.mark.parametrize(("answer", "field"), [("approve", "comment"), ("refuse", "reason")])
def test_a_refused_answer_to_a_cancellation_keeps_what_was_typed(journey: Journey, director: Visitor, answer: str, field: str) -> None:
    journey.reach("delivery")
    journey.ask(RequestCancellation(subject_id=journey.campaign_id, reason="Le don a baissé."))
    typed = {f"{answer}-{field}": "Le conseil en a délibéré mardi."}
    form = director.form(PAGE, f"{answer}-")

    refused = director.send(f"{PAGE}/{answer}", form | typed | {f"{answer}-seen_version": "1"})

    assert refused.status_code == 409
    assert "Le conseil en a délibéré mardi." in words(refused)
    assert ('<details class="more" open>' in refused.text) == (answer == "refuse"), "the form is not folded over what was typed"
    assert director.send(f"{PAGE}/{answer}", director.form(PAGE, f"{answer}-") | typed).status_code == 303
