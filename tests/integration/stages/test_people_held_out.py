"""People held out of the mailing: who of them answers is known by the match key, and the mailing is compared with them."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from sqlmodel import col

from app.queries.responses import get_responses
from app.queries.results import get_results
from tasks.responses import attribute_responses
from tests.integration.papers.journey import ANSWERED
from tests.integration.papers.sealed import files, seal, seal_run
from tests.integration.stages.played import Played
from tests.integration.working import working
from workflows.campaign.records import CampaignResult, Lot, Response, ResponseBatch
from workflows.campaign.results.figures import compute
from workflows.campaign.send.not_sending import LeaveLotUnsent
from workflows.campaign.stages.responses import ImportBatch
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM

Campaigns = Callable[[str], Played]
HELD_OUT = 60
"""People held out of each list; of the segments of ALZ those of P12, beside whom two messages were sent."""
HEAD = "DATE;CODE_LOT;ID_UNIQUE;CANAL;TYPE;MONTANT;MODE;NOUVEAU;NOM;CP"


@pytest.fixture
def held_out(played: Campaigns) -> Played:
    """A campaign that held people out, about to send."""
    campaign = played("lots")
    campaign.held_out = HELD_OUT
    campaign.tune_policy({"thresholds": {"minimum_cell": 50, "minimum_responses": 5}})
    return campaign.reach("send")


def lots(campaign: Played, list_code: str, role: str) -> list[Lot]:
    return campaign.rows(Lot, col(Lot.list_code) == list_code, col(Lot.role) == role, col(Lot.segment) == "P12", order=col(Lot.code))


def name(lot: Lot, number: int) -> str:
    return f"{lot.role} {lot.message} {number}".upper()


def seal_lots(campaign: Played, folder: Path, also: Mapping[str, Sequence[str]] | None = None) -> None:
    """Put the files of the lots and of their run where they are kept: the people of ALZ's first segment, mailed and held out.

    :param also: other lists that had somebody, by id
    """
    columns = ("ID_SOURCE", "ID_UNIQUE", "CODE_SEG", "CODE_LOT", "NOM", "RAISON_SOCIALE", "CP")
    people = [lot for role in ("rollout", "test", "holdout") for lot in lots(campaign, "ALZ", role)]
    tables = {"net/ALZ.csv": people, "mailing_26A_postal.csv": [lot for lot in people if lot.role != "holdout"]}
    with zipfile.ZipFile(folder / "lots.zip", "w") as archive:
        for path, members in tables.items():
            text = io.StringIO()
            out = csv.writer(text, delimiter=";", lineterminator="\r\n")
            out.writerow(columns)
            out.writerows(
                (f"S{n}", f"{lot.code}-{n}", "P12", lot.code, name(lot, n), "", "69002") for lot in members for n in range(lot.quantity)
            )
            archive.writestr(path, text.getvalue())
    seal(campaign.database, folder, folder / "lots.zip", "lots")
    seal_run(campaign.database, folder, folder / "lots.zip", also)


def bring(campaign: Played, folder: Path, rows: Iterable[str]) -> None:
    """Import a file of answers, and let the machine that reads it do so."""
    seal_lots(campaign, folder)
    (folder / "answers.csv").write_text("\r\n".join([HEAD, *rows]), encoding="utf-8")
    brought = files(folder).keep(folder / "answers.csv", "answers.csv")
    campaign.ask(ImportBatch(subject_id=campaign.campaign_id, kind="responses", file=brought))
    (message,) = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "attribute_responses")
    for command in attribute_responses(working(campaign, folder, message.id, now=ANSWERED), message.payload):
        campaign.ask(command, by=SYSTEM)


def answer(lot: Lot, number: int, *, code: str = "", on: str = "20/10/2026", amount: str = "30,00") -> str:
    return f"{on};{code};;web;don;{amount};carte;1;{name(lot, number)};69002"


def some_answers(campaign: Played) -> list[str]:
    """Of the mailed 40 by code and 10 by name, two of whom twice; of the held out 3, one twice, and one on a slip of somebody's."""
    (rollout,), (test,), (held,) = (lots(campaign, "ALZ", role) for role in ("rollout", "test", "holdout"))
    return [
        *(answer(rollout, n, code=rollout.code) for n in range(40)),
        *(answer(test, n) for n in range(10)),
        *(answer(test, n, amount="20,00") for n in range(2)),
        *(answer(held, n) for n in range(2)),
        answer(held, 0, amount="10,00"),
        answer(held, 7, code=rollout.code),
        answer(held, 8, on="06/01/2027"),  # the day after policy's 84 days
        answer(held, 9, on="01/10/2026"),  # before the drop
        "20/10/2026;;;web;don;15,00;carte;1;PERSONNE;75001",
    ]


