"""From the files to the results: a project manager receives, decides, signs, imports and learns, each in its room and by its form."""

import io
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from tests.integration.papers.journey import DROP, KIT, Journey
from tests.integration.portals.visiting import Visitor, person_named, words
from workflows.campaign.model import Campaign, HistoryCurve
from workflows.delivery.process import RecordExamination
from workflows.parties.actor import SYSTEM
from workflows.plan_line.model import LineState

HERE = "/manager/campaigns/26A"


@pytest.fixture
def stage() -> str:
    return "delivery"


@pytest.fixture
def manager(journey: Journey, site: Flask) -> Visitor:
    """Marion Vidal, who leads the campaign."""
    return Visitor(site, person_named(journey, "Marion Vidal"))


def state_of(journey: Journey) -> str:
    with journey.database.reading(SYSTEM) as session:
        return session.get_one(Campaign, journey.campaign_id).state


def bring_house_file(manager: Visitor, journey: Journey) -> UUID:
    """Bring the house list's file through its form, and return its row's id."""
    fields = manager.form(f"{HERE}/delivery", "deliver-MAI-") | {"deliver-MAI-declared_count": "1,591"}
    data = (KIT / "deliveries" / "MAI_inactifs.csv").read_bytes()[:4000]
    answer = manager.send(f"{HERE}/delivery/MAI/file", fields, **{"deliver-MAI-file": (io.BytesIO(data), "MAI_inactifs.csv")})
    assert answer.status_code == 303, words(answer)
    with journey.reading() as session:
        file = next(file for file in journey.facts(session).files if file.list_code == "MAI")
        assert file.declared_count == 1591
        return file.id


def examine(journey: Journey, file_id: UUID, *, conforming: bool) -> None:
    """What a machine would find: everything as announced, or fewer records."""
    count = 1591 if conforming else 900
    finding = {"code": "count_as_declared", "expected": 1591, "actual": count, "tolerance": "0.02", "override": None}
    findings = ({**finding, "verdict": "ok" if conforming else "failed"},)
    report = {"kind": "csv", "encoding": "cp1252", "defects": []}
    journey.ask(
        RecordExamination(subject_id=file_id, record_count=count, conforming=conforming, report=report, findings=findings), by=SYSTEM
    )


def test_a_house_file_is_brought_read_out_in_words_and_accepted(journey: Journey, manager: Visitor) -> None:
    file_id = bring_house_file(manager, journey)
    assert "Checking a delivered file" in manager.words(f"{HERE}/delivery")
    examine(journey, file_id, conforming=True)

    said = manager.words(f"{HERE}/delivery")
    assert "1,591 records, as announced; nothing to do." in said
    assert "· Windows-1252 ·" in said
    assert "Accept or reject the file MAI 1.1" in manager.words("/manager/")
    fields = manager.form(f"{HERE}/delivery", f"accept-{file_id.hex}-")
    assert manager.send(f"{HERE}/delivery/files/{file_id}/accept", fields).status_code == 303

    with journey.reading() as session:
        states = {line.state for line in journey.facts(session).lines if line.list_code == "MAI"}
    assert states == {LineState.ACCEPTED}


def test_a_file_that_does_not_conform_cannot_be_accepted_and_is_rejected_with_a_reason(journey: Journey, manager: Visitor) -> None:
    file_id = bring_house_file(manager, journey)
    examine(journey, file_id, conforming=False)

    said = manager.words(f"{HERE}/delivery")
    assert "900 records, 1,591 announced; one check fails." in said
    assert "The file does not match its note or its order" in said
    assert manager.send(f"{HERE}/delivery/files/{file_id}/accept", {}).status_code == 409
    silent = manager.send(f"{HERE}/delivery/files/{file_id}/reject", {f"reject-{file_id.hex}-reason": " "})
    assert silent.status_code == 409

    reasoned = manager.send(f"{HERE}/delivery/files/{file_id}/reject", {f"reject-{file_id.hex}-reason": "Il manque des adresses."})

    assert reasoned.status_code == 303
    said = manager.words(f"{HERE}/delivery")
    assert "Rejected: “Il manque des adresses.”" in said
    assert manager.form(f"{HERE}/delivery", "deliver-MAI-")["deliver-MAI-file_version"] == "2"


