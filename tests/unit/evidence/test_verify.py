"""The verifier names what is wrong: each test tampers with a whole folder in one way, as somebody with all the time in the world would."""

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.evidence import verify
from app.evidence.notes import Signer
from bench.verify import write
from tests.unit.evidence.bundles import (
    ORDER,
    SCRIPT,
    SIGNER,
    cut_and_headed,
    edit,
    entry,
    folder,
    forged,
    insert,
    lines_of,
    rehead,
    relinked,
    reword,
    reword_with_its_hash,
    reworded_head,
    rewritten,
    rewritten_with_proof,
    sealed_by_another_key,
    sealed_four_times,
    spaced,
    swap,
    swap_documents,
    tampering,
    write_anew,
    write_lines,
    write_seal,
)
from workflows.engine.canonical import canonical_json

__all__ = ["folder"]

TAMPERED = {
    "edited": (edit(5, event="campaign.plan.forged"), "entry 5 was changed"),
    "edited first": (edit(1, event="campaign.plan.forged"), "entry 1 was changed"),
    "edited last": (edit(12, event="campaign.plan.forged"), "entry 12, the last, was changed"),
    "edited before the last": (edit(11, event="campaign.plan.forged"), "entry 11 was changed"),
    "edited link": (edit(6, prev="0" * 64), "entry 6 was changed"),
    "edited and relinked once": (tampering(relinked), "entry 6 was changed"),
    "rewritten to the end, head.json too": (rewritten, "entry 5 was changed, and the chain was written anew from there"),
    "cut tail, head.json too": (cut_and_headed, "the tail was cut: entries 11 to 12 are missing, which the seal knows"),
    "rewritten, the proof too": (rewritten_with_proof, "seal/proof.txt or seal/head.txt was changed"),
    "sealed by another key": (sealed_by_another_key, "seal/head.txt or seal/key.txt was changed: they do not belong together"),
    "another head under the old signature": (reworded_head, "seal/head.txt was changed: the signature does not hold"),
    "seal gone": (lambda folder: shutil.rmtree(folder / "seal"), "nobody can tell whether the chain was written anew"),
    "proof gone": (lambda folder: (folder / "seal" / "proof.txt").unlink(), "seal/proof.txt is missing"),
    "log of heads gone": (lambda folder: (folder / "seal" / "heads.jsonl").unlink(), "seal/heads.jsonl is missing"),
    "log of heads cut": (lambda folder: (folder / "seal" / "heads.jsonl").write_text(""), "the log of heads was cut or written anew"),
    "log of heads of nothing": (lambda folder: (folder / "seal" / "heads.jsonl").write_text("{}\n"), "line 1 was changed: it is no head"),
    "log of heads written anew": (
        lambda folder: sealed_four_times(folder, forged_at=9),
        "the log of heads was written anew: the head of 9 leaves does not follow from that of 4",
    ),
    "proof of nothing": (lambda folder: (folder / "seal" / "proof.txt").write_text("leaf 0 x\n"), "a line is no part of a proof"),
    "rewritten in another form": (tampering(spaced), "entry 3 was changed: it is not in canonical form"),
    "made a float": (tampering(lambda lines: lines.__setitem__(3, lines[3].replace(b'"seq":4', b'"seq":4.0'))), "entry 4 was changed"),
    "made a key twice": (tampering(lambda lines: lines.__setitem__(3, lines[3][:-1] + b',"v":1}')), "entry 4 was changed"),
    "deleted": (tampering(lambda lines: lines.__delitem__(4)), "entry 5 is missing"),
    "deleted several": (tampering(lambda lines: lines.__delitem__(slice(4, 7))), "entries 5 to 7 are missing"),
    "deleted first": (tampering(lambda lines: lines.__delitem__(0)), "entry 1 is missing"),
    "inserted before its like": (insert(5), "line 5 was inserted"),
    "inserted under a new number": (insert(5, seq=99), "line 5 was inserted"),
    "inserted copy of an old one": (tampering(lambda lines: lines.insert(8, lines[2])), "entry 3 stands again on line 9"),
    "repeated": (tampering(lambda lines: lines.insert(5, lines[4])), "entry 5 stands twice"),
    "reordered": (tampering(swap), "entry 8 stands on line 5"),
    "cut tail": (tampering(lambda lines: lines.__delitem__(slice(10, 12))), "the tail was cut: entries 11 to 12 are missing"),
    "cut to nothing": (tampering(lambda lines: lines.clear()), "the tail was cut: entries 1 to 12 are missing"),
    "cut tail, counted": (rehead, "entry 10, the last, was changed, or head.json was"),
    "appended": (tampering(lambda lines: lines.append(entry(13, sha256(lines[-1]).hexdigest()))), "entry 13 is beyond the head"),
    "head gone": (lambda folder: (folder / "head.json").unlink(), "head.json is missing"),
    "entries gone": (lambda folder: (folder / "checkpoints.jsonl").unlink(), "checkpoints.jsonl is missing"),
    "another process": (edit(12, process={"name": "campaign", "sha256": "d" * 64}), "entry 12, the last, was changed"),
    "swapped documents": (swap_documents, "documents/BC-27P-001-r1.fr.pdf was swapped"),
    "document gone": (lambda folder: (folder / "documents" / "BC-27P-001-r1.en.pdf").unlink(), "BC-27P-001-r1.en.pdf is missing; entry 4"),
    "documents gone": (lambda folder: shutil.rmtree(folder / "documents"), "BC-27P-001-r1.fr.pdf is missing; entry 4"),
    "document added": (lambda folder: (folder / "documents" / "x.pdf").write_bytes(b""), "documents/x.pdf was added"),
    "content changed": (lambda folder: (folder / "contents" / "BC-27P-001-r1.json").write_bytes(b"{}"), "contents/BC-27P-001-r1.json was"),
    "text changed": (reword, "the text 'reason' of entry 7 was changed"),
    "text changed with its hash": (reword_with_its_hash, "'reason' of entry 7 is not one that the entry names"),
    "texts gone": (lambda folder: (folder / "texts.jsonl").unlink(), "texts.jsonl is missing"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_whatever_was_tampered_with_is_named(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tamper, sentence = TAMPERED[name]
    tamper(folder)

    assert verify.main([str(folder)]) == 1
    assert sentence in capsys.readouterr().out


def test_a_whole_folder_is_verified_by_the_file_alone_and_prints_its_head(folder: Path) -> None:
    copied = shutil.copy(SCRIPT, folder)
    run = subprocess.run([sys.executable, "-I", "-S", copied, str(folder)], capture_output=True, text=True, check=False)

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[0] == sha256(lines_of(folder)[-1]).hexdigest()
    assert "SIGNATURE NOT CHECKED" in run.stdout, "it stood alone"


def test_what_the_bench_writes_is_evidence(tmp_path: Path) -> None:
    write(tmp_path, 30)

    assert verify.verify(tmp_path).entries == 30


def test_where_it_can_the_verifier_checks_the_signature_by_the_key_that_is_known(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main([str(folder), "--key", SIGNER.verifier]) == 0
    assert f"Entries 1 to 12 are under the head that {SIGNER.name} signed; the signature holds." in capsys.readouterr().out

    assert verify.main([str(folder), "--key", Signer(bytes(32)).verifier]) == 1
    assert "is not the key that you were given" in capsys.readouterr().out


def test_entries_later_than_the_seal_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_seal(folder, lines_of(folder)[:9])

    assert verify.main([str(folder)]) == 0
    assert "entries 10 to 12 are later than the seal" in capsys.readouterr().out


def added(folder: Path, **changes: Any) -> None:
    """One entry more, and a seal over all."""
    lines = lines_of(folder)
    lines.append(forged(lines[-1], seq=len(lines) + 1, prev=sha256(lines[-1]).hexdigest(), **changes))
    write_anew(folder, lines, len(lines))
    write_seal(folder, lines)


REASON = {"seq": 7, "field": "reason"}


def test_a_text_that_an_entry_says_it_erased_may_be_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "texts.jsonl").write_text("")
    added(folder, erased=[REASON])

    assert verify.main([str(folder)]) == 0
    assert "0 texts (1 erased since)" in capsys.readouterr().out


@pytest.mark.parametrize("erased", [[], [{"seq": 6, "field": "reason"}], [{"seq": 7, "field": "comment"}]])
def test_a_text_that_no_entry_erased_is_missed_by_its_entry(
    erased: list[dict[str, Any]], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "texts.jsonl").write_text("")
    if erased:
        added(folder, erased=erased)

    assert verify.main([str(folder)]) == 1
    told = capsys.readouterr().out
    assert (
        f"entry 13 erases the text '{erased[0]['field']}' of entry {erased[0]['seq']}" in told
        if erased
        else ("the text 'reason' of entry 7 is missing; no entry erased it" in told)
    )


def test_a_text_that_was_erased_and_is_still_there_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added(folder, erased=[REASON])

    assert verify.main([str(folder)]) == 1
    assert "entry 13 erases the text 'reason' of entry 7, which is still there, or never was" in capsys.readouterr().out


@pytest.mark.parametrize("erased", [{"seq": 7}, [7], [{"seq": 7}]])
def test_an_erasure_that_lists_no_texts_is_told(erased: Any, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added(folder, erased=erased)

    assert verify.main([str(folder)]) == 1
    assert "what it erased is no list of texts" in capsys.readouterr().out


def test_an_order_is_accepted_by_the_hash_that_its_document_has_then(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added(folder, event="order.accepted", command={"name": "acknowledge_order", "content_sha256": sha256(ORDER).hexdigest()})
    assert verify.main([str(folder)]) == 0
    redacted(folder)
    assert verify.main([str(folder)]) == 0, capsys.readouterr().out

    added(folder, event="order.accepted", command={"name": "acknowledge_order", "content_sha256": sha256(ORDER).hexdigest()})

    assert verify.main([str(folder)]) == 1
    assert "entry 16 accepts an order by a hash that no document has at that point" in capsys.readouterr().out


def test_the_verifier_and_the_engine_agree_on_what_is_canonical() -> None:
    value = {"\U0001f4ee": "a\u007f\u2028", "\ufb00": [1, -2, True, None, '\u0000\n"\\'], "é": {}, "": []}

    assert verify.canonical(value) == canonical_json(value)


def test_a_document_named_outside_the_folder_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = json.loads(lines_of(folder)[0])
    outside = {"number": "../x", "revision": 1, "content_sha256": "0" * 64}
    write_lines(folder, [canonical_json(first | {"documents": [outside]})])

    assert verify.main([str(folder)]) == 1
    assert "entry 1 names a document that cannot be a file" in capsys.readouterr().out


def redacted(folder: Path, **changes: Any) -> None:
    """A thirteenth entry says that a person was taken out of the order, and a fourteenth that it was drawn anew."""
    lines, new = lines_of(folder), b'{"number":"BC-27P-001","x":1}'
    named = {"number": "BC-27P-001", "revision": 1, "content_sha256": sha256(new).hexdigest(), "replaces_sha256": sha256(ORDER).hexdigest()}
    drawn = {**named, "pdf_sha256": {"fr": sha256(b"anew").hexdigest()}}
    del drawn["replaces_sha256"]
    for documents in ([named | changes], [drawn]):
        changed = {"event": "document.redacted", "documents": documents}
        lines.append(forged(lines[-1], seq=len(lines) + 1, prev=sha256(lines[-1]).hexdigest(), **changed))
    write_anew(folder, lines, len(lines))
    (folder / "contents" / "BC-27P-001-r1.json").write_bytes(new)
    (folder / "documents" / "BC-27P-001-r1.fr.pdf").write_bytes(b"anew")
    (folder / "documents" / "BC-27P-001-r1.en.pdf").unlink()
    write_seal(folder, lines)


def test_a_document_that_was_redacted_on_record_is_no_swapped_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    redacted(folder)

    assert verify.main([str(folder)]) == 0
    assert "1 documents (a person was taken out of 1)" in capsys.readouterr().out


def test_a_redacted_document_that_was_not_drawn_anew_yet_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    redacted(folder)
    lines = lines_of(folder)[:-1]
    write_anew(folder, lines, len(lines))
    write_seal(folder, lines)
    (folder / "documents" / "BC-27P-001-r1.fr.pdf").unlink()

    assert verify.main([str(folder)]) == 0
    assert "0 documents (a person was taken out of 1, 1 not drawn anew yet)" in capsys.readouterr().out


def test_a_document_as_it_was_before_its_redaction_is_not_taken_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    redacted(folder)
    (folder / "contents" / "BC-27P-001-r1.json").write_bytes(ORDER)

    assert verify.main([str(folder)]) == 1
    assert "contents/BC-27P-001-r1.json was swapped or changed: its hash is not the one in entry 13" in capsys.readouterr().out


def test_a_redaction_of_what_was_never_named_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    redacted(folder, replaces_sha256="0" * 64)

    assert verify.main([str(folder)]) == 1
    assert "entry 13 redacts BC-27P-001-r1, which no entry before it names by that hash" in capsys.readouterr().out
