"""Two built studies side by side: what may be compared, what may not, and why a figure is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from assetmap.definitions import figures as defined_figures
from assetmap.errors import UsageError
from assetmap.files import write_text
from assetmap.maps.comparison import ComparedFigure, ComparedSection, ComparedZones, comparison_html
from assetmap.plurals import counted
from assetmap.study.built import Built, load_built, show_value
from assetmap.study.settings import SETTINGS_NAME
from assetmap.study.showing import OSM_NOTE
from assetmap.table_files import write_csv
from assetmap.taxonomy import taxonomy

__all__ = ["COMPARED_FILES", "Comparison", "compare_studies"]

COMPARED_FILES = ("comparison.csv", "zones.csv", "comparison.html")
CAUTIONS = (
    "Ranks and deciles are national, 1 the most deprived in England. They go together only where the edition is one.",
    "Slope, relative and concentration indices rank people within their own study, so they are not set side by side.",
    "A study knows only the places in its own sources: a longer way may mean a shorter list.",
)
_DEPRIVATION = (
    *("average_score", "average_rank_reversed", "extent"),
    *("share_of_zones_decile_1", "share_of_people_decile_1", "share_of_people_deciles_1_2"),
)
_BOUNDS = {"share_at_least": "at least", "share_at_most": "at most"}
_ZONE_COLUMNS = {"population": "People", "imd_score": "Score", "imd_rank": "National rank", "imd_decile": "Decile"}


@dataclass(frozen=True)
class Figure:
    """One figure of both studies; None where it is missing, with the reason."""

    section: str
    label: str
    unit: str
    values: tuple[Any, Any]
    missing: tuple[str, str]
    alike: bool = True
    """Whether both were measured so that they may be compared."""
    note: str = ""

    @property
    def comparable(self) -> bool:
        """Whether the two may be compared, and both are there."""
        return self.alike and not any(self.missing)


@dataclass(frozen=True)
class Comparison:
    """Two studies side by side."""

    names: tuple[str, str]
    figures: tuple[Figure, ...]
    zones: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Return one row for each figure, as in ``comparison.csv``."""
        rows = [("", "study", "", *self.names, "", "", "yes", "")]
        rows += [
            (f.section, f.label, f.unit, *f.values, *f.missing, "yes" if f.comparable else "no", f.note)
            for f in self.figures
        ]
        heads = ["section", "figure", "unit", "value_1", "value_2", "missing_1", "missing_2", "comparable", "note"]
        return pd.DataFrame(rows, columns=heads, dtype=object)

    def summary(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        rows = [
            {"section": f.section, "figure": f.label, "unit": f.unit, "values": list(f.values)}
            | {"missing": list(f.missing), "comparable": f.comparable, "note": f.note}
            for f in self.figures
        ]
        return {"studies": list(self.names), "figures": rows}


def compare_studies(first: Path, second: Path, *, out: Path, today: str, overwrite: bool = False) -> Comparison:
    """Put two built studies side by side, and write ``comparison.csv``, ``zones.csv`` and ``comparison.html``.

    Parameters
    ----------
    first, second
        The study folders. Nothing in them is changed.
    out
        The folder to write into.
    today
        ISO date written on the page.
    overwrite
        Replace what is there already.

    Raises
    ------
    UsageError
        If both are one study, one of them isn't built or its outputs have been changed, or `out` holds a
        comparison and `overwrite` is false.
    """
    if first.resolve() == second.resolve():
        raise UsageError(f"{first} and {second} are one study: give two.")
    there = [name for name in COMPARED_FILES if (out / name).exists()]
    if there and not overwrite:
        raise UsageError(f"{out / there[0]} is there already: say --overwrite to replace it.")
    pair = (load_built(first), load_built(second))
    names = (pair[0].name, pair[1].name)
    if names[0] == names[1]:
        names = (f"{names[0]} (first)", f"{names[1]} (second)")
    found = Comparison(names, tuple(_figures(*pair)), _zone_table(names, pair))
    write_csv(out / "comparison.csv", found.table())
    write_csv(out / "zones.csv", found.zones)
    write_text(out / "comparison.html", _page(found, pair, today))
    return found


def _figures(a: Built, b: Built) -> Iterator[Figure]:
    yield from _about(a, b)
    yield from _deprivation(a, b)
    yield from _access(a, b)
    yield from _standards(a, b)


def _about(a: Built, b: Built) -> Iterator[Figure]:
    def both(label: str, unit: str, values: tuple[Any, Any], missing: str = "") -> Figure:
        return Figure("About", label, unit, values, (_why(values[0], missing), _why(values[1], missing)))

    yield both("Built on", "date", (a.manifest.built_on, b.manifest.built_on))
    yield both("Zones", "zones", (len(a.zones), len(b.zones)))
    yield both("Kind of zones", "", (a.vintages, b.vintages))
    people = (a.manifest.figures["people"], b.manifest.figures["people"])
    yield both("People", "people", people, "the people of some zones aren't known")
    yield both("Where the people come from", "", (a.people_from, b.people_from))
    yield both("How distances are measured", "", (a.mode, b.mode))
    yield both("Index of deprivation", "", (a.index or None, b.index or None), "the study has no index of deprivation")


def _why(value: Any, reason: str) -> str:
    return reason if value is None else ""


def _deprivation(a: Built, b: Built) -> Iterator[Figure]:
    same = a.index == b.index or not (a.index and b.index)
    apart = "" if same else f"{a.index} beside {b.index}: ranks of two editions are of two different sets of zones."

    def reason(study: Built) -> str:
        if not study.index:
            return "the study has no index of deprivation"
        known = study.manifest.figures["people"] is not None
        return "the table of its index doesn't have it" if known else "the people of some zones aren't known"

    meanings = defined_figures()
    for name in _DEPRIVATION:
        values = (a.manifest.figures["deprivation"].get(name), b.manifest.figures["deprivation"].get(name))
        about = meanings[name]
        missing = (_why(values[0], reason(a)), _why(values[1], reason(b)))
        yield Figure("Deprivation", _upper(about.meaning), about.unit, values, missing, same, apart)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _access(a: Built, b: Built) -> Iterator[Figure]:
    same = a.mode == b.mode
    apart = "" if same else f"Measured {a.mode} beside {b.mode}."
    within = [
        t for t in a.manifest.settings["access"]["thresholds_m"] if t in b.manifest.settings["access"]["thresholds_m"]
    ]
    columns = {"median_m": "half of the people have this far to go, or less"}
    columns |= {f"share_{t}m": f"share of people within {t} m" for t in within}
    for group, label in taxonomy().groups.items():
        rows = [study.manifest.figures["access"].get(group) for study in (a, b)]
        if rows == [None, None]:
            continue
        edge = [s.name for s, row in zip((a, b), rows, strict=True) if row and row["edge_origins"]]
        far = f"Beyond the edge of the data something may be nearer: {', '.join(edge)}." if edge else ""
        note = " ".join(filter(None, [apart, far]))
        for column, meaning in columns.items():
            found = [(row or {}).get(column) for row in rows]
            missing = [_why(v, _no_access(row, label)) for v, row in zip(found, rows, strict=True)]
            unit = "m" if column == "median_m" else "share"
            yield Figure(
                "Access", f"{label}: {meaning}", unit, (found[0], found[1]), (missing[0], missing[1]), same, note
            )


def _no_access(row: Any, label: str) -> str:
    if row is None:
        return f"no place of the kind is known here ({label.lower()})"
    return "the people of some zones aren't known" if row.get("people") is None else "nobody reaches one"


def _standards(a: Built, b: Built) -> Iterator[Figure]:
    tables = [study.standards_met for study in (a, b)]
    for key in dict.fromkeys([*tables[0].index, *tables[1].index]):
        rows = [table.loc[key] if key in table.index else None for table in tables]
        label = next(row["label"] for row in rows if row is not None)
        how = "on foot" if key[1] == "walk" else "in a straight line"
        same = key[1] != "walk" or a.mode == b.mode
        shares = {words: _both_shares(rows, column) for column, words in _BOUNDS.items()}
        if shares["at least"] == shares["at most"]:
            shares = {"": shares["at least"]}
        for words, values in shares.items():
            missing = (
                _why(values[0], _no_standard(a, rows[0], key[1])),
                _why(values[1], _no_standard(b, rows[1], key[1])),
            )
            name = f"{label}, {how}{': ' if words else ''}{words}"
            yield Figure("Green space standards", name, "share", values, missing, same)


def _both_shares(rows: list[Any], column: str) -> tuple[float | None, float | None]:
    first, second = (None if row is None or pd.isna(row[column]) else float(row[column]) for row in rows)
    return first, second


def _no_standard(study: Built, row: Any, mode: str) -> str:
    if row is None and mode == "walk":
        return "there is no walking network"
    if not study.knows_green_space:
        return "no green space is known here"
    return "not asked for in this study" if row is None else "the people of some zones aren't known"


def _zone_table(names: tuple[str, str], pair: tuple[Built, Built]) -> pd.DataFrame:
    """Return the zones of both studies with their national ranks, and the edition that each is of."""
    tables = []
    for name, study in zip(names, pair, strict=True):
        table = study.zones.reindex(columns=["zone_code", "name", "vintage", *_ZONE_COLUMNS])
        kinds = study.zones.get("population_kind", pd.Series("table", study.zones.index))
        table.insert(4, "population_kind", kinds.where(table["population"].notna()))
        table.insert(0, "study", name)
        tables.append(table.assign(index_of_deprivation=study.index or None).astype(object))
    return pd.concat(tables, ignore_index=True)


def _page(found: Comparison, pair: tuple[Built, Built], today: str) -> str:
    sections = []
    for title in dict.fromkeys(figure.section for figure in found.figures):
        rows = [figure for figure in found.figures if figure.section == title]
        sections.append(ComparedSection(title, list(_shown_figures(rows))))
    whose = [
        _whose(entry, study) for study in pair for entry in study.manifest.inputs if entry["file"] != SETTINGS_NAME
    ]
    return comparison_html(
        found.names,
        sections,
        [_zones_of(edition, rows) for edition, rows in found.zones.fillna("").groupby("index_of_deprivation")],
        cautions=[*CAUTIONS, *_cautions(found.names, pair)],
        sources=list(dict.fromkeys(whose)),
        made_on=today,
    )


def _whose(entry: dict[str, Any], study: Built) -> str:
    """Return whose data an input of a study is."""
    if entry.get("attribution"):
        return str(entry["attribution"])
    if entry["file"] in study.manifest.settings["osm"]["file"] or entry["file"].startswith("--osm "):
        return str(OSM_NOTE.attribution)
    return f"{entry['file']}: nobody has recorded whose it is."


def _cautions(names: tuple[str, str], pair: tuple[Built, Built]) -> Iterator[str]:
    """Give what to know of these two studies before their figures are read."""
    if pair[0].people_from != pair[1].people_from:
        yield "The people aren't known alike in both (see About); all figures of people rest on it."
    for name, study in zip(names, pair, strict=True):
        yield from (f"{name}: {note}" for note in study.manifest.notes)
        alone = int((study.zones["origins"] == 1).sum())
        if alone:
            yield (
                f"{name}: in {alone} of {counted(len(study.zones), 'zone')} everybody starts from one point, "
                "so a share of people "
                "within a distance has the whole zone in it or none of it."
            )


def _shown_figures(figures: Sequence[Figure]) -> Iterator[ComparedFigure]:
    """Give the rows of a section; figures that one study lacks for one reason are one row, with how many they are."""
    lacking = Counter(_lack(figure) for figure in figures)
    told = set()
    for figure in figures:
        lack = _lack(figure)
        if any(figure.missing) and lack in told:
            continue
        told.add(lack)
        more = lacking[lack] - 1 if any(figure.missing) else 0
        yield _shown_figure(figure, f"{more} more for the same reason: in comparison.csv." if more else "")


def _lack(figure: Figure) -> tuple[str, tuple[str, str]]:
    """Return what tells the figures that are missing for one reason: in Access, of one kind of place."""
    return figure.label.partition(":")[0] if figure.section == "Access" else "", figure.missing


def _shown_figure(figure: Figure, more: str) -> ComparedFigure:
    texts = [why or show_value(value, figure.unit) for value, why in zip(figure.values, figure.missing, strict=True)]
    gone = (bool(figure.missing[0]), bool(figure.missing[1]))
    note = " ".join(filter(None, [figure.note, more]))
    return ComparedFigure(figure.label, (texts[0], texts[1]), gone, figure.alike, note)


def _zones_of(edition: Any, rows: pd.DataFrame) -> ComparedZones:
    heads = ["Study", "Zone", *_ZONE_COLUMNS.values(), "People are"]
    caption = f"Zones by the {edition}" if edition else "Zones without an index of deprivation"
    words = {"table": "counted", "grid": "estimated from a grid", "": "not known"}
    units = {"population": "people", "imd_score": "score"}
    cells = [
        [row["study"], row["name"] or row["zone_code"]]
        + ["none" if row[c] == "" else show_value(row[c], units.get(c, "rank")) for c in _ZONE_COLUMNS]
        + [words[row["population_kind"]]]
        for _, row in rows.iterrows()
    ]
    return ComparedZones(caption, heads, cells)
