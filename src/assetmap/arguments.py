"""What a caller of the library gives, held against what the function says that it takes: refused in one line."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from numbers import Integral, Real
from os import PathLike
from typing import Any

from assetmap.errors import SchemaError, UsageError

__all__ = ["check_arguments", "known_day", "known_word"]

_ABSTRACT: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "None": ("None", lambda value: value is None),
    "Any": ("anything", lambda _: True),
    "Path": ("a path", lambda value: isinstance(value, PathLike)),
    "str": ("text", lambda value: isinstance(value, str)),
    "bool": ("True or False", lambda value: type(value) is bool),
    "int": ("a whole number", lambda value: isinstance(value, Integral)),
    "float": ("a number", lambda value: isinstance(value, Real) and not math.isnan(value)),
    "CRS": (
        "a CRS (pyproj.CRS.from_epsg(27700))",
        lambda value: any(base.__name__ == "CRS" for base in type(value).__mro__),
    ),
    "Mapping": ("a dict", lambda value: isinstance(value, Mapping)),
    "Sequence": ("a list", lambda value: isinstance(value, Sequence) and not isinstance(value, str | bytes)),
    "Callable": ("a function", callable),
    "Bounds": (
        "four numbers (west, south, east, north)",
        lambda value: isinstance(value, tuple) and len(value) == 4 and all(isinstance(n, Real) for n in value),
    ),
}
"""What an annotation asks for, in words and as a question; every other one is the name of a class."""


def check_arguments(function: Callable[..., Any] | type, given: Mapping[str, Any], /, **columns: Iterable[str]) -> None:
    """Raise if what was given to a public function isn't of the kinds that its annotations name.

    Parameters
    ----------
    function
        The function, or a dataclass.
    given
        Its arguments by name: ``locals()`` at its beginning.
    columns
        Name of a table -> the columns that the function needs of it.

    Raises
    ------
    UsageError
        If an argument is of another kind.
    SchemaError
        If a table has no such column, or no geometry.

    Examples
    --------
    >>> def scale(table: dict, by: float | None = None) -> None: ...
    >>> scale.__annotations__ = {"table": "Mapping[str, str]", "by": "float | None"}
    >>> check_arguments(scale, {"table": {}, "by": 2})
    >>> check_arguments(scale, {"table": {}, "by": "2"})
    Traceback (most recent call last):
    assetmap.errors.UsageError: scale: by is '2': give a number or None.
    """
    name = function.__name__
    kinds = {argument: _parts(said, "|") for argument, said in function.__annotations__.items() if argument in given}
    for argument, wanted in kinds.items():
        if not any(_is(given[argument], kind) for kind in wanted):
            told = " or ".join(dict.fromkeys(map(_words, wanted)))
            raise UsageError(f"{name}: {argument} is {_shown(given[argument])}: give {told}.")
    for argument in kinds:
        value = given[argument]
        if getattr(value, "active_geometry_name", "") is None:
            raise SchemaError(f"{name}: {argument} has no geometry: give coordinates (set_geometry).")
        missing = [] if value is None else [c for c in columns.get(argument, ()) if c not in value]
        if missing:
            raise SchemaError(f"{name}: {argument} has no column {', '.join(missing)}: add it.")


def known_word(value: Any, known: Iterable[str], what: str) -> str:
    """Return a word if it is known.

    Parameters
    ----------
    value
        The word.
    known
        All that there are.
    what
        What it is, for the message.

    Raises
    ------
    UsageError
        Naming the nearest that is known, and all of them.

    Examples
    --------
    >>> known_word("slo", ("standard", "slow"), "the profile")
    Traceback (most recent call last):
    assetmap.errors.UsageError: the profile is 'slo', which isn't known (slow is): use one of standard, slow.
    """
    words = list(known)
    if value in words:
        return str(value)
    near = get_close_matches(str(value), words, 1)
    hint = f" ({near[0]} is)" if near else ""
    raise UsageError(f"{what} is {value!r}, which isn't known{hint}: use one of {', '.join(words)}.")


def known_day(value: str, what: str) -> str:
    """Return a day if it is one, as ``YYYY-MM-DD``.

    Raises
    ------
    UsageError
        If it isn't.

    Examples
    --------
    >>> known_day("2026-11-30", "today")
    '2026-11-30'
    """
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise UsageError(f"{what} is {value!r}, which is no day: write it like 2026-11-30.") from error


def _parts(annotation: str, mark: str) -> list[str]:
    """Return what an annotation names beside each other, outside all brackets."""
    return [part.strip() for part in re.split(rf"\{mark}(?![^\[]*\])", annotation)]


def _items(kind: str) -> list[str]:
    """Return what the items of a list may be, or the values of a dict: what stands last between the brackets."""
    return _parts(_parts(kind.partition("[")[2].removesuffix("]"), ",")[-1], "|")


def _name(kind: str) -> str:
    name = kind.partition("[")[0].rpartition(".")[2]
    return {"dict": "Mapping", "Say": "Callable", "Measure": "Callable"}.get(name, name)


def _is(value: Any, kind: str) -> bool:
    name = _name(kind)
    if name not in _ABSTRACT:
        return name in (base.__name__ for base in type(value).__mro__)
    if not _ABSTRACT[name][1](value):
        return False
    items = value.values() if name == "Mapping" else value if name == "Sequence" else ()
    return all(any(_is(item, one) for one in _items(kind)) for item in items)


def _words(kind: str) -> str:
    name = _name(kind)
    words = _ABSTRACT[name][0] if name in _ABSTRACT else f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"
    several = " or ".join(dict.fromkeys(map(_words, _items(kind)))) if name in ("Sequence", "Mapping") else ""
    return f"{words} (each {several})" if several else words


def _shown(value: Any) -> str:
    """Return a value for a message: as it is if it is short, else its kind."""
    plain = value is None or isinstance(value, str | bytes | Real | PathLike)
    return repr(value) if plain else f"a {type(value).__name__}"
