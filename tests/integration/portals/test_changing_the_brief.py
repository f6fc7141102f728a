"""The project manager changes targets and dedupe on the plan's page, and finds every field as it stands."""

import pytest
from flask import Flask

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, words
from workflows.campaign.model import Campaign

PATH = "/manager/campaigns/26A/plan"


@pytest.fixture
def stage() -> str:
    return "plan"


def campaign_of(journey: Journey) -> Campaign:
    with journey.reading() as session:
        return journey.facts(session).campaign


def test_the_form_holds_what_stands_and_sent_back_changes_nothing(journey: Journey, site: Flask, marion: Visitor) -> None:
    before = campaign_of(journey)

    form = marion.form(PATH, "brief")
    answer = marion.send(f"{PATH}/brief", form)

    assert answer.status_code == 303
    after = campaign_of(journey)
    for name in ("title", "vat_rate", "offer_ends_on", "target_responses", "target_roi", "minimum_net_quantity"):
        assert getattr(after, name) == getattr(before, name), name
    assert after.dedupe["suppressions"] == before.dedupe["suppressions"]
    assert (after.dedupe["level"], after.dedupe["allocation"]) == (before.dedupe["level"], before.dedupe["allocation"])


def test_another_target_and_rule_are_kept(journey: Journey, site: Flask, marion: Visitor) -> None:
    form = marion.form(PATH, "brief")
    changed = {**form, "brief-target_responses": "1 234", "brief-suppressions": "opposition.csv , pnd.csv", "brief-allocation": "random"}

    assert marion.send(f"{PATH}/brief", changed).status_code == 303

    after = campaign_of(journey)
    assert after.target_responses == 1_234
    assert (after.dedupe["allocation"], after.dedupe["suppressions"]) == ("random", ["opposition.csv", "pnd.csv"])
    assert "1,234 wanted" in marion.words(PATH)


def test_a_fault_is_told_at_its_field_and_nothing_is_changed(journey: Journey, site: Flask, marion: Visitor) -> None:
    before = campaign_of(journey)
    form = marion.form(PATH, "brief")

    answer = marion.send(f"{PATH}/brief", {**form, "brief-title": "", "brief-target_responses": "beaucoup"})

    assert answer.status_code == 422
    assert "Write a whole number" in words(answer)
    assert campaign_of(journey).title == before.title


def test_a_name_that_is_a_list_s_is_refused_in_words(journey: Journey, site: Flask, marion: Visitor) -> None:
    form = marion.form(PATH, "brief")

    answer = marion.send(f"{PATH}/brief", {**form, "brief-suppressions": "ALZ.csv"})

    assert answer.status_code == 422
    assert "ALZ" in words(answer)
