"""Reads files of what came back, and credits each row to the lot that earned it. Bounces and calls are for `reports`."""

import csv
import io
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.intake.returned import NEEDED, ColumnsMissing, numbered_rows
from tasks.registry import Work, service_task
from tasks.responses.other_mail import other_mail
from tasks.responses.reports import read_reports
from tasks.responses.shared import dedupe_of, lists_of
from workflows.campaign.contacted.bringing import FILE_GONE, MAILING_GONE, REPORTED_BY, RESPONSES
from workflows.campaign.contacted.recording import ANSWERS, FaultyRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import ResponseBatch, StoredFile
from workflows.campaign.results.credited import APART
from workflows.campaign.send.tracking import tracked_references
from workflows.campaign.stages.responses import RecordBatch, ResponseRow, UndeliverableRow
from workflows.engine.command import Command
from workflows.trade import attribution
from workflows.trade.attribution import (
    ANSWERS_ELSEWHERE,
    OBJECTION,
    SET_ASIDE,
    Mailing,
    OtherMail,
    Piece,
    SetAside,
    attribute_row,
    credit_row,
    parse_day,
)
from workflows.trade.contact_reports import Sent
from workflows.trade.lot_codes import LotRole
from workflows.trade.returned_mail import Returned, read_returns
from workflows.trade.working_days import local_day


