"""Phrases, numbers and dates in one language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from assetmap.words.catalogue import Catalogue, read_catalogue

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["Phrase", "Text", "Words", "words_for"]

_MONTH = re.compile(r"\d{4}-\d{2}")
_BRACES = re.compile(r"\{(\w+)\}")
_LOCALES = {"en": "en_GB"}
_ZEROS = {"beng": "\N{BENGALI DIGIT ZERO}", "arab": "\N{ARABIC-INDIC DIGIT ZERO}",
          "arabext": "\N{EXTENDED ARABIC-INDIC DIGIT ZERO}", "deva": "\N{DEVANAGARI DIGIT ZERO}"}  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    """A phrase of the catalogue with what fills its {braces}, to be said in whichever language is asked for.

    Parameters
    ----------
    key
        The phrase.
    parts
        What stands for each {name}: a number, a text of the study, or another phrase.
    count
        For a phrase with plural forms: the number that decides, which also stands for ``{n}``.
    """

    key: str
    parts: Mapping[str, Part] = field(default_factory=dict, hash=False)
    count: int | None = None


Text = str | Phrase
"""Words of the study, which are shown as they are; or a phrase, which is shown in the reader's language."""
Part = str | int | float | Phrase


@dataclass(frozen=True, eq=False)
class Words:
    """One language: its phrases, and how it writes numbers and dates.

    Parameters
    ----------
    catalogue
        The phrases. One that isn't translated is said in English, and is in ``catalogue.untranslated``.
    """

    catalogue: Catalogue

    @property
    def language(self) -> str:
        """The code for ``lang`` attributes."""
        return self.catalogue.language

    @property
    def status(self) -> str:
        """``source``, ``machine draft`` or ``checked``."""
        return self.catalogue.status

    @cached_property
    def locale(self) -> Locale:
        """The locale, as Babel and CLDR know it."""
        from babel import Locale

        return Locale.parse(_LOCALES.get(self.language, self.language))

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return str(self.locale.text_direction)

    @property
    def name(self) -> str:
        """What the language is called in itself.

        Examples
        --------
        >>> words_for("pl").name
        'polski'
        """
        return str(self.locale.get_language_name(self.language))

    @property
    def digits(self) -> str:
        """The language's ten digits, by CLDR's default for it.

        Examples
        --------
        >>> words_for("bn").digits[7], words_for("ur").digits[7]
        ('৭', '7')
        """
        zero = ord(_ZEROS.get(self.locale.default_numbering_system, "0"))
        return "".join(chr(zero + digit) for digit in range(10))

    @cached_property
    def texts(self) -> dict[str, str]:
        """Key -> phrase, of all phrases without plural forms; a template fills in those without {braces}."""
        return {key: self.forms(key)[0] for key, forms in self.catalogue.english.items() if len(forms) == 1}

    def forms(self, key: str) -> tuple[str, ...]:
        """Return a phrase as it stands in the catalogue: one form, or as many as there are plural forms.

        Raises
        ------
        KeyError
            If the template has no such phrase.
        """
        return self.catalogue.phrases.get(key) or self.catalogue.english[key]

    def phrase(self, key: str, /, **parts: Part) -> str:
        """Return a phrase with its {braces} filled in; numbers are written as the language writes them.

        Examples
        --------
        >>> words_for("en").phrase("source_on", source="a list", date="May")
        'a list, May'
        """
        return self._fill(self.forms(key)[0], parts)

    def plural(self, key: str, count: int, /, **parts: Part) -> str:
        """Return the form of a phrase that belongs to a number, which stands for ``{n}``.

        Examples
        --------
        >>> words_for("en").plural("places_count", 1), words_for("en").plural("places_count", 1200)
        ('1 place', '1,200 places')
        """
        known = self.catalogue.phrases.get(key)
        form = self.catalogue.form(count) if known else int(count != 1)
        return self._fill((known or self.catalogue.english[key])[form], {"n": count, **parts})

    def say(self, text: Text) -> str:
        """Return a phrase in this language, or the study's own words as they are.

        Examples
        --------
        >>> words_for("en").say(Phrase("zones_count", count=3)), words_for("bn").say("Bow")
        ('3 areas', 'Bow')
        """
        if isinstance(text, str):
            return text
        if text.count is None:
            return self.phrase(text.key, **text.parts)
        return self.plural(text.key, text.count, **text.parts)

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number, grouped and rounded, in the language's digits.

        Examples
        --------
        >>> words_for("en").number(1234.56), words_for("pl").number(0.75, 1), words_for("bn").number(123456)
        ('1,235', '0,8', '১,২৩,৪৫৬')
        """
        return _number(self, f"{value:.{decimals}f}")

    def percent(self, share: float) -> str:
        """Return a share from 0 to 1 in hundredths.

        Examples
        --------
        >>> words_for("en").percent(0.256), words_for("bn").percent(0.256)
        ('26%', '২৬%')
        """
        return _percent(self, share)

    def date(self, iso: str, length: str = "long") -> str:
        """Return an ISO date as the language writes dates, ``long`` or ``medium``; what isn't one stays as it is.

        A month, such as ``2026-11``, is written with its year.

        Examples
        --------
        >>> words_for("en").date("2026-11-24"), words_for("bn").date("2026-11-24"), words_for("en").date("2019/20")
        ('24 November 2026', '২৪ নভেম্বর, ২০২৬', '2019/20')
        >>> words_for("en").date("2026-11"), words_for("pl").date("2026-11")
        ('November 2026', 'listopad 2026')
        """
        return _date(self, iso, length)

    def _fill(self, text: str, parts: Mapping[str, Part]) -> str:
        """Fill the braces in one pass, so that braces in what fills them stay as they are."""
        return _BRACES.sub(lambda found: self._part(parts[found[1]]) if found[1] in parts else found[0], text)

    def _part(self, part: Part) -> str:
        return self.number(part) if isinstance(part, int | float) else self.say(part)

    def native(self, text: str) -> str:
        """Return a text with its digits 0 to 9 as the language writes them."""
        return text.translate(str.maketrans("0123456789", self.digits))


# Babel takes tens of microseconds for each, and a map has thousands.
@lru_cache(maxsize=10_000)
def _number(words: Words, rounded: str) -> str:
    from babel.numbers import format_decimal

    # Babel knows each numbering system's marks, but writes Latin digits in all.
    return words.native(format_decimal(Decimal(rounded), locale=words.locale, numbering_system="default"))


@lru_cache(maxsize=1_000)
def _percent(words: Words, share: float) -> str:
    from babel.numbers import format_percent

    return words.native(format_percent(round(share, 2), locale=words.locale, numbering_system="default"))


@lru_cache(maxsize=10_000)
def _date(words: Words, iso: str, length: str) -> str:
    from babel.dates import format_date, format_skeleton

    month = _MONTH.fullmatch(iso)
    try:
        day = date.fromisoformat(f"{iso}-01" if month else iso)
    except ValueError:
        return iso
    written = format_skeleton("yMMMM", day, locale=words.locale) if month else format_date(day, length, words.locale)
    return words.native(written)


@cache
def words_for(language: str) -> Words:
    """Return a language's words.

    Raises
    ------
    UsageError
        If there is no catalogue for it.

    Examples
    --------
    >>> words = words_for("ur")
    >>> words.direction, words.status
    ('rtl', 'machine draft')
    """
    return Words(read_catalogue(language))
