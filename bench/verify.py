"""How long `verify.py` takes over a million entries under a seal, and how much memory: figures of one run, with nothing to compare with."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from app.evidence import tree, verify
from app.evidence.notes import Signer
from app.evidence.sealer import leaf
from workflows.engine.canonical import canonical_json
from workflows.engine.checkpoints import GENESIS

CHAIN = UUID(int=1)


def write(folder: Path, count: int) -> None:
    """A sealed chain whose entries are as long as real ones."""
    signer, fold, previous = Signer(bytes(32)), tree.Fold(), GENESIS
    (folder / "seal").mkdir()
    process = {"name": "campaign", "sha256": "c" * 64}
    with (folder / "checkpoints.jsonl").open("wb") as entries, (folder / "seal" / "proof.txt").open("w") as proof:
        for seq in range(1, count + 1):
            about = {"kind": "plan_line", "id": str(UUID(int=seq)), "version": seq}
            entry = {
                "v": 1, "seq": seq, "prev": previous, "chain": str(CHAIN), "event": "campaign.plan.revised", "process": process,
                "documents": [], "texts": {}, "subject": about, "from": "plan", "to": "plan", "at": "2026-01-05T09:00:00+00:00",
                "actor": {"id": str(UUID(int=7)), "role": "project_manager"}, "command": {"name": "revise_plan", "gross_qty": seq},
                "checks": [{"code": "envelope", "expected": "40000.00", "actual": "39931.22", "verdict": "met"}],
            }  # fmt: skip
            body = canonical_json(entry)
            previous = sha256(body).hexdigest()
            entries.write(body + b"\n")
            proof.write(f"entry {seq} {previous}\n")
            fold.add(0, leaf(CHAIN, seq, previous))
    note = signer.sign_head(fold.size, fold.root())
    (folder / "seal" / "head.txt").write_text(note)
    (folder / "seal" / "heads.jsonl").write_bytes(canonical_json({"note": note, "key": signer.verifier, "proof": []}) + b"\n")
    (folder / "seal" / "key.txt").write_text(signer.verifier)
    (folder / "texts.jsonl").write_text("")
    head = {"v": 1, "campaign": "27P", "chain": str(CHAIN), "count": count, "head": previous, "processes": {"campaign": ["c" * 64]}}
    (folder / "head.json").write_text(json.dumps(head))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), given.entries)
        began = time.monotonic()
        subprocess.run([sys.executable, verify.__file__, name], check=True)
        seconds = time.monotonic() - began
        megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{given.entries} entries verified in {seconds:.1f} s with {megabytes:.0f} MB")
    if given.json:
        print(json.dumps({"entries": given.entries, "seconds": round(seconds, 1), "megabytes": round(megabytes)}))
