"""The profile of a neighbourhood: what its last build found, each figure with its source and its date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from assetmap.definitions import figures
from assetmap.files import write_text
from assetmap.folders import hold_lock
from assetmap.pages.leaflet import Leaflet, LeafletLine, LeafletSection, leaflet_html
from assetmap.paper.leaflet import write_leaflet
from assetmap.places import place
from assetmap.plurals import counted
from assetmap.study.built import Built, load_built, show_bounds, show_value
from assetmap.study.manifest import holds_data
from assetmap.study.settings import Settings, read_settings
from assetmap.taxonomy import taxonomy
from assetmap.words import words_for

__all__ = ["PROFILE_NAMES", "profile_of", "write_profile"]

PROFILE_NAMES = ("profile.html", "profile.pdf")
_DEPRIVATION = ("average_score", "extent", "share_of_people_decile_1", "share_of_people_deciles_1_2")


class _Sources:
    """The files behind the figures, each with a number by which a figure names it.

    Parameters
    ----------
    records
        `Manifest.inputs`.
    """

    def __init__(self, records: Sequence[dict[str, Any]]) -> None:
        self._records = [record for record in records if holds_data(record["file"])]

    def lines(self) -> list[str]:
        """Return whose each is and of when, by number."""
        return [f"{number}. {_credit(record)}" for number, record in enumerate(self._records, start=1)]

    def note(self, how: str, names: Iterable[str | None], fetched: str = "") -> str:
        """Return what stands under a figure: how it is meant, and the numbers and dates of its sources.

        Parameters
        ----------
        how
            Words on the figure; may be empty.
        names
            Its files, as the settings name them.
        fetched
            Where ``fetch`` puts them, if the settings name none.
        """
        wanted = [name for name in names if name]
        found = [
            f"{number} ({record.get('date') or 'without a date'})"
            for number, record in enumerate(self._records, start=1)
            if record["file"] in wanted or (not wanted and fetched and record["file"].startswith(fetched))
        ]
        told = f"Source {', '.join(found)}" if found else "Source not recorded"
        return ". ".join([_capital(how).rstrip("."), told] if how else [told]) + "."


def _credit(record: dict[str, Any]) -> str:
    title = record.get("title") or f"{record['file']}: whose it is nobody has recorded"
    parts = (title, record.get("attribution"), record.get("licence"), record.get("date"))
    return ". ".join(str(part).rstrip(".") for part in parts if part)


def write_profile(folder: Path, *, say: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Write the profile of a study's last build as ``out/profile.html`` and ``out/profile.pdf``, for the team.

    Raises
    ------
    UsageError
        If the study hasn't been built, or has changed since.
    """
    settings = read_settings(folder)
    with hold_lock(folder):
        leaflet = profile_of(load_built(folder), settings)
        paths = [folder / "out" / name for name in PROFILE_NAMES]
        say("writing the profile")
        write_text(paths[0], leaflet_html(leaflet))
        write_leaflet(paths[1], leaflet)
    return paths


def profile_of(built: Built, settings: Settings) -> Leaflet:
    """Return what the profile says."""
    manifest = built.manifest
    found = manifest.figures
    note = place(settings.place.site).note if settings.place.site else ""
    sources = _Sources(manifest.inputs)
    told = [(title, list(tell(built, settings, sources))) for title, tell in _SECTIONS.items()]
    return Leaflet(
        title=f"{manifest.study}: a profile",
        subtitle=f"{counted(found['zones'], 'zone')}, built on {manifest.built_on}",
        notice=" ".join(filter(None, [settings.study.notice, note])),
        audience_words=words_for("en").phrase("working_copy"),
        sections=[
            LeafletSection(
                title,
                [one for one in lines if isinstance(one, str)],
                [one for one in lines if isinstance(one, LeafletLine)],
            )
            for title, lines in told
        ],
        sources=sources.lines(),
        made=f"Made by assetmap {manifest.versions.get('assetmap', '')} from the build of {manifest.built_on}.",
        resident_rows=int(found["annotations"]),
    )


def _places_files(settings: Settings) -> list[str | None]:
    return [*settings.osm.file, *(t.file for t in settings.lists), *(green.file for green in settings.green_space)]


