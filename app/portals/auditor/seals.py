"""The seals: whose key signs, which heads were signed and mailed, and how anybody checks them without us."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Response, render_template, request

from app.evidence import verify
from app.evidence.heads import as_machine, list_heads, log_of
from app.evidence.notes import Signer
from app.jalon import jalon
from app.portals.auditor.room import blueprint, reading
from app.queries.history import list_chains
from app.security.audience import audience
from app.storage.scratch import ScratchFolders
from workflows.engine.canonical import canonical_json
from workflows.parties.roles import Role

PAGE = 40
"""So many heads a page."""


@blueprint.get("/seals")
@audience(Role.AUDITOR, Role.DPO)
def seals() -> str:
    """The key, the last head of each day, and those that were mailed."""
    wanted = max(1, request.args.get("page", 1, type=int))
    with reading() as session:
        codes = [chain.code for chain in list_chains(session)]
        with as_machine(session) as machine:
            newest, found = list_heads(machine, most=1)
            pages = max(1, -(-found // PAGE))
            page = min(wanted, pages)
            heads, _found = list_heads(machine, most=PAGE, after=(page - 1) * PAGE)
            check = _check_log(log_of(machine)) if request.args.get("verify") else None
    settings = jalon().settings
    return render_template(
        "auditor/seals.html",
        verifier=Signer(settings.seal_key).verifier,
        newest=newest[0] if newest else None,
        heads=heads,
        page=page,
        pages=pages,
        keepers=settings.seal_mail_to,
        code=codes[0] if codes else "",
        check=check,
    )


def _check_log(heads: Iterable[dict[str, Any]]) -> tuple[bool, str]:
    """Whether the log is whole, and what the verifier says of it: the same one, on the same file, as outside."""
    with ScratchFolders(jalon().settings.work_dir, prefix="evidence-").folder() as folder:
        path = folder / "heads.jsonl"
        path.write_bytes(_lines(heads))
        try:
            return True, verify.verify_log(path)
        except verify.Fault as fault:
            return False, str(fault)


def _lines(heads: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(canonical_json(one) + b"\n" for one in heads)


@blueprint.get("/seals/heads.jsonl")
@audience(Role.AUDITOR, Role.DPO)
def heads_log() -> Response:
    """The log of signed heads, each with the proof that the next holds all its leaves."""
    with reading() as session, as_machine(session) as machine:
        lines = _lines(log_of(machine))
    return Response(lines, mimetype="application/jsonl", headers={"Content-Disposition": "attachment; filename=heads.jsonl"})


@blueprint.get("/seals/verify.py")
@audience(Role.AUDITOR, Role.DPO)
def verifier() -> Response:
    """The program that checks evidence and heads, as it lies in every bundle."""
    program = Path(verify.__file__).read_bytes()
    return Response(program, mimetype="text/x-python", headers={"Content-Disposition": "attachment; filename=verify.py"})
