"""The verifier names what is wrong: each test tampers with a whole folder in one way, as somebody with all the time in the world would."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from app.evidence import verify
from app.evidence.notes import Signer
from app.evidence.sealer import leaf
from app.evidence.tree import Fold
from workflows.engine.canonical import canonical_json
from workflows.engine.checkpoints import GENESIS, salted_sha256

CHAIN = "6d9c5f0e-58b1-4b43-a04c-1ae1b2f0b6a1"
ORDER = b'{"number":"BC-27P-001"}'
SCRIPT = Path(verify.__file__)
COUNT = 12
SIGNER = Signer(bytes(range(32)))


def entry(seq: int, previous: str) -> bytes:
    """One entry: the third requests a document, the fourth says it was issued, the seventh knows a text, the eighth has an emoji key."""
    named = {"kind": "purchase_order", "number": "BC-27P-001", "revision": 1, "content_sha256": sha256(ORDER).hexdigest()}
    pdfs = {"pdf_sha256": {locale: sha256(locale.encode()).hexdigest() for locale in ("fr", "en")}}
    whole: dict[str, Any] = {
        "v": 1,
        "seq": seq,
        "prev": previous,
        "chain": CHAIN,
        "event": "document.issued" if seq == 4 else "campaign.plan.revised",
        "process": {"name": "campaign", "sha256": "c" * 64},
        "documents": [named] if seq == 3 else [named | pdfs] if seq == 4 else [],
        "texts": {"reason": salted_sha256("ab", "trop cher, dit Léa")} if seq == 7 else {},
        "command": {"name": "revise_plan", "\ufb00": 1, "\U0001f4ee": 2} if seq == 8 else {"name": "revise_plan"},
    }
    return canonical_json(whole)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle of twelve entries, one document and one text, as it is written."""
    folder = tmp_path / "evidence"
    (folder / "documents").mkdir(parents=True)
    (folder / "contents").mkdir()
    previous, lines = GENESIS, []
    for seq in range(1, COUNT + 1):
        lines.append(entry(seq, previous))
        previous = sha256(lines[-1]).hexdigest()
    write_lines(folder, lines)
    head = {"v": 1, "campaign": "27P", "chain": CHAIN, "count": COUNT, "head": previous, "processes": {"campaign": ["c" * 64]}}
    (folder / "head.json").write_text(json.dumps(head))
    text = {"seq": 7, "field": "reason", "salt": "ab", "sha256": salted_sha256("ab", "trop cher, dit Léa"), "text": "trop cher, dit Léa"}
    (folder / "texts.jsonl").write_text(json.dumps(text) + "\n")
    (folder / "contents" / "BC-27P-001-r1.json").write_bytes(ORDER)
    write_seal(folder, lines)
    for locale in ("fr", "en"):
        (folder / "documents" / f"BC-27P-001-r1.{locale}.pdf").write_bytes(locale.encode())
    return folder


def write_seal(folder: Path, lines: list[bytes], signer: Signer = SIGNER) -> None:
    """The seal of these entries, with leaves of other campaigns before, among and after them."""
    others, fold, proof = iter(range(100)), Fold(), []

    def of_another(level: int) -> None:
        digest = sha256(str(next(others)).encode()).digest()
        fold.add(level, digest)
        proof.append(f"node {level} {digest.hex()}")

    of_another(1)
    for seq, line in enumerate(lines, 1):
        digest = sha256(line).hexdigest()
        fold.add(0, leaf(CHAIN, seq, digest))
        proof.append(f"entry {seq} {digest}")
        if seq == 6:
            of_another(3)
    of_another(0)
    (folder / "seal").mkdir(exist_ok=True)
    (folder / "seal" / "proof.txt").write_text("".join(f"{line}\n" for line in proof))
    (folder / "seal" / "head.txt").write_text(signer.sign_head(fold.size, fold.root()))
    (folder / "seal" / "key.txt").write_text(f"{signer.verifier}\n")


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "checkpoints.jsonl").read_bytes().splitlines()


