"""Runs a campaign's merge-purge: lays its files out in a private folder, lets the engine work in a process of its own, keeps what it left.

A process of its own, because a forked job must not run the engine's threads, and because its memory goes with it.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from tasks.contacts import lay_pressure
from tasks.files import id_columns
from tasks.registry import Work, service_task
from workflows.campaign.dedupe.comparing import RecordComparison, RecordLookUp
from workflows.campaign.records import MergePurgeRun, StoredFile
from workflows.campaign.stages.dedupe import RecordMergePurge
from workflows.engine.command import Command

RESULT_NAME = "dedupe.zip"


class MergePurgeFailed(RuntimeError):
    """The engine stopped; the message is its own."""


class RunGone(Exception):
    """The run counts no more: somebody went back, or has it done otherwise."""


@service_task("run_merge_purge")
def run_merge_purge(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Merge and purge the files of one run."""
    run_id = UUID(payload["run_id"])
    with work.files.scratch() as folder:
        brief_path, _ = _laid_out(work, run_id, folder)
        try:
            _run_engine(work, run_id, brief_path, folder / "out", lay_pressure(work, run_id, folder / "earlier"))
        except RunGone:
            return []
        report = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
        result = pack(folder / "out", folder / RESULT_NAME)
        kept = work.files.keep(result, RESULT_NAME)
    return [RecordMergePurge(subject_id=work.campaign_id, run_id=run_id, report=report, result=kept)]


@service_task("explain_pair")
def explain_pair(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Compare two records of a run, as the run did."""
    run_id, number = UUID(payload["run_id"]), int(payload["number"])
    with work.files.scratch() as folder:
        brief, asked = _laid_out(work, run_id, folder, number)
        if asked is None:
            return []
        sides = [asked[side][name] for side in ("left", "right") for name in ("source", "id")]
        answer = _answered("explain", str(brief), *sides)
    return [RecordComparison(subject_id=work.campaign_id, run_id=run_id, number=number, answer=answer)]


@service_task("look_up_record")
def look_up_record(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Find what became of a record of a run, among what the run left."""
    run_id, number = UUID(payload["run_id"]), int(payload["number"])
    with work.reading() as session:
        run = session.get(MergePurgeRun, run_id)
        asked = _asked(run, number)
        result = session.get(StoredFile, run.result_file_id)
        session.expunge_all()
    if asked is None:
        return []
    with work.files.scratch() as folder:
        with work.files.plaintext(result) as path, zipfile.ZipFile(path) as archive:
            decisions = archive.extract("decisions.parquet", folder)
        answer = _answered("look-up", decisions, asked["record"]["source"], asked["record"]["id"])
    return [RecordLookUp(subject_id=work.campaign_id, run_id=run_id, number=number, answer=answer)]


def _asked(run: MergePurgeRun, number: int) -> dict[str, Any] | None:
    """The question of this number; None once it has gone."""
    return next((one for one in run.comparisons if one["number"] == number), None)


def _answered(*question: str) -> dict[str, Any]:
    """What the engine says, in a process of its own."""
    command = [sys.executable, "-m", "tasks.merge_purge", *question]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    if done.returncode != 0:
        raise MergePurgeFailed(done.stderr[-2000:] or f"exit status {done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _laid_out(work: Work, run_id: UUID, folder: Path, number: int = 0) -> tuple[Path, dict[str, Any] | None]:
    """The run's files in the folder with a brief for the engine, and the comparison of this number where there is one."""
    with work.reading() as session:
        run = session.get(MergePurgeRun, run_id)
        brief = run.brief
        asked = _asked(run, number)
        wanted = [part["file_id"] for file in brief["files"] for part in file["parts"]] + [one["file_id"] for one in brief["suppressions"]]
        stored = {file_id: session.get(StoredFile, UUID(file_id)) for file_id in wanted}
        ids = id_columns(session, map(UUID, wanted))
        session.expunge_all()
    path = folder / "brief.json"
    path.write_text(json.dumps(_engine_brief(work, folder, brief, stored, ids)), encoding="utf-8")
    return path, asked


def _engine_brief(work: Work, folder: Path, brief: dict[str, Any], stored: dict[str, StoredFile], ids: dict[str, str]) -> dict[str, Any]:
    """The brief in the engine's words, every file laid out under a name of its own.

    The id column is the one that the examination of the file took.
    """

    def lay(file_id: str, number: int) -> str:
        place = folder / "in" / str(number)
        place.mkdir(parents=True)
        with work.files.plaintext(stored[file_id]) as path:
            return str(path.rename(place / path.name))

    number = 0
    files = []
    for entry in brief["files"]:
        parts = []
        for part in entry["parts"]:
            number += 1
            path = lay(part["file_id"], number)
            layout = None
            if part["layout"]:
                layout = str(folder / f"layout_{number}.csv")
                Path(layout).write_text(part["layout"], encoding="utf-8")
            parts.append({"path": path, "layout": layout, "id": ids.get(part["file_id"]) or None})
        files.append(
            {
                "code": entry["code"],
                "parts": parts,
                "ranks": entry["ranks"],
                "priority": entry["default_rank"],
                "protected": entry.get("protected", False),
                "cpm": entry.get("cpm"),
            }
        )
    suppressions = []
    for entry in brief["suppressions"]:
        number += 1
        suppressions.append({"code": entry["code"], "path": lay(entry["file_id"], number), "level": entry["level"]})
    return {"level": brief["level"], "allocation": brief["allocation"], "files": files, "suppressions": suppressions}


def _run_engine(work: Work, run_id: UUID, brief: Path, out: Path, pressure: Path) -> None:
    """Let the engine work and tell how far it is; stop it where its run counts no more.

    :raises RunGone: then.
    :raises MergePurgeFailed: when it ends without a result.
    """
    command = [sys.executable, "-m", "tasks.merge_purge", str(brief), str(out), str(pressure)]
    errors = brief.with_name("errors.txt")
    with (
        errors.open("wb") as complaints,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, cwd=Path(__file__).parents[1]) as engine,
    ):
        assert engine.stdout is not None
        for line in engine.stdout:
            told = json.loads(line)
            work.progress(told["step"], told["done"], told["total"])
            if not _counts(work, run_id):
                engine.terminate()
                raise RunGone
    if engine.returncode != 0:
        raise MergePurgeFailed(errors.read_text(encoding="utf-8", errors="replace")[-2000:] or f"exit status {engine.returncode}")


def _counts(work: Work, run_id: UUID) -> bool:
    with work.reading() as session:
        found: MergePurgeRun | None = session.get(MergePurgeRun, run_id)
        return found is not None and found.to_seq is None


def pack(folder: Path, target: Path) -> Path:
    """Every file of a folder in one archive, in the order of names and without times: the same files give the same bytes."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes(), compresslevel=1)
    return target
