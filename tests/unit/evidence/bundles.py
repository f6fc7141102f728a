"""A bundle of twelve entries as it is written, and the ways in which somebody with all the time in the world would change it."""

import json
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.evidence import tree, verify
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
    write_heads(folder, [(signer.sign_head(fold.size, fold.root()), [])], signer)


def write_heads(folder: Path, heads: list[tuple[str, list[bytes]]], signer: Signer = SIGNER) -> None:
    """The log of heads, each with the proof to the next."""
    lines = [canonical_json({"note": note, "key": signer.verifier, "proof": [one.hex() for one in proof]}) for note, proof in heads]
    (folder / "seal" / "heads.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


def leaves_of(folder: Path) -> list[bytes]:
    return [leaf(CHAIN, seq, sha256(line).hexdigest()) for seq, line in enumerate(lines_of(folder), 1)]


def subtree(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    """Reads complete subtrees of a tree of these leaves."""

    def read(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return sha256(b"\1" + read(level - 1, 2 * index) + read(level - 1, 2 * index + 1)).digest()

    return read


def sealed_four_times(folder: Path, forged_at: int = 0) -> list[str]:
    """A tree of this campaign's entries alone, sealed at 3, 4, 9 and 12 leaves; at `forged_at` over other leaves than those."""
    leaves = leaves_of(folder)
    others = [sha256(one).digest() for one in leaves]
    sizes = (3, 4, 9, 12)
    notes = [SIGNER.sign_head(size, tree.root(size, subtree(others if size == forged_at else leaves))) for size in sizes]
    proofs = [tree.consistency_proof(old, new, subtree(leaves)) for old, new in pairwise(sizes)]
    write_heads(folder, list(zip(notes, [*proofs, []], strict=True)))
    entries = [f"entry {seq} {sha256(line).hexdigest()}\n" for seq, line in enumerate(lines_of(folder), 1)]
    (folder / "seal" / "proof.txt").write_text("".join(entries))
    (folder / "seal" / "head.txt").write_text(notes[-1])
    return notes


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
