"""Writes whom nobody is to write to any more, and who was not reached, from the files that were mailed: one file a reader.

The house's file has what a suppression list has, so that its next campaign can be given it as it is; a supplier's has its own ids and
nothing else of anybody. Whom an e-mail, a message or a call did not reach may be written to by the post: of them the house's file has only
its own ids, by which no dedupe finds anybody, for it to mend its own lists.

Not for who is told: `workflows.campaign.data_protection.objections` says that.
"""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import select

from app.files import FilePurged
from tasks.registry import Work, service_task
from workflows.campaign.data_protection.objections import HOUSE, UNIDENTIFIED, RecordObjections
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import Response, StoredFile, Undeliverable
from workflows.engine.command import Command
from workflows.trade.attribution import OBJECTION
from workflows.trade.contact_reports import UNREACHED_WORDS
from workflows.trade.returned_mail import REASON_WORDS

_ADDRESS = ("CIVILITE", "PRENOM", "NOM", "RAISON_SOCIALE", "L2", "L3", "L4", "L5", "CP", "LOCALITE")
"""Columns of a net file that a suppression list has too; it calls the lines ADR2 to ADR5."""
_WORDS = {**REASON_WORDS, **UNREACHED_WORDS}

Reason = tuple[str, str, str]
"""An id of a piece, why, and the day as it is written."""


@service_task("write_objections")
def write_objections(work: Work, _payload: dict[str, Any]) -> Sequence[Command]:
    """Write each reader's file anew from all that came in so far. Once the mailing's files are purged there is nobody left to name."""
    with work.reading() as session:
        campaign = session.get(Campaign, work.campaign_id)
        facts = CampaignFacts(session, campaign)
        assert facts.lot_plan is not None, "what came back was sent"
        lots, as_of_seq = session.get(StoredFile, facts.lot_plan.result_file_id), campaign.chain_seq
        reasons = _reasons(session, campaign)
        readers = {row.code: facts.suppliers[row.supplier_id].code for row in facts.lists if row.supplier_id and not row.is_house}
        session.expunge_all()
    try:
        with work.files.plaintext(lots) as path, zipfile.ZipFile(path) as archive:
            tables, counts = tables_of(archive, reasons, readers)
    except FilePurged:
        return []
    files = {reader: work.files.keep(table, f"objections_{reader}.csv") for reader, table in tables.items()}
    return [RecordObjections(subject_id=work.campaign_id, as_of_seq=as_of_seq, counts=counts, files=files)]


def _reasons(session: Any, campaign: Campaign) -> list[Reason]:
    """Every objection and every return of a campaign."""
    objected = select(Response).where(Response.campaign_id == campaign.id, Response.kind == OBJECTION)
    returned = select(Undeliverable).where(Undeliverable.campaign_id == campaign.id)
    return [
        *((row.unique_id, OBJECTION, _day(row.responded_on)) for row in session.exec(objected)),
        *((row.unique_id, row.reason, _day(row.returned_on)) for row in session.exec(returned)),
    ]


def _day(on: date | None) -> str:
    return f"{on:%d/%m/%Y}" if on else ""


def tables_of(
    archive: zipfile.ZipFile, reasons: Sequence[Reason], readers: Mapping[str, str]
) -> tuple[dict[str, bytes], dict[str, dict[str, int]]]:
    """Each reader's file and its rows by reason, the same bytes for the same rows in whatever order they came.

    :param archive: the files of the lots, whose net of each list names whom its pieces were for.
    :param readers: the reader of each list that has one beside the house, by the list's code.
    """
    # Here and not above: every job is forked from what the worker has loaded, and few need Polars.
    import polars as pl

    from tasks.merge_purge.spreadsheet import defused

    wanted = pl.DataFrame(sorted(reasons), schema={"ID_UNIQUE": pl.String, "reason": pl.String, "DATE": pl.String}, orient="row")
    parts = []
    for name in sorted(one for one in archive.namelist() if one.startswith("net/")):
        code = name.removeprefix("net/").removesuffix(".csv")
        net = pl.read_csv(archive.read(name), separator=";", infer_schema=False, columns=["ID_SOURCE", "ID_UNIQUE", *_ADDRESS])
        found = wanted.join(net, on="ID_UNIQUE")
        parts.append(
            found.with_columns(LISTE=pl.lit(code), MOTIF=pl.col("reason").replace(_WORDS), reader=pl.lit(readers.get(code, HOUSE)))
        )
    people = pl.concat(parts).sort("LISTE", "ID_UNIQUE", "reason", "DATE")
    people = people.with_columns(pl.col("DATE").replace("", None))
    own = pl.when(pl.col("reader") == HOUSE).then("ID_SOURCE")
    by_post = ~pl.col("reason").is_in(list(UNREACHED_WORDS))
    address = [
        pl.when(by_post).then(pl.col(name)).alias(f"ADR{name[1]}" if name[0] == "L" and name[1:].isdigit() else name) for name in _ADDRESS
    ]
    of_house = people.filter(by_post | (pl.col("reader") == HOUSE))
    tables = {HOUSE: of_house.select(own.alias("ID_SOURCE"), *address, "LISTE", "MOTIF", "DATE")}
    counts = {HOUSE: _by_reason(of_house) | {UNIDENTIFIED: wanted.height - people.height}}
    for reader in sorted(set(readers.values()) & set(people["reader"])):
        theirs = people.filter(pl.col("reader") == reader)
        tables[reader] = theirs.select("LISTE", "ID_SOURCE", "MOTIF", "DATE")
        counts[reader] = _by_reason(theirs)
    return {reader: defused(table).write_csv(separator=";", line_terminator="\r\n").encode() for reader, table in tables.items()}, counts


def _by_reason(people: Any) -> dict[str, int]:
    return dict(sorted(people.group_by("reason").len().rows()))
