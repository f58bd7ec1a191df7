"""A study's figures as one page of Markdown: in plain words, each with what it is made of and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assetmap.definitions import Definition, define_column, figures, measures
from assetmap.encode import markdown_text
from assetmap.measures.equity.figures import Quantity
from assetmap.measures.equity.words import who_has_more
from assetmap.plurals import counted
from assetmap.study.built import show_bounds, show_value
from assetmap.study.manifest import Manifest, holds_data
from assetmap.taxonomy import taxonomy

__all__ = ["ReportContent", "ReportPlot", "report_text"]

_EQUITY_FILES = ("equity.csv", "equity_of_shares.csv")
_OVER = ["frame", "category", "mode"]
_MODES = {"walk": "on foot", "euclid": "in a straight line"}
_CAVEATS = (
    "OpenStreetMap is as complete as its mappers have made it: a missing path makes a walk longer.",
    "Within a zone people are spread over its buildings by their size: an estimate.",
    "Most figures are of zones, not of the people in them: many people in a deprived zone aren't deprived.",
    "Ranks and deciles are national; those of 2019 and 2025 are no series over time.",
)
_SHARE_INDICES = ("Erreygers index", "Wagstaff index", "concentration index")
_STANDARDS = ("share_at_least", "share_at_most")
_ACCESS = ("median_m", "share_400m", "share_800m", "unreached_people")


@dataclass(frozen=True)
class ReportPlot:
    """A plot that the report shows: its files' name under ``plots/``, its title, how to read it, its section."""

    name: str
    title: str
    reading: str
    section: str


@dataclass(frozen=True)
class ReportContent:
    """What the report tells.

    Parameters
    ----------
    manifest
        Of the last build.
    tables
        Its tables by file name.
    pockets
        Summary of the pockets that were found, or None.
    scenarios
        Name -> summary of each change that was tried.
    stale
        What was measured on an earlier state of the inputs and is left out.
    plots
        The plots.
    notices
        Sentences that the study wants to be read first.
    """

    manifest: Manifest
    tables: Mapping[str, pd.DataFrame]
    pockets: Mapping[str, Any] | None
    scenarios: Mapping[str, Mapping[str, Any]]
    stale: Sequence[str]
    plots: Sequence[ReportPlot]
    notices: Sequence[str]


def report_text(content: ReportContent) -> str:
    """Return the page; every text of the study is encoded."""
    sections = (
        ("In short", _in_short),
        ("In figures", _figures),
        ("How near things are", _access),
        ("By deprivation", _by_deprivation),
        ("Green space standards", _standards),
        ("Supply, shared by everyone in reach", _catchments),
        ("Equity", _equity),
        ("Pockets of deprivation and hubs", _pockets),
        ("What if", _scenarios),
        ("What residents marked", _marks),
        ("What the figures are made of", _made_of),
        ("Before you quote a figure", _caveats),
        ("Where the data comes from", _sources),
    )
    lines = list(_head(content))
    for title, write in sections:
        body = list(write(content))
        if body:
            plots = [line for plot in content.plots if plot.section == title for line in _picture(plot)]
            lines += ["", f"## {title}", "", *body, *plots]
    return "\n".join(lines) + "\n"


