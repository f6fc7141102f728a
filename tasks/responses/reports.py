"""Reads a file of bounces or calls: each row's piece is looked up in the mailing files, and what cannot be kept is told by its row."""

from collections.abc import Iterable, Mapping
from datetime import date

from workflows.campaign.contacted.bringing import BOUNCES, CALLS, REPORTED_BY
from workflows.campaign.contacted.recording import FaultyRow, ReportRow
from workflows.trade import contact_reports
from workflows.trade.attribution import Mailing, Piece
from workflows.trade.contact_reports import Report, Sent, read_report

_SAID_BY = {BOUNCES: ("TYPE", contact_reports.MESSAGES), CALLS: ("RESULTAT", contact_reports.CALLS)}
"""The column that names the outcome, and the outcomes it may name, by kind of file."""


def read_reports(
    rows: Iterable[tuple[int, Mapping[str, str]]], kind: str, sent: Sent, people: Mapping[str, Piece], mailing: Mailing, drop_on: date
) -> tuple[tuple[ReportRow, ...], tuple[FaultyRow, ...]]:
    """What the rows report, each once, and those that say nothing that can be kept.

    :param rows: each with its number in the file.
    :param people: every piece by its id; `mailing` tells whom it is compared with where people were held out.
    """
    column, among = _SAID_BY[kind]
    reports: dict[str, ReportRow] = {}
    faults = []
    for number, row in rows:
        read = read_report(row, column, among, sent, REPORTED_BY[kind], drop_on)
        if isinstance(read, Report):
            reports.setdefault(read.row_hash, _kept(number, read, people[read.unique_id], mailing))
        else:
            faults.append(FaultyRow(row=number, fault=str(read)))
    return tuple(reports.values()), tuple(faults)


def _kept(number: int, read: Report, piece: Piece, mailing: Mailing) -> ReportRow:
    matched_id, matched_lot = mailing.person_matched(piece.name, piece.postcode) or ("", "")
    return ReportRow(
        row_sha256=read.row_hash,
        reported_on=read.on,
        lot_code=read.lot_code,
        unique_id=read.unique_id,
        outcome=str(read.outcome),
        amount=read.amount,
        matched_id=matched_id,
        matched_lot=matched_lot,
        row=number,
        hour=read.hour,
    )