def test_who_was_held_out_is_known_again_and_answers_for_no_lot_that_was_mailed(held_out: Played, tmp_path: Path) -> None:
    campaign = held_out.reach("responses")
    bring(campaign, tmp_path, some_answers(campaign))
    (held,) = lots(campaign, "ALZ", "holdout")

    (batch,) = campaign.rows(ResponseBatch)
    counted = {"lot_code": 41, "name_and_postcode": 12, "held_out": 4, "unattributed": 1, "set_aside": 1}
    assert batch.counts == {"rows": 59, "new": 59, "repeated": 0, **counted}
    credited = campaign.rows(Response, col(Response.attribution) == "held_out")
    assert {row.lot_code for row in credited} == {held.code}
    assert {row.unique_id for row in credited} == {f"{held.code}-{n}" for n in (0, 1, 8)}
    with campaign.reading() as session:
        page = get_responses(campaign.facts(session), now=campaign.now)
        body = compute(campaign.facts(session))
    assert (page.attributed, page.unattributed, page.by_attribution["held_out"]) == (53, 1, 4)
    assert dict(page.by_kind) == {"don": 54}
    assert body["lists"]["ALZ"]["responses"] == body["kpis"]["campaign"]["response_rate"]["numerator"] == 53
    assert body["unattributed"]["responses"] == 1
    assert not any(held.code in table for table in body["kpis"].values())


def test_nothing_that_tells_who_somebody_is_is_kept_of_them(held_out: Played, tmp_path: Path) -> None:
    campaign = held_out.reach("responses")
    bring(campaign, tmp_path, some_answers(campaign))

    kept = [str(value) for row in campaign.rows(Response) for value in row.model_dump().values()]
    assert not any("ROLLOUT A" in value or "HOLDOUT A" in value or value == "69002" for value in kept)


def test_both_sides_are_counted_by_persons_the_match_key_tells_within_the_same_days(held_out: Played, tmp_path: Path) -> None:
    campaign = held_out.reach("responses")
    bring(campaign, tmp_path, some_answers(campaign))
    (rollout,), (test,) = (lots(campaign, "ALZ", role) for role in ("rollout", "test"))
    with campaign.reading() as session:
        figures = compute(campaign.facts(session))["held_out"]

    assert figures["by_list"]["ALZ"] == {
        # 50 persons, of whom two gave twice; the slip that somebody held out used is none of theirs.
        "mailed": {"people": rollout.quantity + test.quantity, "answering": 50, "amount": "1540.00"},
        "held_out": {"people": HELD_OUT, "answering": 3, "amount": "100.00"},
    }
    assert (figures["days"], figures["credited"], figures["matched"], figures["left_out"]) == (84, 53, 53, 0)
    assert set(figures["by_list"]) == {"ALZ", "BTN", "CDR", "DOM", "ECL", "MAI"}


def test_results_and_report_say_what_the_mailing_brought_in_all_and_in_lists_that_are_large_enough(
    held_out: Played, tmp_path: Path
) -> None:
    campaign = held_out.reach("responses")
    bring(campaign, tmp_path, some_answers(campaign))
    campaign.close_responses()
    campaign.publish()

    with campaign.reading() as session:
        facts = campaign.facts(session)
        page = get_results(facts)
        body = facts.result.body
    in_all = page.uplifts[0]
    assert (in_all.list_code, in_all.held_out.people, in_all.held_out.answering) == ("", 6 * HELD_OUT, 3)
    assert in_all.mailed.answering == 50
    assert [one.list_code for one in page.uplifts[1:]] == [*body["held_out"]["by_list"]]
    (report,) = campaign.issued("results_report")
    assert [row.list_code for row in report.content.uplift] == [one.list_code for one in page.uplifts]
    assert report.content.uplift[0].answers == in_all.answers
    assert report.content.uplift_basis.matched == 53
    assert [row.code for row in report.content.kpis][-1] == "uplift"
    (result,) = campaign.rows(CampaignResult)
    assert result.body["held_out"] == body["held_out"]


def test_a_place_where_a_lot_was_left_unsent_is_not_compared(held_out: Played, tmp_path: Path) -> None:
    (test,) = lots(held_out, "ALZ", "test")
    held_out.ask(LeaveLotUnsent(subject_id=held_out.campaign_id, lot=test.code, reason="Papier abîmé."))
    campaign = held_out.reach("responses")
    bring(campaign, tmp_path, some_answers(campaign))

    with campaign.reading() as session:
        figures = compute(campaign.facts(session))["held_out"]
    assert "ALZ" not in figures["by_list"]
    assert figures["left_out"] == HELD_OUT


def test_a_campaign_that_held_nobody_out_says_nothing_of_it(played: Campaigns) -> None:
    campaign = played("analysis")
    campaign.publish()

    with campaign.reading() as session:
        page = get_results(campaign.facts(session))
    (report,) = campaign.issued("results_report")
    (result,) = campaign.rows(CampaignResult)
    assert (page.uplifts, report.content.uplift, report.content.uplift_basis) == ((), (), None)
    assert "held_out" not in result.body
    assert "uplift" not in {row.code for row in report.content.kpis}