@service_task("attribute_responses")
def attribute_responses(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Read one batch. A file that cannot be read is refused whole, with its reason; a row that cannot be is set aside with its own.

    Once the mailing is purged nobody is known by id or name: what carries a lot's code or number is credited still, reports are refused.
    """
    batch_id = UUID(payload["batch_id"])
    with work.reading() as session:
        campaign = session.get(Campaign, work.campaign_id)
        facts = CampaignFacts(session, campaign)
        batch = session.get(ResponseBatch, batch_id)
        stored = session.get(StoredFile, batch.file_id)
        assert facts.lot_plan is not None, "what was sent had a lot plan"
        lots, dedupe = session.get(StoredFile, facts.lot_plan.result_file_id), dedupe_of(facts)
        channels = {lot.code: lot.channel for lot in facts.lots if lot.is_sent}
        held_out = {lot.code for lot in facts.lots if lot.role == LotRole.HOLDOUT}
        seeds = tuple(f"{seed.code}-" for seed in facts.seeds)
        tracked = tracked_references(facts)
        # An answer may be dated ahead, by whoever banks it, but not by longer than answers count.
        latest_on = local_day(work.now) + timedelta(days=campaign.policy.whole("thresholds", "response_days"))
        session.expunge_all()
    gone = lots.purged_at is not None
    if stored.purged_at is not None or (gone and batch.kind in REPORTED_BY):
        reason = FILE_GONE if stored.purged_at is not None else MAILING_GONE
        return [RecordBatch(subject_id=work.campaign_id, batch_id=batch_id, refused_reason=reason)]
    try:
        numbered = list(numbered_rows(work.files.read(stored), NEEDED[batch.kind]))
    except (UnicodeDecodeError, csv.Error, ColumnsMissing) as fault:
        return [RecordBatch(subject_id=work.campaign_id, batch_id=batch_id, refused_reason=str(fault))]
    if batch.kind in REPORTED_BY:
        people = {piece.unique_id: piece for piece in _pieces(work, lots, seeds)}
        mailing = Mailing.of(channels, people.values(), _held_out(work, lots, held_out))
        sent = Sent(mailing.lot_of_piece, channels, seeds)
        reports, faults = read_reports(numbered, batch.kind, sent, people, mailing, campaign.drop_day)
        had = lists_of(work, lots, dedupe, {report.unique_id for report in reports if report.outcome in ANSWERS})
        reports = tuple(replace(report, lists=had.get(report.unique_id, ())) for report in reports)
        return [RecordBatch(subject_id=work.campaign_id, batch_id=batch_id, reports=reports, faults=faults)]
    known = () if gone else _pieces(work, lots, seeds)
    mailing = Mailing.of(channels, known, () if gone else _held_out(work, lots, held_out), tracked, seeds)
    if batch.kind == RESPONSES:
        answers = [mailing.marked(attribution.ResponseRow.from_columns(row)) for _, row in numbered]
        with work.reading() as session:
            others = other_mail(session, campaign, {answer.row_hash for answer in answers})
        judged = (_response(answer, mailing, others, campaign.drop_day, latest_on) for answer in answers)
        unique = {row.row_sha256: row for row in judged}
        had = lists_of(work, lots, dedupe, {row.unique_id for row in unique.values() if row.unique_id and row.attribution not in APART})
        rows = tuple(row if row.attribution in APART else replace(row, lists=had.get(row.unique_id, ())) for row in unique.values())
        return [RecordBatch(subject_id=work.campaign_id, batch_id=batch_id, responses=rows, without_mailing=gone)]
    returned: dict[str, UndeliverableRow] = {}
    untold = []
    for number, read in read_returns(numbered, mailing):
        if isinstance(read, Returned):
            returned[read.unique_id] = UndeliverableRow(**vars(read))
        else:
            untold.append(FaultyRow(row=number, fault=str(read)))
    return [
        RecordBatch(
            subject_id=work.campaign_id,
            batch_id=batch_id,
            undeliverables=tuple(returned.values()),
            faults=tuple(untold),
            without_mailing=gone,
        )
    ]


def _pieces(work: Work, lots: StoredFile, seeds: tuple[str, ...]) -> Iterator[Piece]:
    """Every piece of every mailing file, monitor seeds left out."""
    with work.files.plaintext(lots) as path, zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("mailing_"):
                with archive.open(name) as binary, io.TextIOWrapper(binary, encoding="utf-8", newline="") as file:
                    for row in csv.DictReader(file, delimiter=";"):
                        if not (seeds and row["ID_UNIQUE"].startswith(seeds)):
                            yield _piece(row)


def _held_out(work: Work, lots: StoredFile, codes: Collection[str]) -> Iterator[Piece]:
    """Everybody who was held out, as the piece that they did not get; nothing is read where nobody was."""
    if not codes:
        return
    with work.files.plaintext(lots) as path, zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("net/"):
                with archive.open(name) as binary, io.TextIOWrapper(binary, encoding="utf-8", newline="") as file:
                    yield from (piece for row in csv.DictReader(file, delimiter=";") if (piece := _piece(row)).lot_code in codes)


def _piece(row: dict[str, str]) -> Piece:
    return Piece(row["ID_UNIQUE"], row["CODE_LOT"], row["NOM"] or row["RAISON_SOCIALE"], row["CP"])


def _response(row: attribution.ResponseRow, mailing: Mailing, others: OtherMail, drop_on: date, latest_on: date) -> ResponseRow:
    judged = attribute_row(row, mailing, drop_on, others, latest_on=latest_on)
    traced_lot = mailing.tracked.lot_by_mark.get(row.mark, "")
    matched_id, matched_lot = mailing.person_matched(row.name, row.postcode) or ("", "")
    if isinstance(judged, SetAside):
        if judged.reason not in ANSWERS_ELSEWHERE:
            matched_id = matched_lot = ""
        # It counts nowhere, but whoever objects is known and heard all the same.
        objects = row.kind == OBJECTION and credit_row(row.lot_code, row.unique_id, row.name, row.postcode, mailing).unique_id
        return ResponseRow(
            row_sha256=judged.row_hash,
            responded_on=parse_day(row.date),
            lot_code=None,
            unique_id=objects or "",
            channel=row.channel,
            kind=row.kind,
            amount=judged.amount,
            method=row.payment,
            is_new=False,
            attribution=SET_ASIDE,
            reason=str(judged.reason),
            matched_id=matched_id,
            matched_lot=matched_lot,
            traced_lot=traced_lot,
        )
    return ResponseRow(
        row_sha256=judged.row_hash,
        responded_on=judged.responded_on,
        lot_code=judged.credit.lot_code,
        unique_id=judged.credit.unique_id or "",
        channel=row.channel,
        kind=judged.kind,
        amount=judged.amount,
        method=row.payment,
        is_new=judged.is_new,
        attribution=str(judged.credit.method),
        matched_id=matched_id,
        matched_lot=matched_lot,
        traced_lot=traced_lot,
    )
