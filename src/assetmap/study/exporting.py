"""What the last build of a study made, as one workbook: its tables, where they come from, and what they mean."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from assetmap.definitions import Definition, OutputFile, define_column, define_figure, figures, output_files
from assetmap.errors import UsageError
from assetmap.folders import hold_lock
from assetmap.places import place
from assetmap.plurals import counted
from assetmap.sources.deprivation import Edition, read_deprivation
from assetmap.study.built import ZONE_KINDS, last_build, read_output
from assetmap.study.figures.zone_facts import DEPRIVATION_FETCHED
from assetmap.study.manifest import Manifest, holds_data, input_files
from assetmap.study.settings import Settings, read_settings
from assetmap.study.showing import OSM_NOTE
from assetmap.taxonomy import taxonomy
from assetmap.workbook import Sheet, write_workbook

__all__ = ["WORKBOOK_NAME", "export_workbook"]

WORKBOOK_NAME = "tables.xlsx"
Tables = dict[OutputFile, pd.DataFrame]
_POSITION = {
    "lon": Definition("lon", "longitude of a point inside it, WGS 84", "°"),
    "lat": Definition("lat", "latitude of that point", "°"),
}
_READING = (
    ("Empty cells", "Not known, or refused: never 0, never a guess."),
    ("Shares", "Are shown as per cent; the cell holds 0 to 1."),
    ("Figures", "The sheet Data dictionary says of each column what it means, what it is made of and how to read it."),
    ("OpenStreetMap", "Is as complete as its mappers have made it: a missing path makes a walk longer."),
    ("Homes", "Within a zone people are spread over its buildings by their size: an estimate."),
)


def export_workbook(folder: Path, *, out: Path | None = None, overwrite: bool = False) -> Path:
    """Write the tables of a study's last build as one Excel workbook, and return where it is.

    Residents' own words and marks stay out of it; the sheet `Read me` says how many there are.

    Parameters
    ----------
    folder
        The study folder.
    out
        Where to write; by default ``out/tables.xlsx`` in the study.
    overwrite
        Replace a workbook that is there.

    Raises
    ------
    UsageError
        If the study hasn't been built or has changed since, the name isn't that of a workbook, the file is there
        already, or a table is too large for Excel.
    """
    settings = read_settings(folder)
    path = out or folder / "out" / WORKBOOK_NAME
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path.name}: a workbook's name ends in .xlsx.")
    if path.resolve() in {p.resolve() for p in input_files(folder, settings).values()}:
        raise UsageError(f"{path} is an input of the study: write the workbook somewhere else.")
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already: say --overwrite to replace it.")
    with hold_lock(folder):
        manifest = last_build(folder, settings)
        tables = {about: read_output(folder / "out" / about.name) for about in output_files().values() if about.sheet}
        sheets = [_neighbourhood(manifest, tables), *(_sheet(about, table) for about, table in tables.items())]
        read_me = [*_read_me(folder, settings, manifest, tables), *_sheet_list(sheets)]
        sheets.append(Sheet("Data dictionary", _dictionary(tables)))
        write_workbook(path, sheets, read_me=read_me, title=manifest.study, made_on=manifest.built_on)
    return path


def _define(about: OutputFile, column: str) -> Definition:
    return define_column(about.name, column) or _POSITION.get(column) or Definition(column, "")


def _sheet(about: OutputFile, table: pd.DataFrame) -> Sheet:
    return Sheet(about.sheet, table, {column: _define(about, column).unit for column in table.columns})


def _table(tables: Tables, name: str) -> pd.DataFrame:
    return next(table for about, table in tables.items() if about.name == name)


def _neighbourhood(manifest: Manifest, tables: Tables) -> Sheet:
    """Return the figures of the whole neighbourhood, one a row."""
    found = manifest.figures
    values = {**{k: v for k, v in found["deprivation"].items() if k not in ("people", "zones")}, **found}
    rows = [
        {"figure": name, "kind of asset": None, "value": values[name], "unit": entry.unit, "what it is": entry.meaning}
        for name, entry in figures().items()
        if name in values
    ]
    measures = {c: define_column("access_by_zone.csv", c) for c in _table(tables, "access_by_zone.csv").columns}
    for category, facts in found["access"].items():
        for name, entry in measures.items():
            if entry is not None and entry.unit and name not in ("origins", "people"):
                row = {"figure": name, "kind of asset": taxonomy().label(category), "value": facts.get(name)}
                rows.append({**row, "unit": entry.unit, "what it is": entry.meaning})
    return Sheet("Neighbourhood", pd.DataFrame(rows), unit_column="unit")


def _plain(text: str) -> str:
    """Return text without the marks that make code of words on a page."""
    return text.replace("`", "")


def _dictionary(tables: Tables) -> pd.DataFrame:
    """Return what every column and figure of the workbook means."""
    said = [("Neighbourhood", entry.filled()) for entry in figures().values()]
    for about, table in tables.items():
        named = [define_figure(about.name, name) for name in table.get(about.names, pd.Series(dtype=object)).unique()]
        known = [*(_define(about, column) for column in table.columns), *filter(None, named)]
        said += [(about.sheet, entry) for entry in known]
    return pd.DataFrame(
        {
            "sheet": sheet,
            "column or figure": entry.name,
            "unit": "share, shown as %" if entry.unit == "share" else entry.unit,
            "what it is": _plain(entry.meaning),
            "numerator": entry.numerator,
            "denominator": entry.denominator,
            "how to read it": entry.read,
            "source": entry.source,
        }
        for sheet, entry in said
    ).replace("", None)


def _read_me(folder: Path, settings: Settings, manifest: Manifest, tables: Tables) -> Iterator[tuple[object, ...]]:
    """Give the rows of the sheet that says what the workbook is and what it is made of."""
    found = manifest.figures
    site = place(settings.place.site) if settings.place.site else None
    yield (manifest.study,)
    yield "Working copy", "Not for sharing. Nothing here has been checked for what it may disclose about people."
    yield (
        "Residents' marks",
        f"The study holds {counted(found['annotations'], 'row')} of residents' marks; they themselves are not here.",
    )
    for notice in filter(None, (settings.study.notice, site.note if site else "")):
        yield "Notice", notice
    yield "Built on", f"{manifest.built_on}, by assetmap {manifest.versions.get('assetmap', '')}"
    yield "Contact", settings.study.contact or "not given"
    vintages = _table(tables, "zones.csv")["vintage"].dropna()
    people = "people not known in all" if found["people"] is None else f"{counted(found['people'], 'person', 'people')}"
    yield "Place", f"{site.name}, {site.local_authority}" if site else manifest.study
    kinds = ", ".join(ZONE_KINDS.get(vintage, vintage) for vintage in sorted(set(vintages)))
    yield "Zones", f"{found['zones']:,} ({kinds}), {people}"
    yield "Index of deprivation", _index(folder, settings)
    yield "Distances", _distances(manifest)
    yield ("Caveats",)
    yield from (("Noted by the build", note) for note in manifest.notes or ["Nothing out of the ordinary."])
    yield from _READING
    yield ("Where the data comes from",)
    yield "file", "title", "publisher", "licence", "attribution", "date"
    yield from _sources(manifest, settings.osm.file)
    yield ("What was read",)
    yield "source", "kept, dropped and repaired rows"
    yield from ((tally["source"], _tally(tally)) for tally in manifest.tallies)


def _index(folder: Path, settings: Settings) -> str:
    path = folder / (settings.deprivation.file or DEPRIVATION_FETCHED[settings.deprivation.edition])
    if not path.exists():
        return "none: the study has no figures of deprivation"
    edition: Edition = read_deprivation(path).edition
    return f"{edition.title}, published for {ZONE_KINDS[edition.zone_vintage]}, {edition.size:,} in England"


def _distances(manifest: Manifest) -> str:
    access = manifest.settings["access"]
    within = ", ".join(str(metres) for metres in access["thresholds_m"])
    if manifest.figures["network"].get("mode") == "walk":
        how = f"walks along the network of OpenStreetMap to an entrance, profile {access['profile']}"
    else:
        how = "straight lines, since there is no walking network"
    return f"{how}; counted within {within} m. Columns that begin with euclid are straight lines."


def _sources(manifest: Manifest, osm: Collection[str]) -> Iterator[tuple[object, ...]]:
    for entry in manifest.inputs:
        if "title" in entry:
            yield entry["file"], *(entry[key] for key in ("title", "publisher", "licence", "attribution", "date"))
        elif entry["file"] in osm or entry["file"].startswith("--osm "):
            yield entry["file"], OSM_NOTE.title, "OpenStreetMap contributors", OSM_NOTE.licence, OSM_NOTE.attribution
        elif holds_data(entry["file"]):
            yield entry["file"], "a file of the study: nobody has recorded whose it is"


def _tally(tally: dict[str, Any]) -> str:
    parts = [f"{tally['read']:,} read, {tally['kept']:,} kept"]
    for word in ("dropped", "repaired"):
        parts += [f"{word} {count:,}: {reason}" for reason, count in tally[word].items()]
    return "; ".join(parts)


def _sheet_list(sheets: list[Sheet]) -> Iterator[tuple[object, ...]]:
    what = {about.sheet: _plain(about.what.split(". ")[0].rstrip(".") + ".") for about in output_files().values()}
    yield ("Sheets",)
    yield "sheet", "what it holds", "rows"
    for sheet in sheets:
        yield sheet.title, what.get(sheet.title, "The figures of the whole neighbourhood, one a row."), len(sheet.table)
    yield "Data dictionary", "What every column and figure means, what it is made of and how to read it."
