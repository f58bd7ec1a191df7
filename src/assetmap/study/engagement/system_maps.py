"""The system maps of a study: kept as tables in ``engagement/systems/``, tied to places, assets and themes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from assetmap.engagement.chain import ChainPart
from assetmap.engagement.references import slug_of
from assetmap.errors import AssetMapError, InputError, UsageError
from assetmap.files import read_text, sha256_of, sweep_aside, write_json
from assetmap.schema import CONTRACTS, validate_table
from assetmap.sources.system_maps.contents import SystemMap
from assetmap.sources.system_maps.reading import read_system_map
from assetmap.study.engagement.decision_tables import FOLDER, keep_input, read_rows, study_lock
from assetmap.study.settings import read_settings
from assetmap.tally import Tally

__all__ = [
    "TIES",
    "TIE_COLUMNS",
    "ImportedMap",
    "chain_part",
    "factor_labels",
    "import_system_map",
    "read_map",
    "read_system_maps",
    "read_ties",
    "tied_places",
]

MAPS_FOLDER = "systems"
TIES, TIE_COLUMNS = "ties.csv", ("factor", "tied_to")


@dataclass(frozen=True)
class ImportedMap:
    """A map that was put into the study.

    Parameters
    ----------
    name
        What it is called in references: ``factor:<name>/<id>``.
    tallies
        What was kept of its factors and links.
    known
        Whether it was there in these very words.
    loose
        Ties whose factor is no longer in it.
    """

    name: str
    drawing: SystemMap
    tallies: tuple[Tally, Tally]
    known: bool
    loose: tuple[str, ...]


def import_system_map(folder: Path, path: Path, *, name: str | None = None, overwrite: bool = False) -> ImportedMap:
    """Read a system map and keep it in the study; the user's file goes to ``inputs/`` as it is.

    The tables hold no contributor's name; a file of PRSM's in ``inputs/`` still may.

    Parameters
    ----------
    folder
        The study folder.
    path
        The file; see `read_system_map`.
    name
        What the map is called in the study, by default what its file is.
    overwrite
        Put a newer map in the place of one of that name. Ties stay; those whose factor is gone are told.

    Raises
    ------
    InputError, MissingInputError
        If the file isn't such a map.
    UsageError
        If another map has that name.
    """
    settings = read_settings(folder)
    drawing, tallies = read_system_map(path, polarity=settings.engagement.polarity)
    name = slug_of(name or path.stem)
    target = _path(folder, name)
    with study_lock(folder):
        sweep_aside(target.parent) if target.parent.is_dir() else None
        there = _stored(target) if target.exists() else None
        if there and there["sha256"] == sha256_of(path) and _same(there, drawing):
            return ImportedMap(name, drawing, tallies, known=True, loose=())
        if there and not overwrite:
            raise UsageError(
                f"the study has another system map {name!r} already: say --overwrite to replace it, or give this one "
                "a --name of its own."
            )
        source = keep_input(folder, path, instead_of=there["file"] if there else None)
        write_json(target, _content(drawing, source, sha256_of(path)))
    factors = {f"factor:{name}/{factor}" for factor in drawing.factors["factor_id"]}
    ties = read_ties(folder)["factor"]
    loose = sorted(tie for tie in set(ties) if tie.startswith(f"factor:{name}/") and tie not in factors)
    return ImportedMap(name, drawing, tallies, known=False, loose=tuple(loose))


def _path(folder: Path, name: str) -> Path:
    return folder / FOLDER / MAPS_FOLDER / f"{name}.json"


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object)
    return [{str(k): v for k, v in row.items()} for row in plain.where(plain.notna(), None).to_dict("records")]


def _content(drawing: SystemMap, source: str, sha256: str) -> dict[str, Any]:
    tables = {"factors": _records(drawing.factors), "links": _records(drawing.links)}
    return {"title": drawing.title, "file": source, "sha256": sha256} | tables


def _same(there: dict[str, Any], drawing: SystemMap) -> bool:
    """Whether a stored map says the same, which other settings of signs would change."""
    return all(
        there[name] == table for name, table in _content(drawing, "", "").items() if name in ("factors", "links")
    )


def _stored(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(read_text(path, "system map"))
        return content | {"drawing": _drawing(content, path), "sha256": content["sha256"]}
    except (AssetMapError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"{path} can't be read ({error}): put it back, or remove it and import the map anew."
        ) from error


def _drawing(content: dict[str, Any], path: Path) -> SystemMap:
    tables = {}
    for name, table in (("factors", "factors"), ("links", "system_links")):
        frame = pd.DataFrame(content[name], columns=list(CONTRACTS[table][0]))
        tables[name] = validate_table(frame, table, what=str(path))
    return SystemMap(str(content["title"]), tables["factors"], tables["links"])


def read_system_maps(folder: Path) -> dict[str, SystemMap]:
    """Return the maps of a study by name; none where none was imported.

    Raises
    ------
    InputError
        If one has been changed by hand so that it can't be read.
    """
    stored = sorted((folder / FOLDER / MAPS_FOLDER).glob("*.json"))
    return {path.stem: _stored(path)["drawing"] for path in stored if not path.name.startswith(".")}


def read_map(folder: Path, name: str | None = None) -> tuple[str, SystemMap]:
    """Return one map and its name; without a name, the only one.

    Raises
    ------
    UsageError
        If there is none of that name, none at all, or several and no name.
    """
    read_settings(folder)
    maps = read_system_maps(folder)
    if not maps:
        raise UsageError(f"{folder} has no system map yet: run `assetmap systems import {folder} FILE` first.")
    if name is None and len(maps) > 1:
        raise UsageError(f"{folder} has {len(maps)} system maps: name one of {', '.join(maps)} with --map.")
    found = next(iter(maps)) if name is None else slug_of(name)
    if found not in maps:
        raise UsageError(f"{folder} has no system map {name!r}: it has {', '.join(maps)}.")
    return found, maps[found]


def tied_places(folder: Path) -> list[str]:
    """Return the ids of the places that factors of the study's system maps are tied to."""
    maps, ties = read_system_maps(folder), read_ties(folder)
    known = ties[ties["factor"].isin(factor_labels(maps))]["tied_to"]
    return [ref.removeprefix("asset:") for ref in dict.fromkeys(known) if ref.startswith("asset:")]