def test_a_refused_file_leaves_no_bytes_behind(journey: Journey, site: Flask, manager: Visitor) -> None:
    bring_house_file(manager, journey)
    blobs = site.extensions["jalon"].settings.blob_dir
    before = sorted(path for path in blobs.rglob("*") if path.is_file())
    same = manager.form(f"{HERE}/delivery", "deliver-MAI-") | {"deliver-MAI-file_version": "1", "deliver-MAI-tranche": "1"}

    answer = manager.send(f"{HERE}/delivery/MAI/file", same, **{"deliver-MAI-file": (io.BytesIO(b"encore"), "MAI.csv")})

    assert answer.status_code == 409
    assert "was delivered before" in words(answer)
    assert sorted(path for path in blobs.rglob("*") if path.is_file()) == before


def test_without_a_list_the_dedupe_waits_for_suppression_files_and_a_reason(journey: Journey, manager: Visitor) -> None:
    fields = manager.form(f"{HERE}/delivery", "exclude-CDR-") | {"exclude-CDR-reason": "Trop tard."}
    assert manager.send(f"{HERE}/delivery/CDR/exclude", fields).status_code == 303
    journey.deliver_everything()
    assert "Suppression files still missing" in manager.words(f"{HERE}/delivery")
    for name in ("opposition.csv", "pnd_historique.csv", "donateurs_actifs.csv"):
        data = (KIT / "suppressions" / name).read_bytes()
        answer = manager.send(f"{HERE}/delivery/suppressions/{name}", {}, **{f"suppression-{name}-file": (io.BytesIO(data), name)})
        assert answer.status_code == 303, words(answer)

    fields = manager.form(f"{HERE}/delivery", "start_dedupe-")
    silent = manager.send(f"{HERE}/moves/start_dedupe", fields)
    assert silent.status_code == 409
    assert "Write why to go on." in words(silent)
    reasoned = manager.send(f"{HERE}/moves/start_dedupe", fields | {"start_dedupe-shortfall_reason": "Un fichier s’est désisté."})

    assert reasoned.status_code == 303
    assert state_of(journey) == "dedupe"
    assert "The dedupe is running" in manager.words(f"{HERE}/dedupe")


def test_a_dedupe_says_of_which_lists_it_kept_an_unusual_part_and_may_be_approved_all_the_same(journey: Journey, manager: Visitor) -> None:
    journey.reach("dedupe").record_dedupe()

    page = manager.words(f"{HERE}/dedupe")

    assert "ALZ: 99.0% kept; its 3 earlier campaigns make 62.3% to 75.3% usual." in page
    assert "MAI: " not in page
    journey.approve_dedupe()
    assert state_of(journey) == "lots"


def test_a_dedupe_is_done_again_with_its_reason(journey: Journey, manager: Visitor) -> None:
    journey.reach("dedupe").record_dedupe()
    assert "File against file" in manager.words(f"{HERE}/dedupe")

    again = manager.form(f"{HERE}/dedupe", "redo_dedupe-") | {"redo_dedupe-reason": "Une mauvaise clé."}
    assert manager.send(f"{HERE}/moves/redo_dedupe", again).status_code == 303

    assert state_of(journey) == "dedupe"
    assert "“Une mauvaise clé.”" in manager.words(f"{HERE}/dedupe")


def test_the_files_for_the_mailer_stand_with_how_they_are_written(journey: Journey, manager: Visitor) -> None:
    journey.reach("send")

    assert "mailing_postal.csv CSV, separator “;”, line ends CR LF, one line of titles · UTF-8" in manager.words(f"{HERE}/lots")


