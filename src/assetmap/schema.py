"""The column contracts of the tables, checked at the doors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from assetmap.crs import require_metric
from assetmap.errors import SchemaError

if TYPE_CHECKING:
    import geopandas as gpd
    from pandera.pandas import DataFrameSchema

__all__ = [
    "ACCESS_VALUES",
    "ACTION_STATUSES",
    "ANSWER_PARTS",
    "CONSENT_VALUES",
    "CONTRACTS",
    "ENTRANCE_KINDS",
    "LINK_DIRECTIONS",
    "LINK_POLARITIES",
    "MARK_KINDS",
    "RELATIONS",
    "SENTIMENT_VALUES",
    "SESSION_KINDS",
    "STEP_FREE_VALUES",
    "Column",
    "empty_frame",
    "validate_table",
]

ACCESS_VALUES = ("open", "restricted", "unknown")
CONSENT_VALUES = ("none", "research", "partners", "public", "unknown")
SENTIMENT_VALUES = ("positive", "negative", "mixed")
MARK_KINDS = ("point", "line", "area", "writing")
SESSION_KINDS = ("kiosk", "café", "walk", "workshop", "conversation", "survey", "map")
ENTRANCE_KINDS = ("entrance", "way_crossing", "boundary", "point", "snapped")
STEP_FREE_VALUES = ("yes", "no", "unknown")
LINK_POLARITIES = ("positive", "negative", "unknown")
LINK_DIRECTIONS = ("one_way", "both_ways", "undirected")
ACTION_STATUSES = ("planned", "under way", "done", "dropped")
ANSWER_PARTS = ("said", "done", "under way", "planned", "unknown", "dropped", "found", "expected")
DAY = r"^\d{4}(-\d{2}(-\d{2})?)?$"
ZONE_CODE = r"^[A-Za-z0-9][A-Za-z0-9_\-]{0,31}$"


@dataclass(frozen=True)
class Column:
    """One column of a contract: its dtype, what it means, and the checks on its values."""

    dtype: str
    meaning: str
    nullable: bool = True
    unique: bool = False
    isin: tuple[str, ...] | None = None
    at_least: float | None = None
    at_most: float | None = None
    matches: str | None = None


ASSETS: dict[str, Column] = {
    "asset_id": Column("str", "`osm:way/123`, `list:<sha>:<row>`, `green:<sha>:<row>`", nullable=False, unique=True),
    "name": Column("str", "the place's name, or null"),
    "category": Column("str", "a category of taxonomy.toml", nullable=False),
    "source": Column("str", "`osm`, or the list's name", nullable=False),
    "source_ref": Column("str", "where in the source: `way/123`, `row 7`", nullable=False),
    "observed_on": Column("str", "ISO date of the source's last word on it, or null"),
    "access": Column("str", "who may go in; unknown is never read as no", nullable=False, isin=ACCESS_VALUES),
    "owner": Column("str", "who runs it, or null"),
    "opening_hours": Column("str", "as the source has it (OSM's opening_hours syntax), or null"),
    "cost": Column("str", "`free`, `yes`, or the charge as the source has it, or null"),
    "step_free": Column("str", "`yes`, `limited`, `no`, or null where nobody has said"),
    "area_m2": Column("float64", "ground area in m²; NaN for points and lines", at_least=0.0),
    "zone_code": Column("str", "the zone it lies in, or null outside all zones"),
}
ANNOTATIONS: dict[str, Column] = {
    "annotation_id": Column(
        "str", "`<sheet>:<n>` or `<file sha>:<row>`, stable on re-import", nullable=False, unique=True
    ),
    "contributor_id": Column("str", "a pseudonym, or null"),
    "consent": Column(
        "str",
        "what the contributor agreed to; unknown is treated as none",
        nullable=False,
        isin=CONSENT_VALUES,
    ),
    "text": Column("str", "the resident's words, or null"),
    "theme": Column("str", "what it is about, or null"),
    "sentiment": Column("str", "or null", isin=SENTIMENT_VALUES),
    "kind": Column("str", "shape of the mark", nullable=False, isin=MARK_KINDS),
    "session_id": Column("str", "the session it was made at, or null"),
    "sheet_id": Column("str", "the printed sheet it was drawn on, or null"),
    "pen_colour": Column("str", "or null"),
    "confidence": Column("float64", "0 to 1; NaN where nobody has said", at_least=0.0, at_most=1.0),
    "crop": Column("str", "picture of the mark, or null"),
    "reviewed_by": Column("str", "who has looked at it, or null"),
    "observed_on": Column("str", "ISO date, or null"),
    "source": Column("str", "the file it came from", nullable=False),
}
ZONES: dict[str, Column] = {
    "zone_code": Column("str", "an LSOA, output area or own code", nullable=False, unique=True, matches=ZONE_CODE),
    "name": Column("str", "the zone's name, or null"),
    "vintage": Column("str", "`lsoa11`, `lsoa21`, `oa21`, `ward` or `own`", nullable=False),
    "population": Column("float64", "people living there; NaN where unknown", at_least=0.0),
}
ORIGINS: dict[str, Column] = {
    "origin_id": Column(
        "str", "`building:<osm id>` or `zone:<code>`; of points of one's own their id", nullable=False, unique=True
    ),
    "zone_code": Column("str", "the zone whose people start here", nullable=False),
    "people": Column("float64", "people starting here; NaN where the zone's number is unknown", at_least=0.0),
    "weight_kind": Column("str", "how people were split: `footprint_levels`, `footprint`, `zone_point`, `given`"),
}
WALK_WAYS: dict[str, Column] = {
    "way_id": Column("int64", "OSM way id; a way that leaves the data and comes back has several rows", nullable=False),
    "highway": Column("str", "OSM's class of way", nullable=False),
    "name": Column("str", "street name, or null"),
    "step_free": Column("str", "whether OSM says it can be used without steps", nullable=False, isin=STEP_FREE_VALUES),
}
ACCESS: dict[str, Column] = {
    "origin_id": Column("str", "the origin", nullable=False),
    "category": Column("str", "a category or group of taxonomy.toml", nullable=False),
    "euclid_m": Column("float64", "straight line to the nearest asset, m; NaN if there is none", at_least=0.0),
    "walk_m": Column("float64", "along the walk network to an entrance, m; NaN if it can't be reached", at_least=0.0),
    "nearest_asset_id": Column("str", "the asset reached first on foot (straight line where no network), or null"),
    "entrance_kind": Column("str", "how that entrance is known", isin=ENTRANCE_KINDS),
    "edge_effect": Column(
        "bool", "an asset beyond the edge of the data might be nearer than the one found", nullable=False
    ),
}
AGREEMENT: dict[str, Column] = {
    "theme": Column("str", "what the marks in the square are about", nullable=False),
    "sheets": Column("int64", "sheets that mark the square for the theme", nullable=False, at_least=1),
    "positive_sheets": Column("int64", "those that feel well about it", nullable=False, at_least=0),
    "negative_sheets": Column("int64", "those that feel badly about it", nullable=False, at_least=0),
    "contested": Column("bool", "whether there are both", nullable=False),
}
RELATIONS = (
    "told in",
    "coded as",
    "about",
    "ranked as",
    "answers",
    "uses",
    "rests on",
    "leads to",
    "measured by",
)
REFERENCE = r"^[a-z]+:\S.*$"
LINKS: dict[str, Column] = {
    "from_ref": Column("str", "the thing that the link starts from, as `kind:id`", nullable=False, matches=REFERENCE),
    "to_ref": Column("str", "the thing that it leads to", nullable=False, matches=REFERENCE),
    "relation": Column("str", "what the first is to the second", nullable=False, isin=RELATIONS),
    "source": Column("str", "the file, and the row where there is one, that says so", nullable=False),
}
ITEMS: dict[str, Column] = {
    "ref": Column("str", "`kind:id`", nullable=False, unique=True, matches=REFERENCE),
    "label": Column("str", "its name or words, for a person", nullable=False),
    "source": Column("str", "the file, and the row where there is one, that it is in", nullable=False),
    "state": Column(
        "str",
        "of an action its status, of an outcome that was measured `measured`, of a priority where it was decided to "
        "stand, such as `ranked 2 of 3 by borda`, or null",
        matches=rf"^({'|'.join(ACTION_STATUSES)}|measured|ranked \S.*)$",
    ),
    "day": Column(
        "str",
        "ISO day, month or year by which it is to be done, or of when it was done or measured, or null",
        matches=DAY,
    ),
}
SESSIONS: dict[str, Column] = {
    "session_id": Column("str", "the session", nullable=False, unique=True),
    "date": Column("str", "ISO date, or null"),
    "place": Column("str", "where it was held, or null"),
    "kind": Column("str", "what it was, or null", isin=SESSION_KINDS),
    "facilitator": Column("str", "who led it, or null"),
}
FACTORS: dict[str, Column] = {
    "factor_id": Column("str", "its name in the map; `factor:<map>/<id>` elsewhere", nullable=False, unique=True),
    "label": Column("str", "what the factor is called", nullable=False),
    "kind": Column("str", "the name of its style, such as `Focal factor`, or null"),
    "note": Column("str", "or null"),
    "colour": Column("str", "the box's colour as `#rrggbb`, or null"),
    "x": Column("float64", "where its maker put it, in the drawing's units to the right; NaN where nowhere"),
    "y": Column("float64", "the same, downward"),
}
SYSTEM_LINKS: dict[str, Column] = {
    "link_id": Column("str", "its name in the map", nullable=False, unique=True),
    "from_id": Column("str", "the factor that acts", nullable=False),
    "to_id": Column("str", "the factor that is acted on", nullable=False),
    "label": Column("str", "words on the link, or null"),
    "kind": Column("str", "the name of its style, or null"),
    "polarity": Column(
        "str", "whether more of one means more or less of the other", nullable=False, isin=LINK_POLARITIES
    ),
    "direction": Column("str", "a link that isn't one-way counts both ways", nullable=False, isin=LINK_DIRECTIONS),
    "note": Column("str", "or null"),
}
ANSWERS: dict[str, Column] = {
    "ref": Column("str", "the priority's reference, `priority:<slug>`", nullable=False, unique=True),
    "priority": Column("str", "what was asked for", nullable=False),
    "marks": Column("int64", "marks and stories behind it that may be counted", nullable=False, at_least=0),
    "places": Column("str", "ids of the assets tied to it, a line each", nullable=False),
}
ANSWER_LINES: dict[str, Column] = {
    "priority_ref": Column("str", "the priority's reference", nullable=False),
    "ref": Column("str", "the theme, action or outcome", nullable=False),
    "part": Column(
        "str",
        "what it is told as: a theme is `said`, an action its status, an outcome `found` where it was measured",
        nullable=False,
        isin=ANSWER_PARTS,
    ),
    "words": Column("str", "its words", nullable=False),
    "day": Column("str", "ISO day, month or year, as in the chain, or null", matches=DAY),
}
CONTRACTS: dict[str, tuple[dict[str, Column], bool]] = {
    "assets": (ASSETS, True),
    "annotations": (ANNOTATIONS, True),
    "agreement": (AGREEMENT, True),
    "zones": (ZONES, True),
    "origins": (ORIGINS, True),
    "walk_ways": (WALK_WAYS, True),
    "access": (ACCESS, False),
    "answers": (ANSWERS, False),
    "answer_lines": (ANSWER_LINES, False),
    "sessions": (SESSIONS, False),
    "links": (LINKS, False),
    "items": (ITEMS, False),
    "factors": (FACTORS, False),
    "system_links": (SYSTEM_LINKS, False),
}
"""Table name -> its columns and whether it carries a geometry (valid, not empty, metric CRS)."""


@cache
def _schema(table: str) -> DataFrameSchema:
    from pandera.pandas import Check, DataFrameSchema
    from pandera.pandas import Column as Contract

    from assetmap.text_dtype import TextDtype

    columns = {}
    for name, column in CONTRACTS[table][0].items():
        checks: list[Any] = []
        if column.isin:
            checks.append(Check.isin(list(column.isin)))
        if column.at_least is not None:
            checks.append(Check.ge(column.at_least))
        if column.at_most is not None:
            checks.append(Check.le(column.at_most))
        if column.matches:
            checks.append(Check.str_matches(column.matches))
        columns[name] = Contract(
            TextDtype() if column.dtype == "str" else column.dtype,
            checks,
            nullable=column.nullable,
            unique=column.unique,
            coerce=True,
            title=column.meaning,
        )
    return DataFrameSchema(columns, strict=False, name=table)


def validate_table(frame: Any, table: str, *, what: str | None = None) -> Any:
    """Check a frame against its contract and return it with the contract's dtypes.

    Extra columns are kept. Column order: the contract's, then the extra ones, then the geometry.

    Parameters
    ----------
    frame : GeoDataFrame or DataFrame
        The table.
    table
        A key of `CONTRACTS`.
    what
        What was read, for the message; the table's name by default.

    Raises
    ------
    SchemaError
        Naming the column, the rule and how many rows break it.
    CRSError
        If a geometry column isn't in metres.
    """
    from pandera.errors import SchemaErrors

    what = what or table
    columns, spatial = CONTRACTS[table]
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise SchemaError(f"{what}: column {', '.join(missing)} is missing: the {table} table needs it.")
    if spatial:
        _check_geometry(frame, what)
    order = [*columns, *(c for c in frame.columns if c not in columns and c != "geometry")]
    order += ["geometry"] if spatial else []
    # Choosing columns copies them all, which for a city's table is worth the question.
    ordered = frame.copy(deep=False) if list(frame.columns) == order else frame[order]
    try:
        checked = _schema(table).validate(ordered, lazy=True, inplace=True)
    except SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        rows = error.failure_cases.query("column == @first.column and check == @first.check")
        raise SchemaError(
            f"{what}: column {first['column']}: {len(rows)} value(s) break the rule {first['check']!s} "
            f"(first: {first['failure_case']!r}): correct those rows."
        ) from error
    return checked


def _check_geometry(frame: gpd.GeoDataFrame, what: str) -> None:
    if "geometry" not in frame.columns:
        raise SchemaError(f"{what}: there is no geometry column: give coordinates.")
    require_metric(frame, what)
    shapes = frame.geometry.to_numpy()
    bad = shapely.is_missing(shapes) | shapely.is_empty(shapes) | ~shapely.is_valid(shapes)
    if bad.any():
        raise SchemaError(f"{what}: {int(bad.sum())} geometries are missing, empty or invalid: repair or drop them.")


def empty_frame(table: str, crs: Any) -> Any:
    """Return a table without rows that meets its contract, in the given metric CRS."""
    import geopandas as gpd

    columns, spatial = CONTRACTS[table]
    frame = pd.DataFrame({name: pd.Series([], dtype=column.dtype) for name, column in columns.items()})
    if not spatial:
        return frame
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=crs), crs=crs)
