"""Every sentence about what a play leaves, held against the kit by a reader that shares no code with what wrote it."""

import json
import subprocess
import zipfile
from hashlib import sha256
from typing import Any

import pytest

from tests.integration.play import money_check, result_check
from tests.integration.play.evidence_check import check_evidence
from tests.integration.play.left import Play, check_character_fits


def test_it_tells_its_stages_and_its_worker_nothing(play_command: subprocess.CompletedProcess[str], played: Play) -> None:
    code = played.result["campaign"]
    assert {line.split()[0] for line in play_command.stderr.splitlines()} == {code}
    assert play_command.stdout.startswith(f"Campaign {code}: analysis\n")


def test_the_campaign_ends_in_analysis(played: Play) -> None:
    assert not list(result_check.check_end(played))


def test_each_record_is_counted_once_list_by_list(played: Play) -> None:
    assert not list(result_check.check_accounting(played))


def test_declared_and_delivered_are_those_of_the_accepted_versions(played: Play) -> None:
    assert not list(result_check.check_deliveries(played))


def test_cells_are_a_partition_of_the_net_and_each_line_of_the_plan_has_one_that_is_sent(played: Play) -> None:
    assert not list(result_check.check_lots(played))


def test_the_mailing_holds_each_sent_cell_and_every_seed_once_in_it(played: Play) -> None:
    assert not list(result_check.check_mailing(played))


def test_the_net_carries_the_suppliers_own_ids(played: Play) -> None:
    assert not list(result_check.check_sources(played))


def test_the_mailing_is_written_as_the_post_wants_it(played: Play) -> None:
    assert not list(result_check.check_postal_lines(played))


def test_there_is_one_order_a_list_and_one_a_supplier_of_services(played: Play) -> None:
    assert not list(result_check.check_orders(played))


def test_lists_are_billed_to_the_cent_and_stated_to_whom_they_were_ordered_from(played: Play) -> None:
    assert not list(result_check.check_billing(played))


def test_invoices_are_matched_or_disputed_each_once_so_that_the_campaign_can_be_closed(played: Play) -> None:
    assert not list(money_check.check_invoices(played))


def test_each_list_bears_its_costs_and_its_share_of_the_flat_ones(played: Play) -> None:
    assert not list(result_check.check_costs(played))


def test_the_budget_was_approved_as_it_is_by_somebody_who_may_and_did_not_prepare_it(played: Play) -> None:
    assert not list(result_check.check_budget(played))


def test_answers_are_the_simulators_and_credited_as_an_independent_reading_credits_them(played: Play) -> None:
    assert not list(result_check.check_responses(played))


def test_whoever_objected_or_came_back_is_named_to_the_house_and_by_its_own_id_to_the_supplier_of_the_list(played: Play) -> None:
    assert not list(result_check.check_objections(played))


def test_key_figures_follow_from_their_counts(played: Play) -> None:
    assert not list(result_check.check_key_figures(played))


def test_duplicates_and_people_to_suppress_are_found_as_the_gold_says(played: Play) -> None:
    assert not list(result_check.check_quality(played))


def test_documents_and_reports_are_there_and_say_what_the_result_says(played: Play) -> None:
    assert not list(result_check.check_papers(played))


def test_documents_are_there_in_both_languages(played: Play) -> None:
    names = {path.name for path in (played.out / "documents").glob("*.pdf")}
    french = {name for name in names if name.endswith(".fr.pdf")}
    assert french
    assert names - french == {name.replace(".fr.pdf", ".en.pdf") for name in french}


def test_the_evidence_verifies_and_evidence_that_was_tampered_with_does_not(played: Play) -> None:
    assert not list(check_evidence(played))


def test_nobodys_name_stands_in_a_checkpoint(played: Play) -> None:
    with zipfile.ZipFile(played.out / "evidence.zip") as archive:
        chain = archive.read("checkpoints.jsonl").decode()
    for person in played.brief["people"]:
        assert person["name"] not in chain
        assert person["email"] not in chain


