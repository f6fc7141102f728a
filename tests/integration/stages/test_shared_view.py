"""People of several lists count for each of them in equal parts, beside the credit: known when they answer, and kept past the purge."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.integration.portals.visiting import Visitor, enrol, make_site
from tests.integration.stages.played import Played
from tests.integration.stages.test_analysis import compute
from tests.integration.stages.test_answers_after_the_purge import purge, read, receive
from tests.integration.stages.test_people_held_out import HEAD, lots, seal_lots
from workflows.campaign.records import Lot, Response
from workflows.campaign.stages.analysis import PublishResults, RecordLesson
from workflows.campaign.stages.responses import CloseResponses
from workflows.parties.roles import Role

Campaigns = Callable[[str], Played]


def answer(lot: Lot, number: int, kind: str = "don", amount: str = "10,00") -> str:
    """An answer whose slip bears the lot's code and the person's number."""
    return f"20/10/2026;{lot.code};{lot.code}-{number};courrier;{kind};{amount};cheque;1;;"


@pytest.fixture
def answered(played: Campaigns, tmp_path: Path) -> Played:
    """Of ALZ five people answered: two whom three lists had, one of them without a gift, one whom two had, and two of ALZ alone."""
    campaign = played("responses")
    (lot,) = lots(campaign, "ALZ", "rollout")
    seal_lots(campaign, tmp_path, {f"{lot.code}-{n}": had for n, had in enumerate((["DOM", "MAI"], ["MAI", "DOM"], ["DOM"]))})
    rows = [answer(lot, 0), answer(lot, 1, "information", "0,00"), answer(lot, 2, amount="25,01"), answer(lot, 3), answer(lot, 4)]
    receive(campaign, tmp_path, "responses", [HEAD, *rows])
    assert read(campaign, tmp_path).counts["lot_code"] == 5
    return campaign


def shared(campaign: Played) -> dict[str, Any] | None:
    from workflows.campaign.results.figures import compute as figures

    with campaign.reading() as session:
        found: dict[str, Any] | None = figures(campaign.facts(session)).get("shared")
    return found


def test_each_list_that_had_somebody_has_an_equal_part_and_the_totals_are_those_that_are_credited(answered: Played) -> None:
    assert sorted(row.lists for row in answered.rows(Response)) == [
        ["ALZ"],
        ["ALZ"],
        ["ALZ", "DOM"],
        ["ALZ", "DOM", "MAI"],
        ["ALZ", "DOM", "MAI"],
    ]

    view = shared(answered)

    assert view is not None
    # Two answers by three are 0.67, 0.67 and 0.66: what is left over goes to ALZ, which is credited, then in order.
    assert view["by_list"]["ALZ"] == {"responses": "3.17", "gifts": "2.84", "amount": "35.85"}
    assert view["by_list"]["DOM"] == {"responses": "1.17", "gifts": "0.83", "amount": "15.83"}
    assert view["by_list"]["MAI"] == {"responses": "0.66", "gifts": "0.33", "amount": "3.33"}
    assert (view["several"], view["untold"]) == (3, 0)
    sums = [sum(Decimal(parts[name]) for parts in view["by_list"].values()) for name in ("responses", "gifts", "amount")]
    assert sums == [5, 4, Decimal("55.01")]


def test_what_was_known_when_it_was_read_is_kept_past_the_purge_and_what_is_read_after_stays_with_its_list(
    answered: Played, tmp_path: Path
) -> None:
    before = shared(answered)
    purge(answered)
    assert shared(answered) == before
    (lot,) = lots(answered, "ALZ", "rollout")

    receive(answered, tmp_path, "responses", [HEAD, answer(lot, 2, amount="40,00")])
    assert read(answered, tmp_path).counts["without_mailing"] == 1

    after = shared(answered)
    assert before is not None
    assert after is not None
    assert (after["several"], after["untold"]) == (3, 1)
    assert Decimal(after["by_list"]["ALZ"]["amount"]) == Decimal(before["by_list"]["ALZ"]["amount"]) + 40
    assert after["by_list"]["DOM"] == before["by_list"]["DOM"]


def test_where_nobody_of_several_lists_answered_there_is_no_second_view(played: Campaigns, tmp_path: Path) -> None:
    campaign = played("responses")
    (lot,) = lots(campaign, "ALZ", "rollout")
    seal_lots(campaign, tmp_path, {f"{lot.code}-9": ["DOM"]})
    receive(campaign, tmp_path, "responses", [HEAD, answer(lot, 1)])
    read(campaign, tmp_path)

    assert shared(campaign) is None


def test_results_show_both_views_to_managers_and_auditors_in_both_languages_and_the_report_prints_them(
    answered: Played, tmp_path: Path
) -> None:
    site = make_site(answered, answered.urls, tmp_path)
    close(answered, tmp_path)
    compute(answered)

    manager = enrol(answered, "nadia@example.org", "Nadia Perrot", Role.PROJECT_MANAGER)
    auditor = enrol(answered, "yann@example.org", "Yann Kerbrat", Role.AUDITOR)
    english = Visitor(site, manager).words("/manager/campaigns/26A/analysis")
    french = Visitor(site, auditor, "fr").words("/auditor/campaigns/26A/analysis")
    row = "ALZ 5 3.17 4 2.84 €55.01 €35.85"
    assert row in english
    assert "Total 5 5.00 4 4.00 €55.01 €55.01" in english
    assert "3 answers are of people whom several lists had." in english
    assert "Nothing is billed by this." in english
    assert "ALZ 5 3,17 4 2,84 55,01 € 35,85 €" in french
    assert "Rien n’est facturé sur cette base." in french

    answered.ask(RecordLesson(subject_id=answered.campaign_id, words="Les multi-acheteurs répondent mieux."))
    answered.ask(PublishResults(subject_id=answered.campaign_id))
    (report,) = answered.issued("results_report")
    printed = {row.list_code: (row.responses, row.shared_responses, row.amount, row.shared_amount) for row in report.content.shared}
    assert printed["ALZ"] == (5, Decimal("3.17"), Decimal("55.01"), Decimal("35.85"))
    assert (report.content.several_responses, report.content.untold_responses) == (3, 0)


def close(campaign: Played, folder: Path) -> None:
    receive(campaign, folder, "undeliverables", ["DATE;CODE_LOT;ID_UNIQUE;MOTIF"])
    read(campaign, folder)
    purge(campaign)
    campaign.ask(CloseResponses(subject_id=campaign.campaign_id))
