#!/usr/bin/env python3
"""Verifies the evidence of one campaign without Jalon: python verify.py FOLDER, or the log of signed heads: python verify.py --log FILE

FOLDER holds what evidence.zip held. When everything fits, the first line printed is the head of the chain (the SHA-256 of the last entry)
and the exit code is 0. Otherwise what is wrong is named and the exit code is 1. Needs Python 3.9 or later; checks the signature where the
package `cryptography` is installed, and says so where it is not.

Each line of checkpoints.jsonl is one entry: canonical JSON (RFC 8785), numbered from 1 in `seq`, holding in `prev` the SHA-256 of the line
before it without its line feed, 64 zeros in the first. head.json says how many entries there are and which hash the last one has.

An entry knows free text by the SHA-256 of its salt, a line feed and its words; both stand in texts.jsonl. To forget a person, a text is
deleted there, and a later entry names it in `erased`, as `seq` and `field`: a text that is missing without that is a fault. An entry that
takes a person out of a document names the hash of what it said before in `replaces_sha256`.

Whoever keeps the database could write a chain anew, and head.json with it. So the entries of all campaigns are also leaves of one Merkle
tree (RFC 6962), whose head was signed: seal/head.txt (a C2SP tlog-checkpoint), by the key in seal/key.txt. seal/proof.txt proves that this
campaign's entries are in it: it lays the whole tree side by side, left to right, as `entry SEQ SHA256` for each entry of this campaign and
`node LEVEL SHA256` for subtrees of others. A leaf's data are the chain, the entry's number and the entry's hash, a line feed after each.

seal/heads.jsonl has the heads that were signed before, oldest first: those under which entries of this campaign came, and those that were
mailed. Each line is an object with `note`, `key` and `proof`, the consistency proof (RFC 6962, section 2.1.2) to the head of the next line.
Somebody who kept a head, as it was mailed or as it is printed in the foot of a document, gives it with --head: a file that holds the note,
or SIZE:ROOT. Where the log of heads was written anew, this names the head that does not follow.
"""

from __future__ import annotations

import argparse
import base64
import email
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

KNOWN_VERSIONS = (1,)
GENESIS = "0" * 64

Entry = dict[str, Any]


class Fault(Exception):
    """Something in the folder is not as it was written; the message names it."""


class Verified(NamedTuple):
    """What was found whole: the head's hash, how many entries, documents and texts there are, and how many texts were erased.

    `sealed` counts the entries under the signed head, `key` names who signed it; `signature_checked` is False without `cryptography`.
    `redacted` counts the documents out of which an entry says that a person was taken, `undrawn` those of them that wait to be drawn anew;
    `heads` counts the signed heads, `kept` has the sizes of those that were given from outside.
    """

    head: str
    entries: int
    documents: int
    texts: int
    erased: int
    sealed: int = 0
    key: str = ""
    signature_checked: bool = False
    redacted: int = 0
    undrawn: int = 0
    heads: int = 0
    kept: tuple[int, ...] = ()


class KeptHead(NamedTuple):
    """What somebody wrote down of a head: how many leaves, and their root."""

    size: int
    root: bytes