def _chain(played: Play) -> list[dict[str, Any]]:
    with zipfile.ZipFile(played.out / "evidence.zip") as archive:
        return [json.loads(line) for line in archive.read("checkpoints.jsonl").splitlines()]


def test_owners_of_lists_consent_to_the_very_samples_of_the_kit(played: Play) -> None:
    files = {path.stem: sha256(path.read_bytes()).hexdigest() for path in (played.kit / "samples").iterdir()}
    consents = [entry for entry in _chain(played) if entry["event"] == "campaign.negotiation.consent_recorded"]
    wanted = {line["LISTE"]: set() for line in played.plan if played.terms[line["LISTE"]]["NATURE"] != "house"}
    for line in played.plan:
        if line["LISTE"] in wanted:
            wanted[line["LISTE"]].add(line["MESSAGE"])
    told = [{code: files[code] for code in sorted(messages)} for messages in wanted.values()]
    assert sorted(map(str, (entry["command"]["samples"] for entry in consents))) == sorted(map(str, told))
    assert all(entry["actor"]["roles"] == ["supplier"] for entry in consents)


def test_each_point_of_the_kits_checklist_is_ticked_before_what_it_is_for_by_whoever_asks_for_that(played: Play) -> None:
    chain = _chain(played)
    ticks = [entry for entry in chain if entry["event"] == "user_task.point_ticked"]
    (ordered,) = [entry for entry in chain if entry["event"] == "campaign.send.ordered"]
    assert [entry["command"]["point"] for entry in ticks] == [point["code"] for point in played.brief["checklists"]["order_mailing"]]
    assert {entry["actor"]["id"] for entry in ticks} == {ordered["actor"]["id"]}
    assert max(entry["seq"] for entry in ticks) < ordered["seq"]


def test_as_many_approvers_sign_the_budget_as_the_kits_tiers_ask_for(played: Play) -> None:
    chain = _chain(played)
    signed = [entry for entry in chain if entry["event"] in ("campaign.budget.endorsed", "campaign.budget.approved")]
    first, last = played.brief["approval_tiers"]
    assert float(played.result["budget"]["total_amount"]) > first["up_to"], "else it would show nothing"
    (control,) = [one for one in signed[-1]["checks"] if one["code"] == "signatures"]
    assert (control["expected"], control["actual"]) == (last["signatures"], len({entry["actor"]["id"] for entry in signed}))


@pytest.mark.parametrize(("code", "fits"), [("26NO1P03S2A18", True), ("26NO1P03S2A19", False), ("26NO1P03S2A1", False), ("", False)])
def test_the_reader_knows_the_check_character_of_the_norm(code: str, fits: bool) -> None:
    assert check_character_fits(code) is fits


def test_the_reader_finds_a_wrong_figure(played: Play) -> None:
    """A checker that cannot fail checks nothing: each figure is bent by one in turn."""
    before = json.dumps(played.result, sort_keys=True)
    code = min(played.lists)
    bent = Play(played.kit, played.out)
    for name in ("ordered", "declared", "delivered", "rejected", "intra", "inter", "net", "mailed", "billable"):
        bent.lists[code][name] += 1
        assert any(list(check(bent)) for check in result_check.FIGURES), name
        bent.lists[code][name] -= 1
    for name in ("responses", "gifts", "undeliverable"):
        bent.lists[code][name] += 1
        assert list(result_check.check_key_figures(bent)), name
        bent.lists[code][name] -= 1
    for name in ("amount", "cost", "due_amount"):
        kept, bent.lists[code][name] = bent.lists[code][name], f"{float(bent.lists[code][name]) + 1:.2f}"
        assert any(list(check(bent)) for check in result_check.FIGURES), name
        bent.lists[code][name] = kept
    assert json.dumps(bent.result, sort_keys=True) == before