def _head(content: ReportContent) -> Iterator[str]:
    manifest = content.manifest
    yield f"# {markdown_text(manifest.study)}: what was measured"
    yield ""
    yield (
        "> **Working copy for the team, not for sharing.** Nothing here has been checked for what it may disclose "
        f"about people. The study holds {counted(manifest.figures['annotations'], 'row')} of residents' marks; "
        "they are here "
        "only as counts."
    )
    for notice in content.notices:
        yield f">\n> {markdown_text(notice)}"
    yield ""
    version = manifest.versions.get("assetmap", "")
    yield f"Built on {manifest.built_on} by assetmap {version}. Empty cells are not known, or refused: never 0."


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Give the lines of a table; without rows none."""
    lines = ["| " + " | ".join(markdown_text("" if cell is None else cell) for cell in row) + " |" for row in rows]
    if lines:
        yield "| " + " | ".join(head) + " |"
        yield "|" + "---|" * len(head)
        yield from lines


def _picture(plot: ReportPlot) -> Iterator[str]:
    yield ""
    yield f"![{markdown_text(plot.title)}](plots/{plot.name}.svg)"
    yield ""
    yield f"*{markdown_text(plot.reading)}* As a picture for slides: [PNG](plots/{plot.name}.png)."


def _value(value: Any, unit: str) -> str:
    return "" if value is None or pd.isna(value) else show_value(value, unit)


def _entries(file: str, columns: Iterable[str]) -> list[Definition]:
    return [entry for column in columns if (entry := define_column(file, column)) is not None]


def _made_of(content: ReportContent) -> Iterator[str]:
    """Give a table of what the figures of the page mean, what they are made of and where they come from."""
    values = content.manifest.figures["deprivation"]
    shown = [entry.filled() for name, entry in figures().items() if name in values]
    shown += [*_entries("access_by_zone.csv", _ACCESS), *_entries("standards.csv", _STANDARDS)]
    indices = [name for file in _EQUITY_FILES for name in content.tables[file].get("measure", ())]
    shown += [measures()[name] for name in dict.fromkeys(indices)]
    shown += _entries("marks_by_theme.csv", content.tables["marks_by_theme.csv"].columns[1:])
    rows = [(e.name, e.meaning, e.numerator, e.denominator, e.read, e.source) for e in shown]
    yield from _table(("figure", "what it is", "numerator", "denominator", "how to read it", "source"), rows)


def _in_short(content: ReportContent) -> Iterator[str]:
    found = content.manifest.figures
    people = (
        "People whose number isn't known in all"
        if found["people"] is None
        else f"{counted(found['people'], 'person', 'people')}"
    )
    zones, places = counted(found["zones"], "zone"), counted(found["assets"], "place")
    yield f"- {people} in {zones}; {places} in the neighbourhood and round it."
    core = found["deprivation"].get("share_of_people_deciles_1_2")
    if core is not None:
        where = f"the most deprived fifth of England's zones ({found['deprivation_index']})"
        yield f"- {show_value(core, 'share')} of the people live in {where}."
    for category in ("green_space", "community_space"):
        facts = found["access"].get(category, {})
        if facts.get("median_m") is not None:
            label = taxonomy().label(category).lower()
            how = "walk" if facts["mode"] == "walk" else "have, in a straight line,"
            yield f"- Half of the people {how} {show_value(facts['median_m'], 'm')} or less to the nearest {label}."
    if content.pockets is not None:
        yield f"- {markdown_text(content.pockets['sentence'])}"


def _figures(content: ReportContent) -> Iterator[str]:
    found = content.manifest.figures
    values = {**found["deprivation"], **{k: v for k, v in found.items() if not isinstance(v, dict)}}
    shown = [entry.filled() for name, entry in figures().items() if name in values]
    rows = [(e.name, _value(values[e.name], e.unit), e.unit, e.meaning) for e in shown]
    yield from _table(("figure", "value", "unit", "what it is"), rows)


def _access(content: ReportContent) -> Iterator[str]:
    by_zone = content.tables["access_by_zone.csv"]
    whole = by_zone[by_zone["group"] == "neighbourhood"].set_index("category")
    entries = _entries("access_by_zone.csv", [column for column in _ACCESS if column in whole])
    mode = _MODES["walk" if (whole["mode"] == "walk").any() else "euclid"]
    yield f"To the nearest of each kind, {mode}, over everybody in the neighbourhood."
    yield ""
    rows = [
        (taxonomy().label(str(category)), *(_value(row[e.name], e.unit) for e in entries))
        for category, row in whole.iterrows()
        if category in taxonomy().groups
    ]
    yield from _table(("kind of place", *(e.name for e in entries)), rows)


def _by_deprivation(content: ReportContent) -> Iterator[str]:
    for category, sentence in content.manifest.figures["sentences"].items():
        if category in taxonomy().groups:
            yield f"- {markdown_text(sentence)}"


def _standards(content: ReportContent) -> Iterator[str]:
    table = content.tables["standards.csv"]
    whole = table[table["group"] == "neighbourhood"]
    rows = []
    for label, found in whole.groupby("label", sort=False):
        by_mode = {row["mode"]: row for _, row in found.iterrows()}
        rows.append((label, *(show_bounds(by_mode.get(mode)) for mode in ("euclid", "walk"))))
    heads = ("share of people who meet it", "in a straight line to its boundary", "on foot to an entrance")
    yield from _table(heads, rows)


def _equity(content: ReportContent) -> Iterator[str]:
    table = content.tables["equity.csv"]
    if table.empty:
        return
    table = table.drop_duplicates([*_OVER, "measure"])
    slopes = table[(table["measure"] == "SII") & table["value"].notna()]
    yield from (f"- {markdown_text(said)}" for said in slopes["sentence"])
    yield ""
    names = list(dict.fromkeys(table["measure"]))
    rows = []
    for (frame, category, mode), found in table.groupby(_OVER, sort=False):
        value = found.set_index("measure")["value"].reindex(names)
        shown = [_value(value["SII"], "m"), *("" if pd.isna(v) else f"{v:.2f}" for v in value.drop("SII"))]
        rows.append((frame, taxonomy().label(str(category)), _MODES[str(mode)], *shown))
    yield from _table(("over", "distance to the nearest", "how", *names), rows)
    yield from _refusals(table, "where empty")
    yield from _share_equity(content.tables["equity_of_shares.csv"])


def _share_equity(table: pd.DataFrame) -> Iterator[str]:
    """Give the indices of the share of people within each distance, and what Erreygers' says in words."""
    if table.empty:
        return
    yield ""
    yield (
        "The same of the share of people who have one within a distance: from -1 to 1, and 0 where it is alike at "
        "every level of deprivation or everybody has one. Above 0 more of the less deprived have one within it, "
        "below 0 more of the more deprived. The words go by Erreygers' index; Wagstaff's says more where nearly all "
        "or nearly none have one."
    )
    yield ""
    rows = []
    for (frame, category, mode, within), found in table.groupby([*_OVER, "within_m"], sort=False):
        value = found.set_index("measure")["value"][list(_SHARE_INDICES)]
        if value.notna().all():
            words = who_has_more(Quantity("Share"), value["Erreygers index"])
            head = (frame, taxonomy().label(str(category)), _MODES[str(mode)], f"{within:,} m", words)
            rows.append((*head, *(f"{v:.2f}" for v in value)))
    yield from _table(("over", "nearest", "how", "within", "the share of people is", *_SHARE_INDICES), rows)
    yield from _refusals(table, "where there is no row")