def main(arguments: list[str] | None = None) -> int:
    """Verify the folder named on the command line, by default the one this file lies in."""
    parser = argparse.ArgumentParser(description="Verify the evidence of one campaign.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent, help="where evidence.zip was unpacked")
    parser.add_argument("--key", help="the public key that you were given by another way, as in seal/key.txt")
    parser.add_argument("--head", action="append", default=[], help="a head that you kept: a file that holds the note, or SIZE:ROOT")
    parser.add_argument("--log", type=Path, help="verify a log of signed heads (heads.jsonl) alone, instead of a folder")
    given = parser.parse_args(arguments)
    try:
        if given.log:
            sys.stdout.write(verify_log(given.log, key=given.key, kept=[read_kept_head(one) for one in given.head]))
            return 0
        found = verify(given.folder, key=given.key, kept=[read_kept_head(one) for one in given.head])
    except Fault as fault:
        sys.stdout.write(f"{fault}\n")
        return 1
    erased = f" ({found.erased} erased since)" if found.erased else ""
    undrawn = f", {found.undrawn} not drawn anew yet" if found.undrawn else ""
    redacted = f" (a person was taken out of {found.redacted}{undrawn})" if found.redacted else ""
    documents = f"{found.documents} documents{redacted}"
    sys.stdout.write(
        f"{found.head}\n{found.entries} entries, {documents} and {found.texts} texts{erased}: as they were written.\n"
        f"{_say_seal(found)}\n{_say_heads(found)}"
    )
    return 0


def _say_seal(found: Verified) -> str:
    if not found.key:
        return "NOT SEALED: nothing shows whether the chain was written anew as a whole."
    late = f"; {_entries(found.sealed + 1, found.entries)} later than the seal" if found.sealed < found.entries else ""
    if not found.signature_checked:
        return (
            f"Entries 1 to {found.sealed} are under the head of {found.key}{late}. SIGNATURE NOT CHECKED: needs the package cryptography."
        )
    return f"Entries 1 to {found.sealed} are under the head that {found.key} signed{late}; the signature holds."


def _say_heads(found: Verified) -> str:
    return _say_log(found.heads, found.kept) if found.heads else ""


def _say_log(heads: int, kept: Iterable[int]) -> str:
    told = "".join(f"The head of {size} leaves that you kept is one of them.\n" for size in kept)
    return f"{heads} signed heads, each following from the one before.\n{told}"


def verify(folder: Path, *, key: str | None = None, kept: Iterable[KeptHead] = (), must_be_sealed: bool = True) -> Verified:
    """Check every entry, document, content and text, and that the entries are those that were sealed.

    :param key: the public key known by another way.
    :param kept: heads kept outside, which the log of heads has to know.
    :param must_be_sealed: False where whoever asks knows that nothing was sealed yet.
    :raises Fault: naming what is wrong.
    """
    head, kept = read_head(folder), list(kept)
    seal = Seal(folder / "seal", head["chain"], key) if must_be_sealed else None
    papers = Papers()
    texts = Texts(folder / "texts.jsonl")

    def visit(entry: Entry, digest: str) -> None:
        if seal:
            seal.compare(entry["seq"], digest)
        papers.note(entry)
        texts.compare(entry)

    try:
        with (folder / "checkpoints.jsonl").open("rb") as lines:
            processes = follow(lines, head, visit)
    except OSError:
        raise Fault("checkpoints.jsonl is missing or cannot be read") from None
    except Fault as fault:
        raise Fault(f"{fault}\n{seal.fault}" if seal and seal.fault else str(fault)) from None
    if seal:
        seal.end()
        for one in kept:
            seal.heads.compare(one)
    if processes != head["processes"]:
        raise Fault("head.json was changed: it names other processes than the entries do")
    texts.end()
    papers.compare(folder)
    found = Verified(head["head"], head["count"], len(papers.pdfs), texts.count, texts.erased, *(seal.found() if seal else ()))
    found = found._replace(redacted=len(papers.redacted), undrawn=len(papers.undrawn))
    return found._replace(heads=len(seal.heads.roots), kept=tuple(one.size for one in kept)) if seal else found


def verify_log(path: Path, *, key: str | None = None, kept: Iterable[KeptHead] = ()) -> str:
    """Check a log of signed heads by itself, and find those that were kept outside; the sentence that says what was found.

    :raises Fault: naming the head that is not signed by its key, does not follow from the one before, or is none of the log's.
    """
    heads = Heads(path)
    if heads.newest is None:
        raise Fault(f"{path.name} holds no head")
    if key is not None and key.strip() != heads.key:
        raise Fault(f"the newest head is not signed by the key that you were given: it is by {heads.key}")
    kept = list(kept)
    for one in kept:
        heads.compare(one)
    signed = "the signatures hold" if heads.signatures_checked else "SIGNATURES NOT CHECKED: needs the package cryptography"
    return f"{heads.newest.size}:{heads.newest.root.hex()}\n{_say_log(len(heads.roots), [one.size for one in kept])}{signed}.\n"


def read_kept_head(given: str) -> KeptHead:
    """A head from a file that holds the signed note (an e-mail as it came will do), or as SIZE:ROOT, the root in hexadecimal or base64.

    :raises Fault: when it is neither.
    """
    size, colon, root = given.partition(":")
    try:
        if not (colon and size.isdecimal()):
            lines = [line.strip() for line in _letter(Path(given).read_bytes()).splitlines()]
            start = next(at for at, line in enumerate(lines) if line.startswith("jalon-") and lines[at + 1].isdecimal())
            size, root = lines[start + 1], lines[start + 2]
        digest = bytes.fromhex(root) if len(root) == 64 else base64.b64decode(root, validate=True)
        if len(digest) != 32:
            raise ValueError
    except (OSError, ValueError, StopIteration, IndexError):
        raise Fault(f"{given} is no head: a file that holds the note, or SIZE:ROOT") from None
    return KeptHead(int(size), digest)


def _letter(given: bytes) -> str:
    """The words of a file: a note as it is, or an e-mail, whose text may be encoded."""
    for part in email.message_from_bytes(given).walk():
        body = part.get_payload(decode=True)
        if part.get_content_maintype() == "text" and isinstance(body, bytes) and b"\njalon-" in body:
            return body.decode("utf-8", "replace")
    return given.decode("utf-8", "replace")


def read_head(folder: Path) -> dict[str, Any]:
    """What head.json says: `campaign`, `chain`, `count`, `head` and `processes`.

    :raises Fault: when it is missing or says something else.
    """
    try:
        head = json.loads((folder / "head.json").read_bytes())
    except OSError:
        raise Fault("head.json is missing: without it nobody can tell whether the tail was cut") from None
    except ValueError:
        raise Fault("head.json was changed: it is no JSON") from None
    shapes = {"campaign": str, "chain": str, "count": int, "head": str, "processes": dict}
    if not isinstance(head, dict) or not all(isinstance(head.get(name), shape) for name, shape in shapes.items()):
        raise Fault("head.json was changed: it lacks what a head says")
    return head


def follow(lines: Iterable[bytes], head: dict[str, Any], visit: Callable[[Entry, str], None]) -> dict[str, list[str]]:
    """Walk a chain from its first entry to its head, one line in memory at a time.

    :param lines: the entries' bytes, each with its line feed.
    :param visit: called with each entry and its hash once it stands where it belongs.
    :return: the hashes of the processes that the entries name, sorted, by the process's name.
    :raises Fault: at the first entry that is wrong.
    """
    previous, count = GENESIS, 0
    processes: dict[str, set[str]] = {}
    numbered = enumerate(lines, 1)
    for number, line in numbered:
        entry, body = read_entry(line, number)
        if entry["seq"] != number:
            raise _misplaced(number, entry["seq"], body, previous, numbered, head)
        if entry["prev"] != previous:
            raise _broken_link(number, body, numbered, head)
        if entry["chain"] != head["chain"]:
            raise Fault(f"entry {number} belongs to another chain than head.json says")
        processes.setdefault(entry["process"]["name"], set()).add(entry["process"]["sha256"])
        previous, count = hashlib.sha256(body).hexdigest(), number
        visit(entry, previous)
    if count < head["count"]:
        raise Fault(f"the tail was cut: {_entries(count + 1, head['count'])} missing")
    if count > head["count"]:
        raise Fault(f"{_entries(head['count'] + 1, count)} beyond the head: added, or head.json was changed")
    if previous != head["head"]:
        raise Fault(f"entry {count}, the last, was changed, or head.json was: its hash is {previous}, head.json says {head['head']}")
    return {name: sorted(hashes) for name, hashes in processes.items()}


def _refuse_number(text: str) -> None:
    raise ValueError(f"{text} is no whole number")


_DECODER = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def read_entry(line: bytes, number: int) -> tuple[Entry, bytes]:
    """One entry, and its bytes without the line feed.

    :raises Fault: when the line is cut, is no entry, or is not in its one canonical form.
    """
    if not line.endswith(b"\n"):
        raise Fault(f"entry {number} was changed: its line is cut")
    body = line[:-1]
    try:
        entry = _DECODER.decode(body.decode("utf-8"))
    except ValueError:
        raise Fault(f"entry {number} was changed: the line is no JSON of whole numbers and text") from None
    shapes = {"v": int, "seq": int, "prev": str, "chain": str, "event": str, "process": dict, "documents": list, "texts": dict}
    shapes["command"] = dict
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), shape) for name, shape in shapes.items()):
        raise Fault(f"entry {number} was changed: it lacks what an entry says")
    if entry["v"] not in KNOWN_VERSIONS:
        raise Fault(f"entry {number} is written in version {entry['v']}, which this file does not know")
    if canonical(entry) != body:
        raise Fault(f"entry {number} was changed: it is not in canonical form")
    return entry, body


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of text, whole numbers, true, false, null, lists and objects."""
    text = _ENCODER.encode(value)
    if not text.isascii() and any(ord(character) > 0xFFFF for character in text):
        text = _ENCODER_UNSORTED.encode(_sorted(value))
    return text.encode("utf-8", "surrogatepass")


_ENCODER_UNSORTED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=False, allow_nan=False)


def _sorted(value: Any) -> Any:
    """Keys in the order of their UTF-16 units, which differs from that of code points beyond the basic plane."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _misplaced(number: int, found: int, body: bytes, previous: str, rest: Iterator[tuple[int, bytes]], head: dict[str, Any]) -> Fault:
    """Say whether the entry found on a line was inserted, moved, or stands there because another is missing."""
    own, repeated, later, follows = hashlib.sha256(body).hexdigest(), False, 0, ""
    for line_number, line in rest:
        try:
            entry, _ = read_entry(line, line_number)
        except Fault:
            continue
        repeated = repeated or entry["seq"] == found
        if entry["seq"] == number and not later:
            later, follows = line_number, entry["prev"]
    if found == number - 1:
        intruder = number - 1 if follows == own else number
        known = "" if follows in (previous, own) else " or the line before it"
        return Fault(f"entry {found} stands twice: line {intruder}{known} was inserted")
    if found < number:
        return Fault(f"entry {found} stands again on line {number}: it was inserted or moved there")
    if repeated or found > head["count"]:
        return Fault(f"line {number} was inserted: it says it is entry {found}")
    if later:
        return Fault(f"the order was changed: entry {found} stands on line {number}, and entry {number} on line {later}")
    return Fault(f"{_entries(number, found - 1)} missing: deleted before entry {found}")


