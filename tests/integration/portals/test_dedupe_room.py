"""The dedupe's room: another rule is chosen, records are looked up and compared."""

import io
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor, person_named, words
from workflows.campaign.dedupe.comparing import RecordComparison, RecordLookUp
from workflows.parties.actor import SYSTEM

HERE = "/manager/campaigns/26A"


@pytest.fixture
def stage() -> str:
    return "delivery"


@pytest.fixture
def manager(journey: Journey, site: Flask) -> Visitor:
    """Marion Vidal, who leads the campaign."""
    return Visitor(site, person_named(journey, "Marion Vidal"))


def test_another_rule_is_chosen_knowing_what_each_would_cost(journey: Journey, manager: Visitor) -> None:
    journey.reach("dedupe").record_dedupe()
    page = manager.open(f"{HERE}/dedupe").text
    rules = re.findall(r'<option[^>]* value="(priority|dearest_loses|proportional|random)">([^<]*)<', page)
    assert [name for name, _ in rules] == ["priority", "dearest_loses", "proportional", "random"]
    assert "€8,100.00" in dict(rules)["dearest_loses"]

    fields = manager.form(f"{HERE}/dedupe", "redo_dedupe-")
    chosen = {"allocation": "dearest_loses", "protected": "CDR", "reason": "Le moins cher."}
    answer = manager.send(f"{HERE}/moves/redo_dedupe", fields | {f"redo_dedupe-{name}": value for name, value in chosen.items()})
    assert answer.status_code == 303, words(answer)

    assert "the dearest list loses the person" in manager.words(f"{HERE}/dedupe").lower()
    journey.record_dedupe()
    assert manager.form(f"{HERE}/dedupe", "redo_dedupe-")["redo_dedupe-allocation"] == "dearest_loses"
    boxes = re.findall(r'<input[^>]+name="redo_dedupe-protected"[^>]*>', manager.open(f"{HERE}/dedupe").text)
    assert [re.search(r'value="(\w+)"', box)[1] for box in boxes if "checked" in box] == ["CDR"]


def test_the_page_tells_what_became_of_a_record(journey: Journey, manager: Visitor) -> None:
    journey.reach("dedupe").record_dedupe()
    fields = manager.form(f"{HERE}/dedupe", "look_up-") | {"look_up-source": "ALZ", "look_up-record_id": "ALZ0000001"}
    assert manager.send(f"{HERE}/dedupe/look-up", fields).status_code == 303
    assert "ALZ ALZ0000001 — is being looked up." in manager.words(f"{HERE}/dedupe")
    with journey.reading() as session:
        run = journey.facts(session).run
        assert run is not None
        run_id = run.id
    others = [{"source": "MAI", "id": "M1", "decision": "kept"}]
    answer = {"rows": [{"row": 3, "decision": "inter", "by": "MAI", "score": "9.10", "size": 2, "group": others}]}
    journey.ask(RecordLookUp(subject_id=journey.campaign_id, run_id=run_id, number=1, answer=answer), by=SYSTEM)

    page = manager.words(f"{HERE}/dedupe")
    assert "ALZ ALZ0000001 — lost to another list" in page
    assert "MAI M1 stays in its place. Compared with it: 9.10 points." in page
    hidden = re.findall(r'type="hidden" name="(compare-\w+)" value="([^"]*)"', manager.open(f"{HERE}/dedupe").text)
    why = {name: value for name, value in hidden if name != "compare-seen_version"}
    assert manager.send(f"{HERE}/dedupe/compare", why).status_code == 303
    assert "ALZ ALZ0000001 and MAI M1 — is being compared." in manager.words(f"{HERE}/dedupe")
    silent = manager.send(f"{HERE}/dedupe/look-up", fields | {"look_up-record_id": ""})
    assert silent.status_code == 422
    assert "Write the id of the record." in words(silent)


def test_records_that_groups_keep_apart_are_told_from_those_that_are_not_alike(journey: Journey, manager: Visitor) -> None:
    journey.reach("dedupe").record_dedupe()
    asked = {"left_source": "ALZ", "left_id": "ALZ0000001", "right_source": "BTN", "right_id": "BTN0000002"}
    for place, rule in enumerate(("conflict", ""), 1):
        fields = manager.form(f"{HERE}/dedupe", "compare-") | {f"compare-{name}": value for name, value in asked.items()}
        assert manager.send(f"{HERE}/dedupe/compare", fields).status_code == 303
        with journey.reading() as session:
            run = journey.facts(session).run
            assert run is not None
            run_id = run.id
        answer = {"points": [["surname", "equal", "6.20"]], "base": "-4.00", "score": "2.20" if rule else "0.10", "threshold": "0.90"}
        if rule:
            answer |= {"rule": rule, "against": {"left": "CDR CDR0000007", "right": "BTN BTN0000002", "score": "-5.59"}}
        journey.ask(RecordComparison(subject_id=journey.campaign_id, run_id=run_id, number=place, answer=answer), by=SYSTEM)

    page = manager.words(f"{HERE}/dedupe")
    assert "ALZ ALZ0000001 and BTN BTN0000002 — not alike enough to be one person" in page
    assert "ALZ ALZ0000001 and BTN BTN0000002 — alike enough, but kept apart: their two groups do not fit together" in page
    assert "CDR CDR0000007 and BTN BTN0000002 (−5.59)." in page
    manager.send("/language", {"lang": "fr"})
    assert "assez semblables, mais laissés à part" in manager.words(f"{HERE}/dedupe")


def test_a_suppression_file_that_the_brief_does_not_name_is_brought_and_applied_last(journey: Journey, manager: Visitor) -> None:
    def bring(name: str) -> TestResponse:
        fields = manager.form(f"{HERE}/delivery", "another-") | {"another-name": name}
        fields.pop("another-file", None)
        return manager.send(f"{HERE}/delivery/suppressions", fields, **{"another-file": (io.BytesIO(b"NOM;PRENOM\r\n"), "stop.csv")})

    refused = bring("alz")
    assert refused.status_code == 422, words(refused)
    assert "suppression file share" in words(refused)
    assert bring("décédés").status_code == 303
    assert "décédés" in manager.words(f"{HERE}/delivery")

    journey.reach("dedupe")

    with journey.reading() as session:
        run = journey.facts(session).run
        assert run is not None
        assert [one["code"] for one in run.brief["suppressions"]][-1] == "décédés"
    journey.record_dedupe()
    assert "décédés" in manager.words(f"{HERE}/dedupe")