def factor_labels(maps: Mapping[str, SystemMap]) -> dict[str, str]:
    """Return the words of every factor of system maps by its reference."""
    return {
        f"factor:{name}/{identity}": label
        for name, drawing in maps.items()
        for identity, label in zip(drawing.factors["factor_id"], drawing.factors["label"], strict=True)
    }


def read_ties(folder: Path) -> pd.DataFrame:
    """Return what factors are tied to: columns ``factor`` and ``tied_to``, both references."""
    return read_rows(folder, TIES, TIE_COLUMNS)


def chain_part(folder: Path) -> ChainPart:
    """Return what the system maps know of the chain: their factors, and what these are tied to."""
    maps = read_system_maps(folder)
    items = [
        (f"factor:{name}/{identity}", label, f"{FOLDER}/{MAPS_FOLDER}/{name}.json")
        for name, drawing in maps.items()
        for identity, label in zip(drawing.factors["factor_id"], drawing.factors["label"], strict=True)
    ]
    ties = read_ties(folder)
    items += _tied_assets(folder, ties)
    links = [(factor, to, "about", f"{FOLDER}/{TIES}") for factor, to in ties.itertuples(index=False)]
    return ChainPart.of(links, items)


def _tied_assets(folder: Path, ties: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return the assets of the last build that factors are tied to, for the chain."""
    path = folder / "out" / "assets.parquet"
    wanted = set(ties["tied_to"])
    if not path.exists() or not any(ref.startswith("asset:") for ref in wanted):
        return []
    assets = pd.read_parquet(path, columns=["asset_id", "name"])
    refs = "asset:" + assets["asset_id"].astype("str")
    names = assets["name"].fillna(assets["asset_id"])
    return [(ref, name, "out/assets.parquet") for ref, name in zip(refs, names, strict=True) if ref in wanted]
