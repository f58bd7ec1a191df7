"""Names of people in free text: by title and kinship, by lists of names, and by what is written large for no reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assetmap.disclosure.findings import Finding
from assetmap.disclosure.folded_text import FoldedText, fold_text
from assetmap.disclosure.name_lists import bare_word, name_lists

__all__ = ["KnownPlaces", "find_names", "find_unread", "public_places"]

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_OTHER_SCRIPT = re.compile(
    r"(?:(?![\x00-\u024f\u1e00-\u1eff])[^\W\d_]|[\u0900-\u0dff])(?:[\W\d_]*(?:(?![\x00-\u024f\u1e00-\u1eff])[^\W\d_]"
    r"|[\u0900-\u0dff]))*"
)
_OPENING = '.!?:;•"('
_GENITIVE = re.compile(r"'[sS]?$")
_SHOUTED = 0.7  # of the letters large: then large letters say nothing
_SAINTS = ("st", "saint")
_ARTICLES = ("the", "a", "an", "this", "that", "these", "those", "our", "their")
_SHORTENED = ("dr", "prof", "rev", "fr", "sgt")
_SPEAKER = ("i", "me", "my", "his", "her", "their", "myself")
_NAMING = frozenset(["my name is", "name is", "named", "signed", "known as", "aka", "nickname"])
_LONGEST_NAME, _SHORTEST_SMALL, _SIGNED_AFTER = 4, 4, 2


@dataclass(frozen=True)
class KnownPlaces:
    """Names of public places, which are never taken for people's."""

    by_first: Mapping[str, tuple[tuple[str, ...], ...]]
    """First word -> the words of each name that begins so, the longer first."""


class _Word(NamedTuple):
    start: int
    end: int
    bare: str
    large: bool
    """Begins with a capital where that says something."""
    opens: bool
    """Begins a sentence or line."""
    place: int
    """Number of the public place that it is part of; -1 for none."""


def public_places(names: Iterable[str | None]) -> KnownPlaces:
    """Return names of assets, streets and neighbourhoods so that they are known in a text.

    A name that ends in a word for a kind of place is also known without it (``St Mary's`` for ``St Mary's
    Church``) where two words are left. A single word that is a given name stays one.
    """
    lists = name_lists()
    found: set[tuple[str, ...]] = set()
    for name in names:
        words = tuple(bare_word(w.group()) for w in _WORD.finditer(fold_text(name or "").plain))
        found.add(words)
        while len(words) > 2 and words[-1] in lists.place_words:
            words = words[:-1]
            found.add(words)
    kept = [words for words in found if len(words) > 1 or (words and words[0] not in lists.given)]
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted(kept, key=lambda words: (-len(words), words)):
        by_first.setdefault(words[0], []).append(words)
    return KnownPlaces({first: tuple(of_it) for first, of_it in by_first.items()})


def find_places(folded: FoldedText, places: KnownPlaces) -> tuple[tuple[int, int], ...]:
    """Return the spans of public places' names in a folded text."""
    words = _words(folded, "", places)
    numbers = sorted({word.place for word in words} - {-1})
    return tuple(
        (min(w.start for w in words if w.place == n), max(w.end for w in words if w.place == n)) for n in numbers
    )


def find_names(folded: FoldedText, text: str, places: KnownPlaces) -> Iterator[Finding]:
    """Yield what is or may be a person's name, in the folded text.

    Certain are names after a title and known names that are written large. What is merely written large
    amid a sentence, or is on a list but in small letters or after a word of kinship alone, is uncertain.

    Parameters
    ----------
    folded
        The folded text.
    text
        What it was folded from, for its lines.
    places
        Public places, which are no people.
    """
    reading = _Reading(folded.plain, _words(folded, text, places))
    place = 0
    while place < len(reading.words):
        told = reading.tells_of_person(place)
        if told is None:
            place = max(place + 1, reading.end_of_place(place))
            continue
        after = reading.end_of_name(place)
        yield Finding("name", reading.words[place].start, reading.words[after - 1].end, told)
        place = after


def find_unread(plain: str) -> Iterator[Finding]:
    """Yield stretches in scripts that the rules can't read, such as Bengali or Arabic: a person has to."""
    for stretch in _OTHER_SCRIPT.finditer(plain):
        yield Finding("unread", *stretch.span(), certain=False)


