"""Gettext catalogues: the template holds the English, a language's file what has been translated.

A phrase is known by its ``msgctxt`` (``places_none``); its ``msgid`` is the English, which a translator sees. Where
the English has changed since, gettext's tools mark the translation fuzzy, and it is used no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

from assetmap.errors import UsageError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

__all__ = ["CHECKED", "DRAFT", "SOURCE", "Catalogue", "languages", "parse_catalogue", "read_catalogue"]

SOURCE, DRAFT, CHECKED = "source", "machine draft", "checked"
"""A catalogue's status: the template itself; translated by a machine; looked through by a speaker."""
_DOMAIN = "assetmap"
_STATUS = re.compile(r'^"X-Assetmap-Status: *([^"\\]*?) *\\n"$', re.MULTILINE)


@dataclass(frozen=True)
class Catalogue:
    """The phrases of one language.

    Parameters
    ----------
    language
        Its code, such as ``bn``.
    status
        ``source``, ``machine draft`` or ``checked``.
    phrases
        Key -> its forms: one, or as many as the language has plural forms. What isn't translated is missing.
    english
        Key -> the English forms, of every phrase there is.
    fuzzy
        Keys whose English has changed since they were translated: they are missing from `phrases`.
    form
        Which of the plural forms belongs to a whole number.
    """

    language: str
    status: str
    phrases: Mapping[str, tuple[str, ...]]
    english: Mapping[str, tuple[str, ...]]
    fuzzy: tuple[str, ...]
    form: Callable[[int], int]

    @property
    def untranslated(self) -> tuple[str, ...]:
        """Keys that can be shown in English only, in the template's order."""
        return tuple(key for key in self.english if key not in self.phrases)


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are catalogues for, English first.

    Examples
    --------
    >>> languages()
    ('en', 'bn', 'pl', 'ro', 'so', 'ur')
    """
    folders = (entry.name for entry in files("assetmap").joinpath("locales").iterdir() if entry.is_dir())
    return ("en", *sorted(folders))


@cache
def read_catalogue(language: str) -> Catalogue:
    """Read one language's phrases.

    Raises
    ------
    UsageError
        If there is no catalogue for the language.
    """
    if language not in languages():
        raise UsageError(f"there is no catalogue for the language {language!r}: use one of {', '.join(languages())}.")
    locales = files("assetmap").joinpath("locales")
    english = _english(locales.joinpath(f"{_DOMAIN}.pot").read_bytes())
    if language == "en":
        return Catalogue("en", SOURCE, english, english, (), lambda number: int(number != 1))
    content = locales.joinpath(language, "LC_MESSAGES", f"{_DOMAIN}.po").read_bytes()
    return parse_catalogue(content, language, english)


def parse_catalogue(content: bytes, language: str, english: Mapping[str, tuple[str, ...]]) -> Catalogue:
    """Read a ``.po`` file.

    A phrase counts as translated if all its forms are there, it isn't fuzzy, and its English is the template's.
    A file whose header doesn't say ``X-Assetmap-Status: checked`` is a draft.

    Parameters
    ----------
    content
        The file.
    language
        The language it is in.
    english
        The template: key -> English forms.
    """
    found = _parse(content, language)
    phrases: dict[str, tuple[str, ...]] = {}
    fuzzy: list[str] = []
    for message in found:
        key = message.context
        if key is None or key not in english:
            continue
        if message.fuzzy or (_forms(message.id) != english[key] and any(_forms(message.string))):
            fuzzy.append(key)
        elif all(_forms(message.string)):
            phrases[key] = _forms(message.string)
    said = _STATUS.search(content.decode("utf-8"))
    status = CHECKED if said and said[1] == CHECKED else DRAFT
    return Catalogue(language, status, phrases, english, tuple(fuzzy), c2py(found.plural_expr))


def _english(content: bytes) -> dict[str, tuple[str, ...]]:
    return {message.context: _forms(message.id) for message in _parse(content, "en") if message.context}


def _parse(content: bytes, language: str) -> Catalog:
    from babel.messages.pofile import read_po

    return read_po(BytesIO(content), locale=language, abort_invalid=True)


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
