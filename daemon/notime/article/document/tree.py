"""Text of a page → a tree that is safe to walk.

Comes in: decoded HTML. Goes out: an lxml element. Must not know: what an article is.

Nothing is fetched and no entity is expanded: the parser gets no DTD, no network and no base URL.
"""

from __future__ import annotations

import re

from lxml import etree, html

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}")
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
"""libxml2 leaves out what stands behind them; a browser reads it as part of the body, and needs neither."""
_ATTRIBUTE = re.compile(r"\s[^\s=<>\"']{1,200}(?==|\s)")
_HEAD_TAGS = frozenset("title meta link base style script noscript template object".split())
_LEAST_FRAME = 400
"""Characters of a frame's document from which it may hold an article."""
_MOST_ATTRIBUTES = 500
"""libxml2 2.14 takes time quadratic in the attributes of one tag: 14 s for 100,000 (measured here), 0.4 ms for 500."""


def parse(text: str) -> html.HtmlElement | None:
    """The page's root element, or None where there is no element at all.

    Args:
        text: decoded HTML, without NUL.

    Returns:
        The root; comments and processing instructions are gone. Elements nest 2,048 deep at most (libxml2's limit).

    Raises:
        MemoryError: there is not enough for its tree.
    """
    root = _parse(text)
    if root is not None:
        _open_body(root)
        _open_shadows(root)
        _open_frames(root)
    return root


def _parse(text: str) -> html.HtmlElement | None:
    if len(text) > 20_000:
        text = _LONG_TAG.sub(_thin, text)
    text = _END.sub("", text)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as problem:
        # The stubs know no `code`; a `ParserError` has none.
        if getattr(problem, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from problem
        return None  # lxml says "Document is empty" in several ways


def _open_shadows(root: html.HtmlElement) -> None:
    """Make declarative shadow roots boxes of the page: browsers show them."""
    for template in list(root.iter("template")):
        if "shadowrootmode" in template.attrib or "shadowroot" in template.attrib:
            template.tag = "div"


def _open_frames(root: html.HtmlElement) -> None:
    """Put the documents that frames carry with them (`srcdoc`, as pages saved in one file have them) in their place."""
    for frame in list(root.iter("iframe")):
        inner = _parse(frame.attrib.pop("srcdoc")) if len(frame.get("srcdoc") or "") > _LEAST_FRAME else None
        body = None if inner is None else inner.find("body")
        if body is None:
            continue
        tail, frame.tag = frame.tail, "div"
        frame.clear()
        frame.tail, frame.text = tail, body.text
        frame.extend(list(body))


def _open_body(root: html.HtmlElement) -> None:
    """Move what libxml2 left in the head into the body, as a browser would.

    A page may leave `<body>` out; libxml2 opens it before the elements of HTML 4 alone, not before `<article>`.
    """
    head = root.find("head")
    if head is None:
        return
    stray = [child for child in head if child.tag not in _HEAD_TAGS]
    if not stray:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    for place, child in enumerate(stray):
        body.insert(place, child)


def _thin(tag: re.Match[str]) -> str:
    """A tag without its attributes, where there are more than anyone writes."""
    found = 0
    for found, _ in enumerate(_ATTRIBUTE.finditer(tag.group()), start=1):
        if found > _MOST_ATTRIBUTES:
            name = re.match(r"<[\w:-]+", tag.group())
            return name.group() if name else "<div"
    return tag.group()
