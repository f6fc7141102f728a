"""Evidence that verifies, and evidence that was tampered with in every way a hand could think of."""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.integration.play.left import Play


def check_evidence(play: Play) -> Iterator[str]:
    """The evidence verifies, and does not where an entry or a document was touched, moved, dropped or cut off."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(play.out / "evidence.zip") as archive:
            archive.extractall(folder)
        chain = folder / "checkpoints.jsonl"
        whole = chain.read_bytes()
        entries = whole.splitlines(keepends=True)
        head = play.result["checkpoints"]
        if len(entries) != head["count"]:
            yield f"{len(entries)} entries, the result says {head['count']}"
        if hashlib.sha256(entries[-1].rstrip(b"\n")).hexdigest() != head["head"]:
            yield "the head is not the hash of the last entry"
        if [json.loads(entry)["seq"] for entry in entries] != list(range(1, len(entries) + 1)):
            yield "entries are not numbered from 1"
        sound = _verify(folder)
        if sound.returncode != 0 or head["head"] not in sound.stdout:
            yield f"sound evidence: {sound.returncode} {sound.stdout}{sound.stderr}"
        middle = len(entries) // 2
        altered = bytearray(entries[middle])
        altered[len(altered) // 2] ^= 1
        for how, changed in {
            "one bit changed": [*entries[:middle], bytes(altered), *entries[middle + 1 :]],
            "one entry dropped": [*entries[:middle], *entries[middle + 1 :]],
            "two entries swapped": [*entries[:middle], entries[middle + 1], entries[middle], *entries[middle + 2 :]],
            "first entry dropped": entries[1:],
            "last entry cut off": entries[:-1],
            "last entry cut short": [*entries[:-1], entries[-1][:-5]],
            "last entry twice": [*entries, entries[-1]],
        }.items():
            chain.write_bytes(b"".join(changed))
            done = _verify(folder)
            if done.returncode != 1 or not (done.stdout + done.stderr).strip():
                yield f"{how}: exit {done.returncode}"
        chain.write_bytes(whole)
        for document in sorted(path for path in (folder / "documents").rglob("*") if path.is_file())[:2]:
            content = document.read_bytes()
            for how, touch in {"changed": content + b" ", "missing": None}.items():
                document.unlink() if touch is None else document.write_bytes(touch)
                done = _verify(folder)
                if done.returncode != 1 or document.name not in done.stdout + done.stderr:
                    yield f"{document.name} {how}: exit {done.returncode} {done.stdout}{done.stderr}"
            document.write_bytes(content)


def _verify(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, folder / "verify.py", folder], capture_output=True, text=True, check=False)