def _words(folded: FoldedText, text: str, places: KnownPlaces) -> list[_Word]:
    """Return the words of a folded text, each with what its letters and its place say."""
    matches = list(_WORD.finditer(folded.plain))
    bare = [bare_word(match.group()) for match in matches]
    numbers = _place_numbers(bare, places)
    letters = [char for char in folded.plain if char.isalpha()]
    shouted = len(matches) > 1 and sum(map(str.isupper, letters)) > _SHOUTED * len(letters)
    words: list[_Word] = []
    for match, word, number in zip(matches, bare, numbers, strict=True):
        gap = folded.plain[words[-1].end : match.start()] if words else "."
        line = text[folded.places[words[-1].end - 1] : folded.places[match.start()]] if words else ""
        initial = bool(words) and len(words[-1].bare) == 1 and gap.strip() == "."
        opens = not initial and (any(char in _OPENING for char in gap) or "\n" in line)
        end = match.end() - len(genitive.group() if (genitive := _GENITIVE.search(match.group())) else "")
        words.append(_Word(match.start(), end, word, match.group()[0].isupper() and not shouted, opens, number))
    return words


def _place_numbers(bare: Sequence[str], places: KnownPlaces) -> list[int]:
    """Return for each word the number of the public place that it is part of, or -1."""
    numbers = [-1] * len(bare)
    at = 0
    while at < len(bare):
        names = places.by_first.get(bare[at], ())
        length = next((len(name) for name in names if tuple(bare[at : at + len(name)]) == name), 0)
        numbers[at : at + length] = [at] * length
        at += max(1, length)
    return numbers


