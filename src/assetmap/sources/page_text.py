"""What a web page or an error text says, as a few plain words for a message."""

from __future__ import annotations

import html
import re

__all__ = ["is_page", "page_words"]

_SEEN = 16_384
_UNSEEN = re.compile(r"(?is)<(script|style|title|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>")
_ERRORS = re.compile(r"(?is)\berror\b.*")


def is_page(data: bytes) -> bool:
    """Whether the bytes begin as HTML or XML does, so they can't be JSON or a table.

    Examples
    --------
    >>> is_page(b" <!DOCTYPE html><p>Busy</p>"), is_page(b'{"elements": []}')
    (True, False)
    """
    return data[:_SEEN].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def page_words(data: bytes | str, limit: int = 160) -> str:
    """Return the words of a page without its markup, from the first "error" on where there is one.

    Only printable characters are kept: the text comes from strangers and ends on a terminal.

    Parameters
    ----------
    data
        The page, HTML or plain.
    limit
        Longest text to return, in characters.

    Examples
    --------
    >>> page_words(b"<html><body><p>Hello.</p><p><b>Error</b>: line 1:  parse error </p></body></html>")
    'Error: line 1: parse error'
    """
    text = data[:_SEEN].decode("utf-8", "replace") if isinstance(data, bytes) else data[:_SEEN]
    text = html.unescape(_UNSEEN.sub(" ", text))
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split()).replace(" :", ":")
    if found := _ERRORS.search(text):
        text = found[0]
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
