#!/usr/bin/env python3
"""Verifies the evidence of one campaign without Jalon: python verify.py FOLDER

FOLDER holds what evidence.zip held. When everything fits, the first line printed is the head of the chain (the SHA-256 of the last entry)
and the exit code is 0. Otherwise what is wrong is named and the exit code is 1. Needs Python 3.9 or later, and nothing else.

Each line of checkpoints.jsonl is one entry: canonical JSON (RFC 8785), numbered from 1 in `seq`, holding in `prev` the SHA-256 of the line
before it without its line feed, 64 zeros in the first. head.json says how many entries there are and which hash the last one has.
"""

from __future__ import annotations

import argparse
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
    """What was found whole: the head's hash, how many entries, documents and texts there are, and how many texts were erased."""

    head: str
    entries: int
    documents: int
    texts: int
    erased: int


def main(arguments: list[str] | None = None) -> int:
    """Verify the folder named on the command line, by default the one this file lies in."""
    parser = argparse.ArgumentParser(description="Verify the evidence of one campaign.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent, help="where evidence.zip was unpacked")
    try:
        found = verify(parser.parse_args(arguments).folder)
    except Fault as fault:
        sys.stdout.write(f"{fault}\n")
        return 1
    erased = f" ({found.erased} erased since)" if found.erased else ""
    sys.stdout.write(
        f"{found.head}\n{found.entries} entries, {found.documents} documents and {found.texts} texts{erased}: as they were written.\n"
    )
    return 0


def verify(folder: Path) -> Verified:
    """Check every entry, document, content and text.

    :raises Fault: naming what is wrong.
    """
    head = read_head(folder)
    papers = Papers()
    texts = Texts(folder / "texts.jsonl")

    def visit(entry: Entry) -> None:
        papers.note(entry)
        texts.compare(entry)

    try:
        with (folder / "checkpoints.jsonl").open("rb") as lines:
            processes = follow(lines, head, visit)
    except OSError:
        raise Fault("checkpoints.jsonl is missing or cannot be read") from None
    if processes != head["processes"]:
        raise Fault("head.json was changed: it names other processes than the entries do")
    texts.end()
    papers.compare(folder)
    return Verified(head["head"], head["count"], len(papers.pdfs), texts.count, texts.erased)


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


def follow(lines: Iterable[bytes], head: dict[str, Any], visit: Callable[[Entry], None]) -> dict[str, list[str]]:
    """Walk a chain from its first entry to its head, one line in memory at a time.

    :param lines: the entries' bytes, each with its line feed.
    :param visit: called with each entry once it stands where it belongs.
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
        visit(entry)
        previous, count = hashlib.sha256(body).hexdigest(), number
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


class Papers:
    """The documents that entries name: the PDFs they were issued as, and the canonical content that was drawn and acknowledged."""

    def __init__(self) -> None:
        self.pdfs: dict[str, tuple[str, int]] = {}
        self.contents: dict[str, tuple[str, int]] = {}

    def note(self, entry: Entry) -> None:
        """Remember the hashes of an entry's documents."""
        for document in entry["documents"]:
            name = f"{document['number']}-r{document['revision']}"
            if "/" in name or "\\" in name:
                raise Fault(f"entry {entry['seq']} names a document that cannot be a file: {name}")
            self._expect(self.contents, f"{name}.json", document["content_sha256"], entry["seq"])
            for locale, sha256 in document.get("pdf_sha256", {}).items():
                self._expect(self.pdfs, f"{name}.{locale}.pdf", sha256, entry["seq"])

    def compare(self, folder: Path) -> None:
        """Compare what was named with what lies in documents/ and contents/.

        :raises Fault: naming every document that is missing, swapped, or nowhere in the chain.
        """
        faults = _compare_files(folder / "documents", self.pdfs) + _compare_files(folder / "contents", self.contents)
        if faults:
            raise Fault("\n".join(faults))

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
    """The words that entries know by a salted hash. They may be erased, each line whole; what is left has to fit."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self.erased = 0
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
        self.erased += len(wanted)

    def end(self) -> None:
        """Check that no text is left after the last entry.

        :raises Fault: when one is.
        """
        if self._next is not None:
            raise Fault(f"texts.jsonl: a text of entry {self._next['seq']}, which there is not")

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