@dataclass(frozen=True)
class _Reading:
    """A text's words, read one after the other. Each rule returns True for certain, False for maybe, None for no."""

    plain: str
    words: list[_Word]

    def tells_of_person(self, at: int) -> bool | None:
        """Say whether a person's name begins at a word."""
        word, lists = self.words[at], name_lists()
        before = self._joined_before(at)
        if before and before.bare in lists.titles and not before.place == word.place >= 0:
            return True if word.large or word.bare not in lists.ordinary else None
        if word.place >= 0 or (before and before.bare in _SAINTS):
            return None
        if len(word.bare) == 1:
            return self._initial(at)
        related = before is not None and before.bare in lists.addresses
        if word.bare in lists.titles | lists.addresses | (set() if related else lists.capitalised):
            return None
        if word.large:
            return None if self.end_of_place(at) else self._large(at, before)
        return self._small(at, before)

    def end_of_name(self, at: int) -> int:
        """Return the number of the word after a name."""
        after = at + 1
        while after < len(self.words) and after - at < _LONGEST_NAME and self._goes_on(at, after):
            after += 1
        return after

    def _goes_on(self, first: int, at: int) -> bool:
        word, lists = self.words[at], name_lists()
        if word.place >= 0 or self._joined_before(at) is None or word.bare in lists.capitalised:
            return False
        if word.large:
            return word.bare not in lists.ordinary or (self.words[first].large and not word.opens)
        initial = len(self.words[at - 1].bare) == 1 and word.bare not in lists.ordinary
        return initial or (not self.words[first].large and lists.knows(word.bare))

    def _joined_before(self, at: int) -> _Word | None:
        """Return the word before, where nothing but a space, or the full stop of a title or initial, is between."""
        if at == 0:
            return None
        before = self.words[at - 1]
        gap = self.plain[before.end : self.words[at].start]
        short = len(before.bare) == 1 or before.bare in name_lists().titles or before.bare in _SHORTENED
        return before if gap.isspace() or (short and gap.strip() == ".") else None

    def _initial(self, at: int) -> bool | None:
        """``J. Okafor``, ``J Okafor``, ``j. okafor``: an initial before a name."""
        if at + 1 == len(self.words) or self._joined_before(at + 1) is None:
            return None
        word, following, lists = self.words[at], self.words[at + 1], name_lists()
        known, pronoun = lists.knows(following.bare), word.bare in "ai"
        abbreviated = self.plain[max(0, word.start - 1) : word.start] == "."  # e.g., i.e., p.m.
        dotted = self.plain[word.end : following.start].strip() == "." and not abbreviated
        if following.place >= 0 or self.end_of_place(at + 1) or not (dotted or (known and not pronoun and word.large)):
            return None
        if following.large:
            return known if known or word.large else None
        written = following.bare not in lists.ordinary and len(following.bare) >= _SHORTEST_SMALL
        return False if known or (written and not pronoun) else None

    def _large(self, at: int, before: _Word | None) -> bool | None:
        """Judge a word that begins with a capital."""
        word, lists = self.words[at], name_lists()
        if lists.knows(word.bare):
            return word.bare in lists.given or not word.opens
        if before is not None and before.bare in lists.addresses:
            return False
        if word.bare in lists.ordinary or word.bare in lists.place_words:
            return False if self._before_a_name(at) or self._after_opener(at, _NAMING) else None
        if before is not None and before.bare in _ARTICLES:
            return None
        if word.opens:
            return False if self._opens_of_person(at) else None
        return False

    def _small(self, at: int, before: _Word | None) -> bool | None:
        """Judge a word in small letters, or in a text that is all in large ones."""
        word, lists = self.words[at], name_lists()
        if word.bare in lists.ordinary or word.bare in lists.place_words:
            return None
        if self._after_opener(at, _NAMING):
            return False
        if not lists.knows(word.bare):
            return False if self._signs(at, only_dashed=True) else None
        if self._signs(at):
            return False
        by_word = (before is not None and before.bare in lists.addresses) or self._after_opener(at, lists.openers)
        listed = word.bare in lists.given and len(word.bare) >= _SHORTEST_SMALL
        return False if by_word or listed else None

    def _signs(self, at: int, *, only_dashed: bool = False) -> bool:
        """Whether a word stands alone after a dash or at the end of several: as who has written it."""
        before = self.words[at - 1].end if at else 0
        dashed = re.search(r"(?:^|[\s.!?])[-~]+\s*$", self.plain[before : self.words[at].start]) is not None
        last = at + 1 == len(self.words) or self.words[at + 1].opens
        return last and (dashed or (not only_dashed and at > _SIGNED_AFTER and at + 1 == len(self.words)))

    def _before_a_name(self, at: int) -> bool:
        """Whether an ordinary word that is a given name too stands before another name: ``Grace Okafor``."""
        lists = name_lists()
        if self.words[at].bare not in lists.given or at + 1 == len(self.words) or not self._joined_before(at + 1):
            return False
        following = self.words[at + 1]
        return following.large and following.place < 0 and lists.knows(following.bare)

    def _after_opener(self, at: int, openers: Iterable[str]) -> bool:
        """Whether one to three words before announce a name: ``ask for``, ``my name is``."""
        known = frozenset(openers)
        told = [word.bare for word in self.words[max(0, at - 3) : at]]
        return any(" ".join(told[-length:]) in known for length in range(1, len(told) + 1))

    def _opens_of_person(self, at: int) -> bool:
        """Whether an unknown word that begins a sentence does what people do, owns something, or signs."""
        word, lists = self.words[at], name_lists()
        if word.bare in lists.place_words or word.bare in lists.openers:
            return False
        if self._signs(at):
            return True
        if at + 1 == len(self.words):
            return False
        following = self.words[at + 1]
        if following.bare == "and" and at + 2 < len(self.words) and self.words[at + 2].bare in _SPEAKER:
            return True
        owns = self.plain[word.end : word.end + 2].casefold() == "'s"
        named = following.large and self._joined_before(at + 1) and following.bare not in lists.capitalised
        unknown = named and following.place < 0 and following.bare not in lists.ordinary
        return bool(owns or unknown or following.bare in lists.doings)

    def end_of_place(self, at: int) -> int:
        """Return the number of the word after a place that is told by its kind, or 0.

        Words written large that end in one for a kind of place: ``Tidewell Basin``, ``Ali's Café``.
        """
        end = 0
        for number in range(at, min(len(self.words), at + 1 + _LONGEST_NAME)):
            word = self.words[number]
            gap = self.plain[self.words[number - 1].end : word.start] if number > at else ""
            if not word.large or gap.replace("'s", "").replace("'", "").strip():
                break
            if number > at and word.bare in name_lists().place_words:
                end = number + 1
        return end
