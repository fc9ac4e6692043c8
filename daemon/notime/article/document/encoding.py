"""Bytes of a page → text.

Comes in: bytes as a file or a server gave them. Goes out: text that is safe to parse. Must not know: HTML trees.

The order is that of the HTML standard (byte order mark, then declaration), with one doubt added: UTF-8 that decodes
without a fault is UTF-8 whatever the page declares, since no other encoding's text passes for it by chance.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_DECLARED = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})", re.IGNORECASE | re.ASCII)
_XML = re.compile(rb"^\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{2,40})", re.ASCII)

_HEAD = 16_384
"""Bytes searched for a declaration. The standard says 1,024; pages with long inline heads declare it later."""

_BROADER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
"""What browsers read the narrower name as (WHATWG Encoding Standard, labels)."""

_CONTROL = re.compile("[\x80-\x9f]")
_TWICE = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(html: bytes) -> str:
    """Text of a page's bytes; what fits no encoding becomes U+FFFD.

    Args:
        html: the page as bytes.

    Returns:
        Text without a byte order mark, NUL or lone surrogate.
    """
    for mark, name in _BOMS:
        if html.startswith(mark):
            return tidy(html[len(mark) :].decode(name, "replace"))
    utf16 = _utf16_without_mark(html)
    if utf16:
        return tidy(html.decode(utf16, "replace"))
    try:
        return tidy(html.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    # A page cut in the middle of a character, or with a few stray bytes, is UTF-8 all the same.
    lenient = html.decode("utf-8", "replace")
    stray = lenient.count("\ufffd")
    if stray * 20 <= sum(1 for c in lenient if c > "\x7f" and c != "\ufffd"):
        return tidy(lenient)
    declared = _declared(html)
    if declared == "utf-8" and stray * 200 <= len(lenient):
        return tidy(lenient)
    return tidy(html.decode("cp1252" if declared in {None, "utf-8"} else str(declared), "replace"))


def tidy(text: str) -> str:
    """The text with NULs and lone surrogates made U+FFFD, which parsers and JSON can carry."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    if _CONTROL.search(text):
        text = _TWICE.sub(_undo, text)
    return _SURROGATES.sub("\ufffd", text)


def _undo(found: re.Match[str]) -> str:
    """Characters whose UTF-8 was taken for Latin-1 and encoded again; the control characters in it give it away."""
    try:
        return found.group().encode("latin-1").decode("utf-8")
    except UnicodeError:
        return found.group()


def _utf16_without_mark(html: bytes) -> str | None:
    """UTF-16 shows itself by a NUL beside the first angle bracket."""
    head = html[:200].lstrip(b" \t\r\n")
    if head.startswith(b"<\x00") and len(html) % 2 == 0:
        return "utf-16-le"
    if head.startswith(b"\x00<") and len(html) % 2 == 0:
        return "utf-16-be"
    return None


def _declared(html: bytes) -> str | None:
    """Python's name of the declared encoding, where Python knows it."""
    head = html[:_HEAD]
    found = _XML.search(head) or _DECLARED.search(head)
    if found is None:
        return None
    label = found.group(1).decode("ascii", "replace").lower()
    try:
        name = codecs.lookup(label).name
        "".encode(name)  # refuses codecs that are no text encodings, such as "hex"
    except (LookupError, UnicodeError):
        return None
    # A declaration that could be read in ASCII cannot be of UTF-16: the standard reads it as UTF-8.
    return "utf-8" if name.startswith(("utf-16", "utf-32")) else _BROADER.get(name, name)
