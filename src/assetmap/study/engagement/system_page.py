"""The page ``out/systems.html``: a study's system maps beside the places that their factors are tied to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from assetmap.cartography.labels import label_candidates
from assetmap.cartography.picture import NumberedPlace, render_picture
from assetmap.crs import LONLAT
from assetmap.diagrams.drawing import diagram_svg
from assetmap.diagrams.system_drawing import can_be_read, system_diagram
from assetmap.diagrams.systems_document import (
    FactorEntry,
    MapEntry,
    PlaceEntry,
    factor_anchor,
    systems_html,
)
from assetmap.engagement.references import parse_reference
from assetmap.engagement.systems.answers import QUESTIONS, answer_question
from assetmap.engagement.systems.factors import factor_measures
from assetmap.files import write_text
from assetmap.pages.anchors import place_anchor
from assetmap.sources.system_maps.contents import SystemMap
from assetmap.study.area import read_area
from assetmap.study.engagement.system_maps import factor_labels, read_system_maps, read_ties
from assetmap.study.engagement.system_ties import built_assets
from assetmap.study.settings import Settings, read_settings
from assetmap.taxonomy import taxonomy
from assetmap.words import words_for

__all__ = ["write_system_page"]

_SIGNS = {"positive": "+", "negative": "−", "unknown": ""}
_SHOWN_ANSWERS = 30


def write_system_page(folder: Path, *, today: str) -> Path:
    """Write the page of a study's system maps, and return where it is.

    It is written from the files as they are; places have their names and a small map once the study is built.

    Parameters
    ----------
    folder
        The study folder.
    today
        ISO date written on the page.
    """
    settings = read_settings(folder)
    maps, ties = read_system_maps(folder), read_ties(folder)
    assets = built_assets(folder)
    labels = factor_labels(maps)
    known = ties[ties["factor"].isin(labels)]
    places, picture = _places(folder, settings, known, labels, assets)
    entries = [_map_entry(name, drawing, known) for name, drawing in maps.items()]
    page = folder / "out" / "systems.html"
    write_text(page, systems_html(entries, places, study=settings.study.name, picture=picture, made_on=today))
    return page


def _anchor_of(reference: str) -> str:
    name, _, identity = parse_reference(reference).identifier.partition("/")
    return factor_anchor(name, identity)


def _map_entry(name: str, drawing: SystemMap, ties: pd.DataFrame) -> MapEntry:
    measures = factor_measures(drawing.factors, drawing.links)
    answers = [
        (words, answer_question(question, drawing.factors, drawing.links, measures=measures).sentences[:_SHOWN_ANSWERS])
        for question, words in QUESTIONS.items()
    ]
    drawn = can_be_read(drawing.factors, drawing.links)
    diagram = system_diagram(drawing.title, drawing.factors, drawing.links) if drawn else None
    svg = diagram_svg(diagram, identity=f"map-{name}") if diagram else Markup()
    targets = {str(factor): list(group) for factor, group in ties.groupby("factor")["tied_to"]}
    factors = _factor_entries(name, drawing, measures, targets)
    return MapEntry(name, drawing.title, svg, answers, factors, links=len(drawing.links))


def _factor_entries(
    name: str, drawing: SystemMap, measures: pd.DataFrame, targets: Mapping[str, Sequence[str]]
) -> list[FactorEntry]:
    labels = dict(zip(drawing.factors["factor_id"], drawing.factors["label"], strict=True))
    after: dict[str, list[tuple[str, str]]] = {identity: [] for identity in labels}
    before: dict[str, list[tuple[str, str]]] = {identity: [] for identity in labels}
    columns = ("from_id", "to_id", "polarity", "direction")
    for start, end, polarity, direction in zip(*(drawing.links[c] for c in columns), strict=True):
        sign = f" ({_SIGNS[polarity]})" if _SIGNS[polarity] else ""
        for one, other in {(start, end)} if direction == "one_way" else {(start, end), (end, start)}:
            after[one].append((factor_anchor(name, other), f"{labels[other]}{sign}"))
            before[other].append((factor_anchor(name, one), f"{labels[one]}{sign}"))
    entries = []
    texts = drawing.factors[["kind", "note"]].fillna("").to_numpy()
    for box, identity in enumerate(labels):
        tied = [parse_reference(ref) for ref in targets.get(f"factor:{name}/{identity}", ())]
        row = measures.loc[identity]
        entries.append(
            FactorEntry(
                anchor=factor_anchor(name, identity),
                box=box,
                label=labels[identity],
                kind=str(texts[box][0]),
                note=str(texts[box][1]),
                facts=[f"Reaches {row['downstream']} of the others; {row['upstream']} reach it."],
                acts_on=sorted(after[identity], key=lambda pair: pair[1]),
                acted_on_by=sorted(before[identity], key=lambda pair: pair[1]),
                places=[place_anchor(ref.identifier) for ref in tied if ref.kind == "asset"],
                others=[f"{ref.kind} {ref.identifier}" for ref in tied if ref.kind != "asset"],
            )
        )
    return entries


def _places(
    folder: Path, settings: Settings, ties: pd.DataFrame, labels: Mapping[str, str], assets: gpd.GeoDataFrame | None
) -> tuple[list[PlaceEntry], Markup]:
    """Return the places that factors are tied to, and a small map of those that the last build has."""
    on_ground = ties[ties["tied_to"].str.startswith("asset:")]
    ids = list(dict.fromkeys(ref.removeprefix("asset:") for ref in on_ground["tied_to"]))
    rows = pd.DataFrame() if assets is None else assets[assets["asset_id"].isin(ids)].set_index("asset_id")
    numbers = {identity: number for number, identity in enumerate((i for i in ids if i in rows.index), start=1)}
    entries = []
    for identity in ids:
        name = rows.loc[identity, "name"] if identity in rows.index else None
        factors = on_ground.loc[on_ground["tied_to"] == f"asset:{identity}", "factor"]
        entries.append(
            PlaceEntry(
                place_anchor(identity),
                identity if pd.isna(name) else str(name),
                numbers.get(identity),
                [(_anchor_of(factor), labels[factor]) for factor in factors],
            )
        )
    return entries, _picture(folder, settings, rows.loc[list(numbers)]) if numbers else Markup()


def _ground(folder: Path) -> gpd.GeoDataFrame:
    """Return the streets, water and green of the last build; none where an older one has left none."""
    path = folder / "out" / "ground.parquet"
    if path.exists():
        return gpd.read_parquet(path)
    return gpd.GeoDataFrame({"kind": [], "name": []}, geometry=[], crs=LONLAT)


def _picture(folder: Path, settings: Settings, rows: gpd.GeoDataFrame) -> Markup:
    """Return the places within the neighbourhood's outline, on its ground."""
    spots = rows.geometry.representative_point()
    area = read_area(folder, settings)
    crs = rows.crs
    boundary = None if area is None else gpd.GeoDataFrame(geometry=[area.outline], crs=area.crs).to_crs(crs)
    known = taxonomy().categories
    places = [
        NumberedPlace(
            number,
            float(spot.x),
            float(spot.y),
            known[category].group if category in known else "other",
            place_anchor(str(identity)),
        )
        for number, (identity, category, spot) in enumerate(
            zip(rows.index, rows["category"], spots, strict=True), start=1
        )
    ]
    bounds = [spots.total_bounds] + ([] if boundary is None else [boundary.total_bounds])
    west, south = (min(float(b[i]) for b in bounds) for i in (0, 1))
    east, north = (max(float(b[i]) for b in bounds) for i in (2, 3))
    base = _ground(folder).to_crs(crs)
    drawn = render_picture(
        base,
        boundary,
        names=label_candidates(base),
        places=places,
        bounds=(west, south, east, north),
        label="Places that factors are tied to",
        words=words_for("en"),
    )
    return drawn.svg
