"""How to reach the people who made a map: an e-mail address or a telephone number in what the study says."""

from __future__ import annotations

import re
from urllib.parse import quote

__all__ = ["contact_link"]

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"(?<![\w+])\+?\d[\d ()-]{6,18}\d(?!\w)")


def contact_link(contact: str) -> str:
    """Return the address to write to or call, or an empty text where there is none.

    Examples
    --------
    >>> contact_link("Ana at ana@example.org, or 020 7946 0000"), contact_link("020 7946 0000"), contact_link("Ana")
    ('mailto:ana@example.org', 'tel:02079460000', '')
    """
    if found := _EMAIL.search(contact):
        return f"mailto:{quote(found[0], safe='@')}"
    if found := _PHONE.search(contact):
        return "tel:" + re.sub(r"[ ()-]", "", found[0])
    return ""
