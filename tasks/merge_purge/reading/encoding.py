"""From bytes to text: which encoding, with what evidence, and mojibake.

A statistical detector reads French cp1252 as a Central European Mac set; French address files come in few encodings, so the
evidence is weighed here directly.
"""

import re
from dataclasses import dataclass

from tasks.merge_purge.reading.defects import Findings
from tasks.merge_purge.reading.errors import UnreadableFile

# What the trade sends, most likely first: an equal score keeps the earlier one.
_SINGLE_BYTE = ("cp1252", "cp850", "mac_roman")
_FRENCH_LOWER = re.compile("[éèêëàâäçîïôöùûüÿœ°’]")
_FRENCH_UPPER = re.compile("(?<![a-z])[ÉÈÊËÀÂÇÎÏÔÙÛŒ]")
_ODD = re.compile("[\x80-\x9f‚„…†‡ˆ‰‹›¢¤¥¦©¬®±µ¶¸√∏∑∂∆◊╔╗╚╝║═│┤]")

# Bytes 80-BF of a UTF-8 sequence, as cp1252 or latin-1 shows them after a wrong decoding.
_TAIL = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
DOUBLE_ENCODED_PATTERN = f"[ÂÃÅ]{_TAIL}|â€{_TAIL}"
DOUBLE_ENCODED = re.compile(DOUBLE_ENCODED_PATTERN)
_MIXED_SHARE = 0.9


@dataclass(frozen=True)
class Decoded:
    """Text with the name of its encoding, and the names that would have given the same text."""

    text: str
    encoding: str
    also: tuple[str, ...] = ()


def decode(data: bytes, findings: Findings) -> Decoded:
    """Decode a whole file.

    :raises UnreadableFile: ``empty_file``, or ``binary_file`` when it holds NUL bytes and is no UTF-16
    """
    if not data.strip():
        raise UnreadableFile("empty_file", "the file holds nothing")
    if data.startswith(b"\xef\xbb\xbf"):
        try:
            return Decoded(data.decode("utf-8-sig"), "utf-8-sig")
        except UnicodeDecodeError:
            return Decoded(_line_by_line(data[3:], findings), "utf-8-sig")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Decoded(_utf16(data, "utf-16"), "utf-16")
    if b"\x00" in data[:4096]:
        return _without_mark(data)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", ("ascii", "cp1252", "latin-1") if data.isascii() else ())
    except UnicodeDecodeError:
        pass
    accented = [line for line in data.split(b"\n") if not line.isascii()]
    if sum(_is_utf8(line) for line in accented) >= _MIXED_SHARE * len(accented):
        return Decoded(_line_by_line(data, findings), "utf-8")
    return _single_byte(data)


def undo_double_encoding(text: str) -> str:
    """Give back a text whose accents were encoded twice as it was meant: ``NoÃ©mie`` becomes ``Noémie``."""
    return DOUBLE_ENCODED.sub(_undone, text)


def _undone(found: re.Match[str]) -> str:
    raw = bytes(_byte(c) for c in found.group())
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return found.group()


def _byte(character: str) -> int:
    try:
        return character.encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord(character) & 0xFF


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line_by_line(data: bytes, findings: Findings) -> str:
    lines, odd = [], []
    for i, line in enumerate(data.split(b"\n")):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", errors="replace"))
            odd.append(i + 1)
    findings.add("mixed_encodings", len(odd), repaired=True, rows=odd, evidence="utf-8 with lines in cp1252")
    return "\n".join(lines)


def _utf16(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        raise UnreadableFile("undecodable", f"not valid {encoding} at byte {fault.start}") from fault


def _without_mark(data: bytes) -> Decoded:
    head = data[:4096]
    encoding = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    if max(head[1::2].count(0), head[::2].count(0)) < 0.3 * len(head):
        raise UnreadableFile("binary_file", "NUL bytes in the first 4096: no text file")
    return Decoded(_utf16(data, encoding), encoding)


def _single_byte(data: bytes) -> Decoded:
    if not any(byte in data for byte in (bytes([b]) for b in range(0x80, 0xA0))):
        return Decoded(data.decode("cp1252"), "cp1252", ("latin-1",))  # the two differ in 80-9F only
    best = max(_SINGLE_BYTE, key=lambda name: (_frenchness(data, name), -_SINGLE_BYTE.index(name)))
    return Decoded(data.decode(best, errors="replace"), best)


def _frenchness(data: bytes, encoding: str) -> int:
    sample = data[:400_000].decode(encoding, errors="replace")
    return (
        len(_FRENCH_LOWER.findall(sample)) + len(_FRENCH_UPPER.findall(sample)) - 3 * len(_ODD.findall(sample)) - 3 * sample.count("\ufffd")
    )
