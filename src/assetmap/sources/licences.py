"""Licences under which a work may be shown, as people write them."""

from __future__ import annotations

import re

__all__ = ["LICENCES", "read_licence"]

LICENCES = (
    "All rights reserved", "Public domain", "CC0 1.0", "OGL 3.0",
    "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC BY-ND 4.0", "CC BY-NC-SA 4.0", "CC BY-NC-ND 4.0",
)  # fmt: skip
"""What they are called; of Creative Commons licences earlier versions are known too."""
_COMMONS = re.compile(r"ccby(nc)?(sa|nd)?([1-4])?[05]?(?:international|unported|uk)?")
_OTHERS = {
    "allrightsreserved": "All rights reserved",
    "publicdomain": "Public domain",
    "cc0": "CC0 1.0",
    "cc010": "CC0 1.0",
    "ogl": "OGL 3.0",
    "ogl3": "OGL 3.0",
    "ogl30": "OGL 3.0",
    "opengovernment": "OGL 3.0",
    "opengovernment30": "OGL 3.0",
}


def read_licence(text: str) -> str | None:
    """Return what a licence is called; None where it isn't known.

    Examples
    --------
    >>> read_licence("cc-by-sa 4.0"), read_licence("CC BY licence"), read_licence("Creative Commons BY-NC 2.5")
    ('CC BY-SA 4.0', 'CC BY', 'CC BY-NC 2.5')
    >>> read_licence("ask Jo")
    """
    folded = re.sub(r"licen[cs]e|[^a-z0-9]", "", text.casefold().replace("creative commons", "cc"))
    if folded in _OTHERS:
        return _OTHERS[folded]
    found = _COMMONS.fullmatch(folded)
    if found is None:
        return None
    parts = "-".join(part.upper() for part in ("by", *found.groups()[:2]) if part)
    version = re.sub(r"\D", "", folded)
    return f"CC {parts}" + (f" {version[0]}.{version[1:] or 0}" if version else "")