def test_proofs_are_signed_with_their_notice_the_mailing_ordered_and_the_deposit_proved(journey: Journey, manager: Visitor) -> None:
    journey.reach("send")
    with journey.reading() as session:
        messages = [message.code for message in journey.facts(session).used_messages]
    for code in messages:
        brought = (io.BytesIO(b"%PDF-1.7 " + code.encode() + b" %%EOF"), "bat.pdf")
        assert manager.send(f"{HERE}/send/{code}/deposit", {}, **{f"deposit-{code}-file": brought}).status_code == 303
        page = manager.open(f"{HERE}/send").text
        notice = page.split(f'name="proof-{code}-notice"')[1].split(">", 1)[1].split("</textarea>")[0]
        fields = manager.form(f"{HERE}/send", f"proof-{code}-") | {f"proof-{code}-notice": notice}
        fields.pop(f"proof-{code}-read")
        unread = manager.send(f"{HERE}/send/{code}/proof", fields)
        assert unread.status_code == 422
        signed = manager.send(f"{HERE}/send/{code}/proof", {**fields, f"proof-{code}-read": "y"})
        assert signed.status_code == 303, words(signed)
    assert manager.send(f"{HERE}/moves/order_mailing", manager.form(f"{HERE}/send", "order_mailing-")).status_code == 303
    journey.door.set_calendar(journey.campaign_id, DROP)

    deposit = manager.form(f"{HERE}/send", "record-post-") | {"record-post-slip_number": "BD-1", "record-post-deposited_on": "2026-10-13"}
    follows = {"record-post-rest_follows": deposit.pop("record-post-rest_follows")}
    first = next(name for name in deposit if name.startswith("record-post-lot_"))
    fewer = manager.send(f"{HERE}/send/post", deposit | {first: "1"})
    assert fewer.status_code == 409
    assert "Write why, or say that the rest follows." in words(fewer)
    nothing = manager.send(f"{HERE}/send/post", deposit | {name: "" for name in deposit if name.startswith("record-post-lot_")})
    assert nothing.status_code == 409
    assert "Write a quantity for at least one lot." in words(nothing)
    assert manager.send(f"{HERE}/send/post", deposit | {first: ""}).status_code == 303
    code = first.removeprefix("record-post-lot_")
    assert f"Not proved yet: {code}." in manager.words(f"{HERE}/send")
    part = manager.form(f"{HERE}/send", "record-post-") | {"record-post-slip_number": "BD-2", "record-post-deposited_on": "2026-10-13"}
    assert [name for name in part if name.startswith("record-post-lot_")] == [first]
    assert manager.send(f"{HERE}/send/post", part | {first: "1"} | follows).status_code == 303
    assert f"Proved in part: {code}." in manager.words(f"{HERE}/send")
    rest = manager.form(f"{HERE}/send", "record-post-") | {"record-post-slip_number": "BD-3", "record-post-deposited_on": "2026-10-13"}
    assert int(rest[first]) == int(part[first]) - 1
    rest.pop("record-post-rest_follows")
    assert manager.send(f"{HERE}/send/post", rest).status_code == 303
    assert manager.send(f"{HERE}/moves/confirm_drop", manager.form(f"{HERE}/send", "confirm_drop-")).status_code == 303

    assert state_of(journey) == "responses"


def test_a_lot_is_left_unsent_with_a_reason_and_mailed_after_all(journey: Journey, manager: Visitor, site: Flask) -> None:
    journey.reach("send")
    with journey.reading() as session:
        lots = [lot.code for lot in journey.facts(session).lots]
    fields = manager.form(f"{HERE}/send", "unsent-") | {"unsent-lot": lots[0]}

    assert manager.send(f"{HERE}/send/unsent", fields | {"unsent-reason": ""}).status_code == 422
    unknown = manager.send(f"{HERE}/send/unsent", fields | {"unsent-reason": "Encart abîmé.", "unsent-lot": "26AXXX"})
    assert unknown.status_code == 422
    assert "Encart abîmé." in unknown.text
    assert manager.send(f"{HERE}/send/unsent", fields | {"unsent-reason": "Encart abîmé."}).status_code == 303
    said = manager.words(f"{HERE}/send")
    assert f"Lot {lots[0]} (" in said
    assert "is not sent: “Encart abîmé.”" in said
    assert f"record-post-lot_{lots[0]}" not in manager.open(f"{HERE}/send").text
    assert "Rollout not mailed" in manager.words(f"{HERE}/lots")
    auditor = Visitor(site, person_named(journey, "Yann Kerbrat"))
    assert f"Lot left unsent: {lots[0]} — Marion Vidal" in auditor.words("/auditor/campaigns/26A")
    assert "Proofs still to come: A, B." in said.rpartition("Record the deposit")[2], "why no deposit can be recorded yet"

    back = manager.form(f"{HERE}/send", f"back-{lots[0]}-")
    assert manager.send(f"{HERE}/send/unsent/{lots[0]}/back", back).status_code == 303
    assert f"Lot {lots[0]} (" not in manager.words(f"{HERE}/send")
    assert manager.send(f"{HERE}/send/unsent/{lots[0]}/back", back).status_code == 409


def test_a_file_of_answers_is_imported_once(journey: Journey, manager: Visitor) -> None:
    journey.reach("responses")
    data = b"DATE;CODE_LOT;ID_UNIQUE;TYPE;MONTANT\r\n"

    def bring() -> int:
        answer = manager.send(f"{HERE}/responses/import", {"import-kind": "responses"}, **{"import-file": (io.BytesIO(data), "r1.csv")})
        return answer.status_code

    assert bring() == 303
    assert bring() == 409
    assert "A file of responses is still being read." in manager.words(f"{HERE}/responses")


