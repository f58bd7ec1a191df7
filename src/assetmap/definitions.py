"""What every file, column and figure of a build means: one source for the documentation, the workbook and `explain`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from assetmap.errors import UsageError
from assetmap.schema import CONTRACTS
from assetmap.sources.deprivation_headers import DOMAINS
from assetmap.taxonomy import taxonomy

__all__ = [
    "Definition",
    "OutputFile",
    "column_definitions",
    "command_files",
    "define_column",
    "define_figure",
    "explain",
    "figures",
    "measures",
    "output_files",
]

_GENERAL = {"T": "T", "one": "one", "the": "of the category", "site": "a green space that is large and near enough"}
_NEIGHBOURHOOD = "Neighbourhood"


@dataclass(frozen=True)
class OutputFile:
    """A file under ``out/``: what it is, the contract of its columns, a file whose columns it shares, its sheet.

    `names` is the column whose values are names of figures, for files in which what is measured stands in the rows.
    """

    name: str
    what: str
    table: str = ""
    alike: str = ""
    sheet: str = ""
    names: str = ""


@dataclass(frozen=True)
class Definition:
    """What one column or figure means. An empty text says that there is nothing to say."""

    name: str
    meaning: str
    unit: str = ""
    numerator: str = ""
    denominator: str = ""
    read: str = ""
    """How to read it, and what it doesn't say."""
    source: str = ""
    """The publication that it follows."""
    where: tuple[str, ...] = ()
    """The files, or the sheet of the workbook, that it stands in."""

    def filled(self, **words: str) -> Definition:
        """Return the definition with the words of a concrete name in its sentences."""
        texts = {key: getattr(self, key) for key in ("meaning", "numerator", "denominator", "read")}
        return replace(self, **{key: text.format(**(_GENERAL | words)) for key, text in texts.items()})

    def as_dict(self) -> dict[str, Any]:
        """Return the definition for JSON; what there is nothing to say of is None."""
        return {key: list(value) if key == "where" else value or None for key, value in asdict(self).items()}