def _refusals(table: pd.DataFrame, where: str) -> Iterator[str]:
    for why in table["refusal"].dropna().unique():
        yield f"\nRefused {where}: {markdown_text(why)}."


def _catchments(content: ReportContent) -> Iterator[str]:
    table = content.tables["catchments.csv"]
    whole = table[table["group"] == "neighbourhood"] if len(table) else table
    for said in dict.fromkeys(whole.get("sentence", pd.Series(dtype=object)).dropna()):
        yield f"- {markdown_text(said)}"


def _pockets(content: ReportContent) -> Iterator[str]:
    found = content.pockets
    if found is None:
        yield "Not looked for since the inputs last changed: `assetmap pockets` does."
        return
    yield markdown_text(found["sentence"])
    yield ""
    rows = [
        (
            row["decile"],
            row["pockets"],
            _value(row["people_inside"], "people"),
            _value(row["share_of_people_inside"], "share"),
        )
        for row in found["sensitivity"]
    ]
    yield from _table(("deciles up to", "pockets", "people here", "share of people here"), rows)
    yield ""
    yield markdown_text(found["hubs_sentence"])


def _scenarios(content: ReportContent) -> Iterator[str]:
    rows = [
        (
            found["change"],
            found["reach"],
            _value(found["people_newly_reached"], "people"),
            _value(found["people_no_longer_reached"], "people"),
            _value(found["people"], "people"),
        )
        for found in content.scenarios.values()
    ]
    yield from _table(("change", "within", "people newly reached", "no longer reached", "of"), rows)
    if content.stale:
        yield ""
        yield f"Left out, since the inputs have changed since: {markdown_text(', '.join(content.stale))}."


def _marks(content: ReportContent) -> Iterator[str]:
    table = content.tables["marks_by_theme.csv"]
    if table.empty:
        return
    entries = _entries("marks_by_theme.csv", table.columns[1:])
    rows = [(row["theme"], *(_value(row[e.name], e.unit) for e in entries)) for _, row in table.iterrows()]
    yield from _table(("theme", *(e.name for e in entries)), rows)


def _caveats(content: ReportContent) -> Iterator[str]:
    yield from (f"- {markdown_text(note)}" for note in (*content.manifest.notes, *_CAVEATS))


def _sources(content: ReportContent) -> Iterator[str]:
    rows = [
        [entry.get(key, "") for key in ("file", "title", "publisher", "licence", "date")]
        for entry in content.manifest.inputs
        if holds_data(entry["file"])
    ]
    yield from _table(("file", "title", "publisher", "licence", "date"), rows)
