"""A system map as two tables, factors and links, whatever program drew it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from PIL import ImageColor

from assetmap.encode import plain_text
from assetmap.errors import InputError
from assetmap.schema import CONTRACTS, LINK_DIRECTIONS, validate_table
from assetmap.sources.system_maps.polarity import PolarityWords
from assetmap.tally import Tally

__all__ = ["Drawn", "SystemMap", "factor_slug"]

MOST_FACTORS, MOST_LINKS = 20_000, 100_000
_FARTHEST = 1e7
_LONGEST_LABEL, _LONGEST_NOTE, _LONGEST_ID = 300, 20_000, 64
_SAFE_ID = re.compile(rf"\w[\w.\-]{{0,{_LONGEST_ID - 1}}}")


@dataclass(frozen=True)
class SystemMap:
    """A system map: tables ``factors`` and ``system_links`` of `schema.py`."""

    title: str
    factors: pd.DataFrame
    links: pd.DataFrame


def factor_slug(label: str) -> str:
    """Return a name for a factor that a command line and a reference can hold.

    Examples
    --------
    >>> factor_slug("Safe, lit streets")
    'safe-lit-streets'
    """
    return "-".join(re.findall(r"[^\W_]+", label.casefold()))[:_LONGEST_ID].strip("-")


@dataclass
class Drawn:
    """What a file has drawn, before it is checked: rows as the formats' readers find them.

    A factor has ``id``, ``label`` and, where known, ``kind``, ``note``, ``colour``, ``x``, ``y``; a link ``from``,
    ``to`` and, where known, ``id``, ``label``, ``kind``, ``polarity``, ``direction``, ``note``. Nothing that names a
    contributor is among them: a reader takes no field that it isn't asked for.
    """

    title: str = ""
    factors: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)

    def checked(self, source: str, words: PolarityWords) -> tuple[SystemMap, tuple[Tally, Tally]]:
        """Return the map with identifiers that are unique and safe, and what was kept of its factors and links.

        Raises
        ------
        InputError
            If there is no factor, or more than 20,000 factors or 100,000 links.
        """
        if not self.factors:
            raise InputError(f"{source} holds no factor: save the map again, with something on it.")
        if len(self.factors) > MOST_FACTORS or len(self.links) > MOST_LINKS:
            raise InputError(
                f"{source} holds {len(self.factors):,} factors and {len(self.links):,} links, more than "
                f"{MOST_FACTORS:,} and {MOST_LINKS:,}: split the map."
            )
        tallies = Tally(f"{source}, factors", read=len(self.factors)), Tally(f"{source}, links", read=len(self.links))
        factors, names = _check_factors(self.factors, tallies[0])
        links = _check_links(self.links, names, words, tallies[1])
        title = _line(self.title, 200) or ""
        return SystemMap(title, _table(factors, "factors", source), _table(links, "system_links", source)), tallies


def _table(rows: list[dict[str, Any]], name: str, source: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(CONTRACTS[name][0]))
    checked: pd.DataFrame = validate_table(frame, name, what=source)
    return checked


def _line(value: Any, longest: int) -> str | None:
    """Return text as one line, or None where there is none."""
    text = " ".join(plain_text("" if value is None else value).split())[:longest].strip()
    return text or None


def _note(value: Any) -> str | None:
    """Return a note with its lines."""
    lines = (" ".join(line.split()) for line in plain_text("" if value is None else value).splitlines())
    return "\n".join(lines).strip()[:_LONGEST_NOTE] or None


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
    return number if math.isfinite(number) and abs(number) <= _FARTHEST else math.nan


def _colour(value: Any) -> str | None:
    """Return a colour as ``#rrggbb``, or None where it is none."""
    try:
        red, green, blue = ImageColor.getrgb(str(value))[:3]
    except ValueError:
        return None
    return f"#{red:02x}{green:02x}{blue:02x}"


def _identifier(raw: Any, label: str, place: str, taken: set[str]) -> str:
    """Return the file's own identifier where it is safe, else one made of the label; never one that is taken."""
    text = "" if raw is None else str(raw)
    found = text if _SAFE_ID.fullmatch(text) else factor_slug(label) or place
    number, name = 1, found
    while name in taken:
        number += 1
        name = f"{found[: _LONGEST_ID - 6]}-{number}"
    taken.add(name)
    return name


def _check_factors(rows: list[dict[str, Any]], tally: Tally) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the factors, and each factor's identifier by the one in the file."""
    kept: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    taken: set[str] = set()
    for place, row in enumerate(rows, start=1):
        raw = row.get("id")
        if raw is None or str(raw) in names:
            tally.drop("no identifier" if raw is None else "an identifier that another factor has", [f"factor {place}"])
            continue
        label = _line(row.get("label"), _LONGEST_LABEL)
        tally.repair("no label", label is None)
        name = _identifier(raw, label or "", f"factor-{place}", taken)
        tally.repair("identifier made of its label", name != str(raw))
        names[str(raw)] = name
        x, y = _number(row.get("x")), _number(row.get("y"))
        kept.append(
            {
                "factor_id": name,
                "label": label or "(no label)",
                "kind": _line(row.get("kind"), _LONGEST_LABEL),
                "note": _note(row.get("note")),
                "colour": _colour(row["colour"]) if row.get("colour") else None,
                "x": math.nan if math.isnan(y) else x,
                "y": math.nan if math.isnan(x) else y,
            }
        )
    return kept, names


def _check_links(
    rows: list[dict[str, Any]], names: Mapping[str, str], words: PolarityWords, tally: Tally
) -> list[dict[str, Any]]:
    """Return the links whose two ends are there, in the order of the factors that they start and end at."""
    kept: list[dict[str, Any]] = []
    taken: set[str] = set()
    ends = Counter((str(r.get("from")), str(r.get("to"))) for r in rows if words.is_reciprocal(r.get("kind")))
    for place, row in enumerate(rows, start=1):
        start, end = str(row.get("from")), str(row.get("to"))
        if start not in names or end not in names:
            tally.drop("an end at a factor that isn't there", [f"link {place}"])
            continue
        label, kind = _line(row.get("label"), _LONGEST_LABEL), _line(row.get("kind"), _LONGEST_LABEL)
        direction = row.get("direction") if row.get("direction") in LINK_DIRECTIONS else "one_way"
        if words.is_reciprocal(kind) and not ends[end, start] and direction == "one_way":
            direction = "both_ways"
            tally.repair("reciprocal, so both ways", 1)
        kept.append(
            {
                "link_id": _identifier(row.get("id"), "", f"link-{place}", taken),
                "from_id": names[start],
                "to_id": names[end],
                "label": label,
                "kind": kind,
                "polarity": words.sign([row.get("polarity"), kind, label]),
                "direction": direction,
                "note": _note(row.get("note")),
            }
        )
    order = {name: place for place, name in enumerate(names.values())}
    return sorted(kept, key=lambda link: (order[link["from_id"]], order[link["to_id"]]))