@cache
def _content() -> dict[str, Any]:
    text = resources.files("assetmap").joinpath("definitions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def output_files() -> dict[str, OutputFile]:
    """Return every file that a build writes, by name, in the order of the documentation."""
    return {name: OutputFile(name, **entry) for name, entry in _content()["files"].items()}


def command_files() -> dict[str, OutputFile]:
    """Return the files that other commands than ``build`` write under ``out/``, by name."""
    return {name: OutputFile(name, **entry) for name, entry in _content()["commands"].items()}


def column_definitions(file: str) -> dict[str, Definition]:
    """Return what the columns of an output file mean, by name; patterns such as ``share_<T>m`` as they are written."""
    about = (output_files() | command_files())[file]
    found: dict[str, Definition] = {}
    if about.table:
        more = _content()["contracts"].get(about.table, {})
        for name, column in CONTRACTS[about.table][0].items():
            found[name] = _definition(name, {"meaning": column.meaning, **more.get(name, {})}, file)
    own = _content()["columns"].get(file, {})
    found |= {name: _definition(name, entry, file) for name, entry in own.items()}
    if about.alike:
        others = list(column_definitions(about.alike).items())[1:]  # the first says what the rows are of
        found |= {name: replace(entry, where=(file,)) for name, entry in others}
    return found


def figures() -> dict[str, Definition]:
    """Return what the figures of the whole neighbourhood mean, by name."""
    return {name: _definition(name, entry, _NEIGHBOURHOOD) for name, entry in _content()["figures"].items()}


def measures() -> dict[str, Definition]:
    """Return what the figures that stand in rows, the criteria, methods and plots mean, by name.

    Those of an area that the whole neighbourhood has too mean the same in both.
    """
    found = {}
    for name, entry in _content()["measures"].items():
        texts = {key: text for key, text in entry.items() if key != "where"}
        known = _definition(name, {**_content()["figures"].get(name, {}), **texts}, "")
        found[name] = replace(known, where=tuple(entry["where"]))
    for code, criterion in _content()["criteria"].items():
        texts = {
            "meaning": f"standard: {criterion['site']}",
            "unit": "share",
            "numerator": f"people who have {criterion['site']}",
            "denominator": "people in the group",
            "read": "A larger one serves as well. The true share lies between share_at_least and share_at_most.",
            "source": criterion["source"],
        }
        found[code] = _definition(code, texts, "standards.csv")
    return found


def _definition(name: str, entry: dict[str, str], where: str) -> Definition:
    source = _content()["sources"][entry["source"]] if "source" in entry else ""
    made_of = _content()["units"].get(entry.get("unit", ""), {}) if "numerator" not in entry else {}
    return Definition(name, **{**made_of, **entry, "source": source}, where=(where,))


def define_column(file: str, column: str) -> Definition | None:
    """Return what one column of an output file means, or None if nothing is said of it.

    Examples
    --------
    >>> define_column("zones.csv", "park_share_400m").meaning
    'share of all people within 400 m of one (Park)'
    """
    return next(_concrete(column, column_definitions(file).values()), None)


def define_figure(file: str, name: str) -> Definition | None:
    """Return what a name that stands in the rows of an output file means, or None if nothing is said of it.

    Examples
    --------
    >>> define_figure("results_by_area.csv", "ags_local_walk_share_at_least").numerator
    'people who have a green space of at least 2 ha within 300 m, on foot to an entrance'
    """
    return next(_concrete(name, (entry for entry in measures().values() if file in entry.where)), None)


def _concrete(name: str, known: Any) -> Iterator[Definition]:
    """Give the definitions that a name fits, in that name's words."""
    for entry in known:
        if entry.name.casefold() == name.casefold():
            yield entry.filled()
        elif (found := re.fullmatch(_expression(entry.name), name)) and found.groupdict():
            words = found.groupdict()
            filled = {"T": words["T"]} if "T" in words else {}
            if kind := words.get("category") or words.get("group"):
                label = taxonomy().label(kind)
                filled |= {"one": f"one ({label})", "the": label}
            if "criterion" in words:
                criterion = _content()["criteria"][words["criterion"]]
                filled |= {"site": criterion["site"]}
                entry = replace(entry, source=_content()["sources"][criterion["source"]])
            yield replace(entry.filled(**filled), name=name)


@cache
def _expression(pattern: str) -> str:
    expression = re.escape(pattern).replace("<T>", r"(?P<T>\d+)")
    for mark, words in _marks().items():
        expression = expression.replace(f"<{mark}>", f"(?P<{mark}>{'|'.join(words)})")
    return expression


def _marks() -> dict[str, tuple[str, ...]]:
    """Return the words that each mark in the name of a pattern stands for, but for numbers."""
    known = taxonomy()
    return {
        "category": (*known.categories, *known.groups),
        "group": tuple(known.groups),
        "domain": tuple(DOMAINS),
        "criterion": tuple(_content()["criteria"]),
    }


def _everything() -> list[Definition]:
    """Return every definition of a table, of the neighbourhood, of a measure or a plot."""
    names = [name for name in output_files() if name != "manifest.json" and _has_columns(name)]
    names += command_files()
    return [
        *figures().values(),
        *measures().values(),
        *(entry for name in names for entry in column_definitions(name).values()),
    ]


def _has_columns(name: str) -> bool:
    about = output_files()[name]
    return bool(about.table or about.alike or name in _content()["columns"])


def explain(name: str | None = None) -> list[Definition]:
    """Return what a figure means, once for each meaning it has; without a name, every figure that has a unit.

    Parameters
    ----------
    name
        A column or figure, such as ``park_share_400m``, or a pattern, such as ``<category>_share_<T>m``; ``sii`` is
        SII.

    Raises
    ------
    UsageError
        If there is none of that name; it names those that are spelt nearly so.

    Examples
    --------
    >>> [entry.unit for entry in explain("green_ha_per_1000")]
    ['ha for 1,000 people']
    """
    known = _everything()
    found = [e.filled() for e in known if e.unit] if name is None else list(_concrete(name.strip(), known))
    if name is not None and not found:
        near = get_close_matches(name.strip(), _spellings(name, known), 3)
        hint = f"did you mean {', '.join(near)}? " if near else ""
        raise UsageError(f"there is no figure {name!r}: {hint}`assetmap explain` lists all.")
    merged: dict[Definition, list[str]] = {}
    for entry in found:
        merged.setdefault(replace(entry, where=()), []).extend(entry.where)
    return [replace(entry, where=tuple(where)) for entry, where in merged.items()]


def _spellings(name: str, known: list[Definition]) -> list[str]:
    """Return every name there is, patterns with every category or domain and the number that `name` has."""
    number = (re.findall(r"\d+", name) or ["400"])[-1]
    names = []
    for pattern in dict.fromkeys(entry.name for entry in known):
        text = pattern.replace("<T>", number)
        fits = [(f"<{mark}>", words) for mark, words in _marks().items() if f"<{mark}>" in text]
        names += [text.replace(mark, word) for mark, words in fits for word in words] or [text]
    return names