def answered(journey: Journey, answers: int) -> None:
    """Go on until the results are published, after so many answers and one piece returned for each lot."""
    with journey.reach("responses").reading() as session:
        lots = [lot.code for lot in journey.facts(session).lots if lot.is_sent]
    journey.collect(dict.fromkeys(lots, answers), dict.fromkeys(lots, 1))
    journey.publish()


def test_results_are_read_learned_from_published_and_the_campaign_closed(journey: Journey, manager: Visitor) -> None:
    answered(journey, 3)
    assert manager.send(f"{HERE}/analysis/lesson", {"lesson-words": " ", "lesson-about": ""}).status_code == 409
    learned = {"lesson-words": "Tester la grille de montants plus largement.", "lesson-about": "plan"}
    assert manager.send(f"{HERE}/analysis/lesson", learned).status_code == 303

    said = manager.words(f"{HERE}/analysis")
    assert "Tester la grille de montants plus largement." in said
    assert "Cannot conclude" in said
    assert "pieces of B were missing" in said
    assert "answers better by 25%" in said
    assert "By tag" in said
    assert "bulletin grille" in said
    overview = manager.words(HERE)
    assert "Delivered = rejected + suppressed + duplicates + net, for every list." in overview
    assert "These lists do not add up" not in overview
    journey.certify_destruction()
    journey.invoice_everything()
    assert manager.send(f"{HERE}/moves/close_campaign", manager.form(f"{HERE}/analysis", "close_campaign-")).status_code == 303
    assert state_of(journey) == "closed"
    assert "Campaign closed" in manager.words(f"{HERE}/history")


def test_the_next_plan_reads_what_this_campaign_taught(journey: Journey, manager: Visitor) -> None:
    answered(journey, 2)
    journey.open("27A")

    assert "“La grille de montants paie.”" in manager.words("/manager/campaigns/27A/plan")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            (
                "Cannot tell yet: 11,163 more people held out needed; 6,170 more people mailed needed (mailed 0.46%, held out 0.00%)",
                "0.46% (0.31% – 0.68%) 24 of 5,233 people",
                "0 of 240 people",
                "+€720",
                "Of 24 answers credited to these lots, 24 are found so.",
            ),
        ),
        (
            "fr",
            (
                "il faut 11 163 personnes non sollicitées de plus",
                "Sollicités et non sollicités",
                "24 personnes sur 5 233",
                "+0,46 point de −1,12 point à 0,68 point",
            ),
        ),
    ],
    ids=["en", "fr"],
)
def test_results_compare_the_mailed_with_those_who_were_held_out(
    journey: Journey, site: Flask, language: str, told: tuple[str, ...]
) -> None:
    journey.held_out = 40
    answered(journey, 3)

    marion = Visitor(site, person_named(journey, "Marion Vidal"), language)
    said = " ".join(marion.words(f"{HERE}/analysis").split())
    assert [one for one in told if one not in said] == []


def test_results_say_nothing_of_people_held_out_where_nobody_was(journey: Journey, manager: Visitor) -> None:
    answered(journey, 3)

    said = manager.words(f"{HERE}/analysis")
    assert "Uplift" not in said
    assert "held out" not in said


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "By now 77.2% of the answers are in, by the curve of 2 earlier campaigns, 1,240 answers; the plan expected"),
        ("fr", "À ce jour, 77,2 % des retours sont là, d’après la courbe de 2 campagnes précédentes, 1 240 retours"),
    ],
    ids=["en", "fr"],
)
def test_the_responses_say_by_which_curve_they_are_forecast(journey: Journey, site: Flask, language: str, told: str) -> None:
    journey.reach("send")
    with journey.database.writing(SYSTEM) as session:
        for name, answers in (("2025-10 25A", 240), ("2026-03 26P", 1_000)):
            days = [0, 0, answers - 100, 0, 0, 0, 0, 0, *[0] * 76, 100]
            session.add(HistoryCurve(advertiser_id=journey.advertiser_id, campaign=name, channel="postal", by_day=days))
    journey.reach("responses")
    journey.door.set_calendar(journey.campaign_id, DROP + timedelta(days=15))

    said = " ".join(Visitor(site, person_named(journey, "Marion Vidal"), language).words(f"{HERE}/responses").split())
    assert told in said


def test_without_earlier_campaigns_they_are_forecast_by_the_usual_curve(journey: Journey, manager: Visitor) -> None:
    journey.reach("responses")

    assert "by the usual curve; the plan expected" in manager.words(f"{HERE}/responses")
