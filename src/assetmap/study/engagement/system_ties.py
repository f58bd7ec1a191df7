"""Factors of system maps, tied by hand to what they are about: assets, themes, priorities, sessions, marks."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from assetmap.engagement.references import KINDS, make_reference, parse_reference, slug_of
from assetmap.errors import UsageError
from assetmap.sources.system_maps.contents import SystemMap
from assetmap.study.engagement.decision_tables import add_rows, study_lock, write_rows
from assetmap.study.engagement.system_maps import TIE_COLUMNS, TIES, read_system_maps, read_ties

__all__ = ["Tie", "built_assets", "tie_factor"]

_KINDS = ("asset", "theme", "priority", "session", "mark", "story")


@dataclass(frozen=True)
class Tie:
    """A factor and what it is about, as references, with their names, and whether anything has changed."""

    factor: str
    tied_to: str
    label: str
    target_label: str
    changed: bool


def built_assets(folder: Path) -> pd.DataFrame | None:
    """Return the assets of the last build, with a geometry, or None where there is none."""
    import geopandas as gpd

    path = folder / "out" / "assets.parquet"
    return gpd.read_parquet(path) if path.exists() else None


def tie_factor(folder: Path, factor: str, target: str, *, untie: bool = False) -> Tie:
    """Tie a factor to an asset, a theme or another thing of the chain, or untie it.

    Parameters
    ----------
    folder
        The study folder.
    factor
        ``factor:<map>/<id>``, ``<map>/<id>``, or the factor's own words where one factor alone has them.
    target
        A reference such as ``theme:young-people``, an asset's id such as ``osm:way/1234``, or a theme's words.
    untie
        Remove the tie instead.

    Raises
    ------
    UsageError
        If there is no such factor, asset or tie; the nearest names are told.
    """
    maps = read_system_maps(folder)
    with study_lock(folder):
        reference, label = _find_factor(maps, factor)
        to, target_label = _find_target(folder, target)
        ties = read_ties(folder)
        there = (ties["factor"] == reference) & (ties["tied_to"] == to)
        if untie:
            if not there.any():
                raise UsageError(f"{label} isn't tied to {to}: see `assetmap chain {folder} --of {reference}`.")
            write_rows(folder, TIES, ties[~there])
        elif not there.any():
            add_rows(folder, TIES, pd.DataFrame([(reference, to)], columns=list(TIE_COLUMNS)), TIE_COLUMNS)
    return Tie(reference, to, label, target_label, changed=untie or not there.any())


def _find_factor(maps: dict[str, SystemMap], words: str) -> tuple[str, str]:
    """Return a factor's reference and label."""
    labels: dict[str, str] = {}
    for name, drawing in maps.items():
        for identity, label in zip(drawing.factors["factor_id"], drawing.factors["label"], strict=True):
            labels[f"{name}/{identity}"] = label
    if not labels:
        raise UsageError("the study has no system map yet: import one with `assetmap systems import`.")
    named = words.strip().removeprefix("factor:")
    if named in labels:
        return f"factor:{named}", labels[named]
    folded = " ".join(words.casefold().split())
    found = [name for name, label in labels.items() if label.casefold() == folded]
    if len(found) == 1:
        return f"factor:{found[0]}", labels[found[0]]
    if found:
        raise UsageError(f"{len(found)} factors are called {words!r}: name one of {', '.join(found[:5])}.")
    near = get_close_matches(folded, [label.casefold() for label in labels.values()], 1, 0.4)
    hint = next(
        (f"did you mean {label!r} ({name})? " for name, label in labels.items() if [label.casefold()] == near), ""
    )
    raise UsageError(f"no factor is called {words!r}: {hint}`assetmap systems ask --json` lists them.")


def _find_target(folder: Path, words: str) -> tuple[str, str]:
    """Return the reference and the name of what a factor is tied to."""
    kind = words.partition(":")[0]
    if kind in KINDS and kind not in _KINDS:
        raise UsageError(f"a factor can't be tied to a {kind}: tie it to one of {', '.join(_KINDS)}.")
    if kind in _KINDS:
        reference = parse_reference(words)
        if kind != "asset":
            return str(reference), reference.identifier
        words = reference.identifier
    elif ":" not in words:
        return str(make_reference("theme", slug_of(words))), words
    return _find_asset(folder, words)


def _find_asset(folder: Path, identity: str) -> tuple[str, str]:
    assets = built_assets(folder)
    if assets is None:
        raise UsageError(
            f"{folder} has not been built yet by this assetmap, so its assets are unknown: run `assetmap build`."
        )
    names = assets.set_index("asset_id")["name"]
    if identity not in names.index:
        near = get_close_matches(identity, names.index, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"there is no asset {identity!r}: {hint}Ids are in the column asset_id of the assets.")
    name = names[identity]
    return str(make_reference("asset", identity)), identity if pd.isna(name) else str(name)