def write_lines(folder: Path, lines: list[bytes]) -> None:
    (folder / "checkpoints.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


def forged(line: bytes, **changes: Any) -> bytes:
    """An entry that says something else, in canonical form."""
    return canonical_json(json.loads(line) | changes)


def tampering(change: Callable[[list[bytes]], None]) -> Callable[[Path], None]:
    """A change of the list of entries."""

    def apply(folder: Path) -> None:
        lines = lines_of(folder)
        change(lines)
        write_lines(folder, lines)

    return apply


def edit(seq: int, **changes: Any) -> Callable[[Path], None]:
    def change(lines: list[bytes]) -> None:
        lines[seq - 1] = forged(lines[seq - 1], **changes)

    return tampering(change)


def relinked(lines: list[bytes]) -> None:
    """Edit the fifth entry and mend the link of the sixth, no further."""
    lines[4] = forged(lines[4], event="campaign.plan.forged")
    lines[5] = forged(lines[5], prev=sha256(lines[4]).hexdigest())


def rewritten(folder: Path) -> None:
    """Edit the fifth entry and write anew every entry after it, and head.json: a chain whole in itself."""
    lines = lines_of(folder)
    lines[4] = forged(lines[4], event="campaign.plan.forged")
    write_anew(folder, lines, 5)


def cut_and_headed(folder: Path) -> None:
    write_anew(folder, lines_of(folder)[:10], 10)


def write_anew(folder: Path, lines: list[bytes], start: int) -> None:
    for at in range(start, len(lines)):
        lines[at] = forged(lines[at], prev=sha256(lines[at - 1]).hexdigest())
    write_lines(folder, lines)
    head = json.loads((folder / "head.json").read_text())
    head |= {"count": len(lines), "head": sha256(lines[-1]).hexdigest()}
    (folder / "head.json").write_text(json.dumps(head))


def rewritten_with_proof(folder: Path) -> None:
    """And the proof too: but the head was signed."""
    head = (folder / "seal" / "head.txt").read_text()
    rewritten(folder)
    write_seal(folder, lines_of(folder))
    (folder / "seal" / "head.txt").write_text(head)


def sealed_by_another_key(folder: Path) -> None:
    """And the head too, by a key that is not the one named."""
    key = (folder / "seal" / "key.txt").read_text()
    rewritten(folder)
    write_seal(folder, lines_of(folder), Signer(bytes(32)))
    (folder / "seal" / "key.txt").write_text(key)


def reworded_head(folder: Path) -> None:
    """A head of the same name and another root, under a signature of the old one."""
    old = (folder / "seal" / "head.txt").read_text()
    rewritten(folder)
    write_seal(folder, lines_of(folder))
    body = (folder / "seal" / "head.txt").read_text().split("\n\n")[0]
    (folder / "seal" / "head.txt").write_text(body + "\n\n" + old.split("\n\n")[1])


def swap(lines: list[bytes]) -> None:
    lines[4], lines[7] = lines[7], lines[4]


def insert(at: int, **changes: Any) -> Callable[[Path], None]:
    def change(lines: list[bytes]) -> None:
        lines.insert(at - 1, forged(lines[at - 1], event="campaign.plan.forged", **changes))

    return tampering(change)


def spaced(lines: list[bytes]) -> None:
    lines[2] = lines[2].replace(b'"v":1', b'"v": 1')


def rehead(folder: Path) -> None:
    """Cut the tail and count the rest in the head, but leave its hash."""
    write_lines(folder, lines_of(folder)[:10])
    head = json.loads((folder / "head.json").read_text())
    (folder / "head.json").write_text(json.dumps(head | {"count": 10}))


def swap_documents(folder: Path) -> None:
    french, english = (folder / "documents" / f"BC-27P-001-r1.{locale}.pdf" for locale in ("fr", "en"))
    swapped = french.read_bytes()
    french.write_bytes(english.read_bytes())
    english.write_bytes(swapped)


def reword(folder: Path) -> None:
    row = json.loads((folder / "texts.jsonl").read_text())
    (folder / "texts.jsonl").write_text(json.dumps(row | {"text": "bon marché"}) + "\n")


def reword_with_its_hash(folder: Path) -> None:
    row = json.loads((folder / "texts.jsonl").read_text())
    row |= {"text": "bon marché", "sha256": salted_sha256("ab", "bon marché")}
    (folder / "texts.jsonl").write_text(json.dumps(row) + "\n")


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


def test_where_it_can_the_verifier_checks_the_signature_by_the_key_that_is_known(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main([str(folder), "--key", SIGNER.verifier]) == 0
    assert f"Entries 1 to 12 are under the head that {SIGNER.name} signed; the signature holds." in capsys.readouterr().out

    assert verify.main([str(folder), "--key", Signer(bytes(32)).verifier]) == 1
    assert "is not the key that you were given" in capsys.readouterr().out


def test_entries_later_than_the_seal_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_seal(folder, lines_of(folder)[:9])

    assert verify.main([str(folder)]) == 0
    assert "entries 10 to 12 are later than the seal" in capsys.readouterr().out


def test_an_erased_text_leaves_the_chain_valid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "texts.jsonl").write_text("")

    assert verify.main([str(folder)]) == 0
    assert "1 erased since" in capsys.readouterr().out


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
        lines.append(forged(lines[-1], seq=len(lines) + 1, prev=sha256(lines[-1]).hexdigest(), documents=documents))
    write_anew(folder, lines, len(lines))
    (folder / "contents" / "BC-27P-001-r1.json").write_bytes(new)
    (folder / "documents" / "BC-27P-001-r1.fr.pdf").write_bytes(b"anew")
    (folder / "documents" / "BC-27P-001-r1.en.pdf").unlink()
    write_seal(folder, lines)


def test_a_document_that_was_redacted_on_record_is_no_swapped_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    redacted(folder)

    assert verify.main([str(folder)]) == 0
    assert "1 documents (1 of which a person was taken out)" in capsys.readouterr().out


def test_a_document_as_it_was_before_its_redaction_is_not_taken_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    redacted(folder)
    (folder / "contents" / "BC-27P-001-r1.json").write_bytes(ORDER)

    assert verify.main([str(folder)]) == 1
    assert "contents/BC-27P-001-r1.json was swapped or changed: its hash is not the one in entry 13" in capsys.readouterr().out


def test_a_redaction_of_what_was_never_named_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    redacted(folder, replaces_sha256="0" * 64)

    assert verify.main([str(folder)]) == 1
    assert "entry 13 redacts BC-27P-001-r1, which no entry before it names by that hash" in capsys.readouterr().out