def _people(built: Built, settings: Settings, sources: _Sources) -> Iterator[LeafletLine | str]:
    found = built.manifest.figures
    if found["people"] is None:
        yield "The people of at least one zone aren't known, so figures about people are empty."
    else:
        files = (settings.population.file, settings.population.grid)
        note = sources.note(built.people_from, files, "data/boundaries/population")
        yield LeafletLine("People living here", f"{found['people']:,.0f}", note)
    zones = (settings.zones.file if settings.zones else None,)
    yield LeafletLine(
        "Zones", f"{found['zones']:,}", sources.note(f"of the kind {built.vintages}", zones, "data/boundaries/zones")
    )


def _deprivation(built: Built, settings: Settings, sources: _Sources) -> Iterator[LeafletLine | str]:
    found = built.manifest.figures["deprivation"]
    if not built.index:
        yield "No index of deprivation is in the study."
        return
    yield "These are figures of areas, not of the people in them: many people in a deprived area aren't deprived."
    files = (settings.deprivation.file,)
    for name in _DEPRIVATION:
        if found.get(name) is not None:
            entry = figures()[name].filled()
            note = sources.note(entry.read, files, "data/boundaries/iod")
            yield LeafletLine(_capital(entry.meaning), show_value(found[name], entry.unit), note)
    ranks = built.zones.dropna(subset="imd_rank").sort_values("imd_rank")
    for code, name, rank, decile in ranks[["zone_code", "name", "imd_rank", "imd_decile"]].itertuples(index=False):
        label = code if pd.isna(name) else f"{name} ({code})"
        note = sources.note("1 is the most deprived in England", files, "data/boundaries/iod")
        yield LeafletLine(label, f"rank {rank:,.0f}, decile {decile:.0f}", note)


def _assets(built: Built, settings: Settings, sources: _Sources) -> Iterator[LeafletLine | str]:
    counts = built.manifest.figures["assets_by_category"]
    yield "In the neighbourhood and up to 2 km round it. A place that two sources know is counted once."
    for group in taxonomy().groups:
        members = {name: counts[name] for name in taxonomy().members(group) if counts.get(name)}
        if members:
            kinds = ", ".join(f"{taxonomy().label(name).lower()} {count:,}" for name, count in members.items())
            note = sources.note(kinds, _places_files(settings), "data/osm_cache/")
            yield LeafletLine(taxonomy().label(group), f"{sum(members.values()):,}", note)


def _access(built: Built, settings: Settings, sources: _Sources) -> Iterator[LeafletLine | str]:
    access = built.manifest.figures["access"]
    yield f"Distances are {built.mode}, from people's homes; assetmap measures them."
    near = settings.access.thresholds_m[len(settings.access.thresholds_m) // 2]
    for group in taxonomy().groups:
        facts = access.get(group, {})
        if facts.get("median_m") is None:
            continue
        share = facts.get(f"share_{near}m")
        within = f"; {show_value(share, 'share')} have one within {near} m" if share is not None else ""
        said = f"{show_value(facts['median_m'], 'm')} or less for half of the people{within}"
        note = sources.note("", _places_files(settings), "data/osm_cache/")
        yield LeafletLine(f"To the nearest {taxonomy().label(group).lower()}", said, note)


def _standards(built: Built, settings: Settings, sources: _Sources) -> Iterator[LeafletLine | str]:
    yield "The share of the people who meet each, by published standards."
    for _, row in built.standards_met.reset_index().drop_duplicates(["label", "mode"]).iterrows():
        if pd.notna(row["share_at_least"]):
            how = "on foot to an entrance" if row["mode"] == "walk" else "in a straight line to its boundary"
            note = sources.note(how, _places_files(settings), "data/osm_cache/")
            yield LeafletLine(str(row["label"]), show_bounds(row), note)


def _marks(built: Built, settings: Settings, sources: _Sources) -> Iterator[LeafletLine | str]:
    count = int(built.manifest.figures["annotations"])
    yield (f"Marks and stories of residents in the study: {count:,}." if count else "No marks of residents yet.")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


_SECTIONS = {
    "The people and the place": _people,
    "Deprivation": _deprivation,
    "What is there": _assets,
    "How near it is": _access,
    "Green space standards": _standards,
    "What residents marked": _marks,
}
