"""From bytes to text: which encoding, with what evidence, and mojibake.

A statistical detector reads French cp1252 as a Central European Mac set; French address files come in few encodings, so the
evidence is weighed here directly.
"""

import codecs
import re
from dataclasses import dataclass

from tasks.merge_purge.reading.defects import Findings
from tasks.merge_purge.reading.errors import UnreadableFile
from tasks.merge_purge.sentences import Sentence

# What the trade sends, most likely first: an equal score keeps the earlier one.
_SINGLE_BYTE = ("cp1252", "cp850", "mac_roman")
_FRENCH_LOWER = re.compile("[éèêëàâäçîïôöùûüÿœ°’]")
_FRENCH_UPPER = re.compile("(?<![a-z])[ÉÈÊËÀÂÇÎÏÔÙÛŒ]")
_ODD = re.compile("[\x80-\x9f‚„…†‡ˆ‰‹›¢¤¥¦©¬®±µ¶¸√∏∑∂∆◊╔╗╚╝║═│┤]")

# Bytes 80-BF of a UTF-8 sequence, as cp1252 or latin-1 shows them after a wrong decoding; then as an old Macintosh and as DOS do.
_TAIL = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MISREAD = {
    "cp1252": f"[ÂÃÅ]{_TAIL}|â€{_TAIL}",
    "mac_roman": r"[√¬≈][^\x00-\x7f]|‚Ä[^\x00-\x7f]",
    "cp850": r"[├┬┼][^\x00-\x7f]|ÔÇ[^\x00-\x7f]",
}
DOUBLE_ENCODED_PATTERN = "|".join(_MISREAD.values())
DOUBLE_ENCODED = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _MISREAD.items()))
_MOST_TIMES = 3
# No accented line is UTF-8 by chance: this many of them make a file put together from two. Fewer are values encoded twice.
_MIXED_SHARE, _MIXED_LINES = 0.2, 2
_OTHER_THAN_TEXT = {
    b"<html": Sentence("a web page"),
    b"<!doctype": Sentence("a web page"),
    b"<?xml": Sentence("an XML document"),
    b"{\\rtf": Sentence("a document of a word processor"),
    b"\x1f\x8b": Sentence("a GZIP archive"),
    b"7z\xbc\xaf\x27\x1c": Sentence("a 7-Zip archive"),
    b"Rar!": Sentence("a RAR archive"),
    b"%PDF": Sentence("a PDF"),
    b"\x89PNG": Sentence("a picture"),
    b"\xff\xd8\xff": Sentence("a picture"),
}
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_OTHERWISE = "jalon.otherwise"
_HEAD = 65_536
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a")  # a database parts the lines within a value by \v
_MOST_CONTROLS = 0.002