def _broken_link(number: int, body: bytes, rest: Iterator[tuple[int, bytes]], head: dict[str, Any]) -> Fault:
    """Say which of two entries that do not fit was changed: the one whose successor no longer knows it."""
    own = hashlib.sha256(body).hexdigest()
    following = next(rest, None)
    if following is None:
        known = own == head["head"]
    else:
        try:
            known = read_entry(following[1], following[0])[0]["prev"] == own
        except Fault:
            known = False
    if known and number > 1:
        return Fault(f"entry {number - 1} was changed: entry {number} holds another hash of it")
    return Fault(f"entry {number} was changed: it does not hold the hash of the entry before it")


def _entries(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"


class Seal:
    """The signed head and the proof that entries are under it: checked by itself first, then compared with the entries one by one."""

    def __init__(self, folder: Path, chain: str, known_key: str | None) -> None:
        self.fault = ""
        try:
            note, self._key = ((folder / name).read_text("utf-8") for name in ("head.txt", "key.txt"))
        except (OSError, ValueError):
            raise Fault(
                "seal/head.txt or seal/key.txt is missing: without them nobody can tell whether the chain was written anew"
            ) from None
        self._key = self._key.strip()
        if known_key is not None and known_key.strip() != self._key:
            raise Fault(f"seal/key.txt is not the key that you were given: it says {self._key}")
        size, root, self._checked = _open_note(note, self._key, "seal/head.txt or seal/key.txt was changed", "seal/head.txt was changed")
        self._path, self._count = folder / "proof.txt", 0
        if self._fold(chain) != (size, root):
            raise Fault("seal/proof.txt or seal/head.txt was changed: the proof does not come to the root that the head says")
        self.heads = Heads(folder / "heads.jsonl", KeptHead(size, root))
        self._entries = self._items("entry")
        self._walked = 0

    def compare(self, seq: int, digest: str) -> None:
        """Note the first entry that is not the one that was sealed; what is wrong in the chain itself is said first."""
        self._walked = seq
        sealed = next(self._entries, None)
        if sealed is not None and not self.fault and sealed[1].hex() != digest:
            self.fault = f"entry {seq} was changed, and the chain was written anew from there: it is not the entry that was sealed"

    def end(self) -> None:
        """Say what the walk over the entries found.

        :raises Fault: when an entry is another than was sealed, or sealed entries are missing.
        """
        if self.fault:
            raise Fault(self.fault)
        if self._walked < self._count:
            raise Fault(f"the tail was cut: {_entries(self._walked + 1, self._count)} missing, which the seal knows")

    def found(self) -> tuple[int, str, bool]:
        """How many entries were sealed, by which key, and whether its signature was checked."""
        return self._count, self._key.split("+")[0], self._checked

    def _items(self, wanted: str = "") -> Iterator[tuple[int, bytes]]:
        """Lines of the proof; a number below zero is an entry's, else a level, unless only one kind is wanted."""
        try:
            with self._path.open("rb") as lines:
                for line in lines:
                    kind, number, digest = line.decode("ascii").split()
                    if kind not in ("entry", "node") or len(digest) != 64 or not number.isdecimal():
                        raise ValueError
                    if not wanted or kind == wanted:
                        yield (int(number) if wanted or kind == "node" else -int(number)), bytes.fromhex(digest)
        except OSError:
            raise Fault("seal/proof.txt is missing") from None
        except ValueError:
            raise Fault("seal/proof.txt was changed: a line is no part of a proof") from None

    def _fold(self, chain: str) -> tuple[int, bytes]:
        """The size and root of the tree that the proof lays out. The stack holds complete subtrees, as the digits of the size."""
        size = 0
        stack: list[tuple[int, bytes]] = []
        for number, written in self._items():
            level, digest = max(number, 0), written
            if number < 0:
                self._count += 1
                if -number != self._count:
                    raise Fault(f"seal/proof.txt was changed: it says entry {-number} where entry {self._count} belongs")
                digest = hashlib.sha256(f"\0{chain}\n{self._count}\n{written.hex()}\n".encode()).digest()
            if level > 62 or size % (1 << level):
                raise Fault("seal/proof.txt was changed: a subtree stands where none of its size begins")
            size += 1 << level
            while stack and stack[-1][0] == level:
                digest, level = hashlib.sha256(b"\1" + stack.pop()[1] + digest).digest(), level + 1
            stack.append((level, digest))
        root = stack.pop()[1] if stack else hashlib.sha256().digest()
        while stack:
            root = hashlib.sha256(b"\1" + stack.pop()[1] + root).digest()
        return size, root


class Heads:
    """The log of signed heads: each is signed, and holds all leaves of the one before, in their places."""

    def __init__(self, path: Path, newest: KeptHead | None = None) -> None:
        self.roots: dict[int, bytes] = {}
        self.key, self.signatures_checked = "", True
        last: KeptHead | None = None
        proof: list[bytes] = []
        name = f"{path.parent.name}/{path.name}".lstrip("/")
        for number, row in self._read(path, name):
            place = f"{name}, line {number} was changed"
            size, root, checked = _open_note(row["note"], row["key"], place, place)
            head, self.key, self.signatures_checked = KeptHead(size, root), row["key"].strip(), self.signatures_checked and checked
            if last and not (last.size < head.size and is_consistent(last, head, proof)):
                raise Fault(f"the log of heads was written anew: the head of {head.size} leaves does not follow from that of {last.size}")
            try:
                proof = [bytes.fromhex(one) for one in row["proof"]]
            except (TypeError, ValueError):
                raise Fault(f"{place}: its proof is none") from None
            last, self.roots[head.size] = head, head.root
        self.newest: KeptHead | None = last
        if newest is not None and last != newest:
            raise Fault("the log of heads was cut or written anew: seal/heads.jsonl does not end with the head in seal/head.txt")

    def compare(self, kept: KeptHead) -> None:
        """Find a head that was kept outside.

        :raises Fault: when the log has another of that size, or none.
        """
        if kept.size not in self.roots:
            raise Fault(f"the log of heads does not know the head of {kept.size} leaves that you kept: ask for evidence that holds it")
        if self.roots[kept.size] != kept.root:
            raise Fault(f"the log of heads was written anew: its head of {kept.size} leaves is not the one that you kept")

    @staticmethod
    def _read(path: Path, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        try:
            lines = path.read_bytes().splitlines()
        except OSError:
            raise Fault(f"{name} is missing: without it nobody can tell whether the log of heads was written anew") from None
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            shapes = {"note": str, "key": str, "proof": list}
            if not isinstance(row, dict) or not all(isinstance(row.get(name), shape) for name, shape in shapes.items()):
                raise Fault(f"{name}, line {number} was changed: it is no head")
            yield number, row


def is_consistent(old: KeptHead, new: KeptHead, proof: list[bytes]) -> bool:
    """Whether the proof leads from the older root to the newer one (RFC 9162, section 2.1.4.2)."""
    path = [old.root, *proof] if old.size & (old.size - 1) == 0 else list(proof)
    if not path or not 0 < old.size < new.size:
        return False
    index, last = old.size - 1, new.size - 1
    while index % 2:
        index, last = index >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if index % 2 or index == last:
            older, newer = hashlib.sha256(b"\1" + sibling + older).digest(), hashlib.sha256(b"\1" + sibling + newer).digest()
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            newer = hashlib.sha256(b"\1" + newer + sibling).digest()
        index, last = index >> 1, last >> 1
    return last == 0 and (older, newer) == (old.root, new.root)


def _open_note(note: str, verifier: str, strange: str, unsigned: str) -> tuple[int, bytes, bool]:
    """The size and root that a signed note says, and whether its signature could be checked here.

    :raises Fault: beginning with `strange` where note and key do not belong together, with `unsigned` where the signature does not hold.
    """
    try:
        body, signature_line = note.split("\n\n")
        origin, size, root = body.split("\n")
        name, key_id, public = verifier.split("+", 2)
        _, signer, signature = signature_line.rstrip("\n").split(" ")
        key, signed = base64.b64decode(public, validate=True), base64.b64decode(signature, validate=True)
        expected = hashlib.sha256(f"{name}\n".encode() + key).digest()[:4]
        if key[:1] != b"\x01" or not (origin == signer == name) or not (signed[:4] == expected == bytes.fromhex(key_id)):
            raise ValueError
        found = int(size), base64.b64decode(root, validate=True)
    except ValueError:
        raise Fault(f"{strange}: they do not belong together") from None
    return (*found, _check_signature(key[1:], signed[4:], f"{body}\n".encode(), unsigned))


def _check_signature(key: bytes, signature: bytes, body: bytes, unsigned: str) -> bool:
    """Whether the signature could be checked here.

    :raises Fault: when it does not hold.
    """
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, body)
    except (InvalidSignature, ValueError):
        raise Fault(f"{unsigned}: the signature does not hold") from None
    return True


class Papers:
    """The documents that entries name: the PDFs they were issued as, and the canonical content that was drawn and acknowledged."""

    def __init__(self) -> None:
        self.pdfs: dict[str, tuple[str, int]] = {}
        self.contents: dict[str, tuple[str, int]] = {}
        self.redacted: set[str] = set()
        self._drawn: set[str] = set()

    def note(self, entry: Entry) -> None:
        """Remember the hashes of an entry's documents."""
        for document in entry["documents"]:
            name = f"{document['number']}-r{document['revision']}"
            if "/" in name or "\\" in name:
                raise Fault(f"entry {entry['seq']} names a document that cannot be a file: {name}")
            if "replaces_sha256" in document:
                self._redact(name, document["replaces_sha256"], entry["seq"])
            self._expect(self.contents, f"{name}.json", document["content_sha256"], entry["seq"])
            for locale, sha256 in document.get("pdf_sha256", {}).items():
                self._drawn.add(name)
                self._expect(self.pdfs, f"{name}.{locale}.pdf", sha256, entry["seq"])
        if entry["event"] == "order.accepted":
            accepted = entry["command"].get("content_sha256")
            if all(accepted != sha256 for sha256, _ in self.contents.values()):
                raise Fault(f"entry {entry['seq']} accepts an order by a hash that no document has at that point")

    @property
    def undrawn(self) -> set[str]:
        """Documents whose PDFs went when a person was taken out of them, and which wait for new ones."""
        return self._drawn - {name.rpartition(".")[0].rpartition(".")[0] for name in self.pdfs}

    def compare(self, folder: Path) -> None:
        """Compare what was named with what lies in documents/ and contents/.

        :raises Fault: naming every document that is missing, swapped, or nowhere in the chain.
        """
        faults = _compare_files(folder / "documents", self.pdfs) + _compare_files(folder / "contents", self.contents)
        if faults:
            raise Fault("\n".join(faults))

    def _redact(self, name: str, replaced: str, seq: int) -> None:
        """A person was taken out of a document: from here on it has other hashes, and what was drawn before is not to be there."""
        known = self.contents.pop(f"{name}.json", ("", 0))
        if known[0] != replaced:
            raise Fault(f"entry {seq} redacts {name}, which no entry before it names by that hash")
        for pdf in [one for one in self.pdfs if one.startswith(f"{name}.")]:
            del self.pdfs[pdf]
        self.redacted.add(name)

    def _expect(self, known: dict[str, tuple[str, int]], name: str, sha256: str, seq: int) -> None:
        if known.setdefault(name, (sha256, seq))[0] != sha256:
            raise Fault(f"entry {seq} names {name} by another hash than entry {known[name][1]} does")


def _compare_files(folder: Path, named: dict[str, tuple[str, int]]) -> list[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()} if folder.is_dir() else set()
    faults = []
    for name, (sha256, seq) in named.items():
        if name not in found:
            faults.append(f"{folder.name}/{name} is missing; entry {seq} names it")
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha256:
            faults.append(f"{folder.name}/{name} was swapped or changed: its hash is not the one in entry {seq}")
    return faults + [f"{folder.name}/{name} was added: no entry names it" for name in sorted(found - set(named))]


class Texts:
    """The words that entries know by a salted hash. They may be erased, each line whole, by an entry that names them; the rest is there."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._missing: set[tuple[int, str]] = set()
        self._erased: set[tuple[int, str]] = set()
        self._rows = self._read(path)
        self._next = next(self._rows, None)

    def compare(self, entry: Entry) -> None:
        """Check the texts of one entry; entries come in order, and so do the lines of the file.

        :raises Fault: when a text is not the one that the entry means.
        """
        wanted = dict(entry["texts"])
        while self._next is not None and self._next["seq"] <= entry["seq"]:
            row = self._next
            if row["seq"] < entry["seq"] or wanted.pop(row["field"], None) != row["sha256"]:
                raise Fault(f"texts.jsonl: the text '{row['field']}' of entry {row['seq']} is not one that the entry names")
            words = f"{row['salt']}\n{row['text']}".encode("utf-8", "surrogatepass")
            if hashlib.sha256(words).hexdigest() != row["sha256"]:
                raise Fault(f"texts.jsonl: the text '{row['field']}' of entry {row['seq']} was changed")
            self.count += 1
            self._next = next(self._rows, None)
        self._missing |= {(entry["seq"], field) for field in wanted}
        self._take_erased(entry)

    @property
    def erased(self) -> int:
        """How many texts entries say that they erased."""
        return len(self._erased)

    def end(self) -> None:
        """Check that no text is left after the last entry, and that none is missing but those that an entry erased.

        :raises Fault: naming the text, and the entry that it belongs to.
        """
        if self._missing:
            missing = (f"texts.jsonl: the text '{field}' of entry {seq} is missing; no entry erased it" for seq, field in self._missing)
            raise Fault("\n".join(sorted(missing)))
        if self._next is not None:
            raise Fault(f"texts.jsonl: a text of entry {self._next['seq']}, which there is not")

    def _take_erased(self, entry: Entry) -> None:
        """Note the texts that an entry says it erased. Erased twice is erased."""
        erased = entry.get("erased", [])
        if not isinstance(erased, list) or not all(isinstance(one, dict) and {"seq", "field"} <= one.keys() for one in erased):
            raise Fault(f"entry {entry['seq']} was changed: what it erased is no list of texts")
        for one in ((text["seq"], text["field"]) for text in erased):
            if one not in self._missing and one not in self._erased:
                raise Fault(f"entry {entry['seq']} erases the text '{one[1]}' of entry {one[0]}, which is still there, or never was")
            self._missing.discard(one)
            self._erased.add(one)

    @staticmethod
    def _read(path: Path) -> Iterator[dict[str, Any]]:
        try:
            lines = path.open("rb")
        except OSError:
            raise Fault("texts.jsonl is missing") from None
        shapes = {"seq": int, "field": str, "salt": str, "sha256": str, "text": str}
        with lines:
            for number, line in enumerate(lines, 1):
                try:
                    row = json.loads(line)
                except ValueError:
                    raise Fault(f"texts.jsonl: line {number} was changed: it is no JSON") from None
                if not isinstance(row, dict) or not all(isinstance(row.get(name), shape) for name, shape in shapes.items()):
                    raise Fault(f"texts.jsonl: line {number} was changed: it lacks what a text says")
                yield row


if __name__ == "__main__":
    sys.exit(main())