@dataclass(frozen=True)
class Decoded:
    """A whole text, as UTF-8, with the name of the encoding it came in, and the names that would have given the same text."""

    utf8: bytes
    encoding: str
    also: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text itself."""
        return self.utf8.decode()


def decode(data: bytes, findings: Findings, *, padded: bool = False) -> Decoded:
    """Decode a whole file.

    :param padded: its columns are fixed, and an old system may have filled them with NULs
    :raises UnreadableFile: ``empty_file``, or ``binary_file`` when it is no text
    """
    if not data.removeprefix(b"\xef\xbb\xbf").strip() or data in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableFile("empty_file", Sentence("the file holds nothing"))
    _refuse_other_than_text(data)
    if data.startswith(b"\xef\xbb\xbf"):
        try:
            return Decoded(_checked(data[3:]), "utf-8-sig")
        except UnicodeDecodeError:
            return Decoded(_by_line(data[3:], findings)[0], "utf-8-sig")
    if data[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return Decoded(_wide(data, "utf-32"), "utf-32")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Decoded(_wide(data, "utf-16"), "utf-16")
    if (unmarked := _utf16_without_mark(data[:4096])) is not None:
        return Decoded(_wide(data, unmarked), unmarked)
    if not padded:
        _refuse_controls(data[:_HEAD])
    try:
        return Decoded(_checked(data), "utf-8", ("ascii", "cp1252", "latin-1") if data.isascii() else ())
    except UnicodeDecodeError:
        pass
    accented = [line for line in data.split(b"\n") if not line.isascii()]
    proper = sum(_is_utf8(line) for line in accented)
    if proper >= max(_MIXED_LINES, _MIXED_SHARE * len(accented)):
        mended, other = _by_line(data, findings)
        return Decoded(mended, "utf-8" if 2 * proper >= len(accented) else other)
    return _single_byte(data)


def _refuse_other_than_text(data: bytes) -> None:
    begins = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for start, what in _OTHER_THAN_TEXT.items():
        if begins.startswith(start.lower()):
            raise UnreadableFile("binary_file", Sentence("this is {what}, no table of addresses", what=what))


def _refuse_controls(head: bytes) -> None:
    """Refuse what has more control characters than the odd NUL that an old system leaves in a text."""
    found = len(head) - len(head.translate(None, _CONTROLS))
    if found > max(1, _MOST_CONTROLS * len(head)):
        first = next(i for i, byte in enumerate(head) if byte in _CONTROLS)
        row = head.count(b"\n", 0, first) + 1
        raise UnreadableFile(
            "binary_file",
            Sentence(
                "{found} control characters in the first {size} bytes, the first at byte {byte} of row {row}: no text file",
                found=found,
                size=len(head),
                byte=first + 1,
                row=row,
            ),
        )


def undo_double_encoding(text: str) -> str:
    """Give back a text whose accents were encoded twice, or more often, as it was meant: ``NoÃ©mie`` becomes ``Noémie``."""
    for _ in range(_MOST_TIMES):
        before, text = text, DOUBLE_ENCODED.sub(_undone, text)
        if text == before:
            break
    return text


def _undone(found: re.Match[str]) -> str:
    name, text = str(found.lastgroup), found.group()
    try:
        return (bytes(map(_byte, text)) if name == "cp1252" else text.encode(name)).decode("utf-8")
    except UnicodeError:
        return text


def _byte(character: str) -> int:
    try:
        return character.encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord(character) & 0xFF


def _checked(data: bytes) -> bytes:
    data.decode("utf-8")
    return data


def _is_utf8(line: bytes) -> bool:
    try:
        _checked(line)
    except UnicodeDecodeError:
        return False
    return True


def _by_line(data: bytes, findings: Findings) -> tuple[bytes, str]:
    """Decode the lines that are UTF-8 as such, and the others in the single-byte encoding that suits them together, which is told.

    A line may hold both: what is UTF-8 in it stays so.
    """
    raw = data.split(b"\n")
    odd = [i for i, line in enumerate(raw) if not _is_utf8(line)]
    other = _single_byte(_SEQUENCE.sub(b"", b"\n".join(raw[i] for i in odd))).encoding
    strange = frozenset(odd)
    codecs.register_error(_OTHERWISE, lambda fault: _otherwise(fault, other))
    lines = [line.decode("utf-8", errors=_OTHERWISE).encode() if i in strange else line for i, line in enumerate(raw)]
    findings.add("mixed_encodings", len(odd), repaired=True, rows=[i + 1 for i in odd], evidence=f"utf-8 with lines in {other}")
    return b"\n".join(lines), other


def _otherwise(fault: UnicodeError, encoding: str) -> tuple[str, int]:
    """What stands where UTF-8 ends, in another encoding, and where it ends."""
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return fault.object[fault.start : fault.end].decode(encoding, errors="replace"), fault.end


def _wide(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeDecodeError as fault:
        raise UnreadableFile(
            "undecodable",
            Sentence("not valid {encoding} at byte {byte}: export the file anew, in UTF-8", encoding=encoding, byte=fault.start),
        ) from fault


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 that does not say so shows a NUL beside nearly every letter."""
    low, high = head[1::2].count(0), head[::2].count(0)
    if max(low, high) < 0.3 * len(head):
        return None
    return "utf-16-le" if low > high else "utf-16-be"


def _single_byte(data: bytes) -> Decoded:
    if not any(byte in data for byte in (bytes([b]) for b in range(0x80, 0xA0))):
        return Decoded(data.decode("cp1252").encode(), "cp1252", ("latin-1",))  # the two differ in 80-9F only
    best = max(_SINGLE_BYTE, key=lambda name: (_frenchness(data, name), -_SINGLE_BYTE.index(name)))
    return Decoded(data.decode(best, errors="replace").encode(), best)


def _frenchness(data: bytes, encoding: str) -> int:
    sample = data[:400_000].decode(encoding, errors="replace")
    return (
        len(_FRENCH_LOWER.findall(sample)) + len(_FRENCH_UPPER.findall(sample)) - 3 * len(_ODD.findall(sample)) - 3 * sample.count("\ufffd")
    )
