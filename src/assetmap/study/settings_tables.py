"""The tables of ``assetmap.toml``, frozen and checked, one class each."""

from __future__ import annotations

import difflib
from decimal import Decimal
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from assetmap.places import LSOA_CODE
from assetmap.taxonomy import taxonomy
from assetmap.words import is_language

__all__ = [
    "AccessTable",
    "AnnotationsTable",
    "CanopyTable",
    "CatchmentTable",
    "DeprivationTable",
    "DisclosureTable",
    "EngagementTable",
    "FetchTable",
    "FrameTable",
    "GreenSpaceTable",
    "KioskTable",
    "ListTable",
    "LookupTable",
    "OsmTable",
    "PenTable",
    "PlaceTable",
    "PopulationTable",
    "StudyTable",
    "Table",
    "ZonesTable",
    "path_inside",
]


def path_inside(value: str) -> str:
    """Return a path inside the study folder as the settings hold it, with forward slashes.

    Raises
    ------
    ValueError
        If it leads out of the folder.
    """
    parts = PurePosixPath(value.replace("\\", "/")).parts
    if not parts or PureWindowsPath(value).drive or value.startswith(("/", "\\")) or ".." in parts:
        raise ValueError("must be a path inside the study folder, such as inputs/list.csv")
    return "/".join(parts)


def _reference_system(value: str) -> str:
    """Accept what pyproj knows."""
    try:
        CRS.from_user_input(value)
    except CRSError as error:
        raise ValueError("must be a reference system, such as EPSG:27700") from error
    return value


def _ascending(values: tuple[int, ...]) -> tuple[int, ...]:
    """Return distances in order, each once."""
    return tuple(sorted(set(values)))


def _web_address(value: str) -> str:
    """Accept nothing, or the address of a folder on the web."""
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError("must be the https address of a folder, such as https://example.org/map/")
    return value if value.endswith("/") else f"{value}/"


def _language(value: str) -> str:
    """Accept the code of a language."""
    if not is_language(value):
        raise ValueError("must be the code of a language, such as en")
    return value


def _some_text(values: Any) -> Any:
    """Accept one text for a list of one."""
    return (values,) if isinstance(values, str) else values


InsidePath = Annotated[str, AfterValidator(path_inside)]
ReferenceSystem = Annotated[str, AfterValidator(_reference_system)]


class Table(BaseModel):
    """One table of the file: what it doesn't know is an error, and nothing changes once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StudyTable(Table):
    """Who the study is by and what it is called."""

    name: str = Field(min_length=1, max_length=200)
    contact: str = ""
    notice: str = ""
    languages: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...], Field(min_length=1)] = ("en",)
    written_in: Annotated[str, AfterValidator(_language)] = "en"
    share_url: Annotated[str, AfterValidator(_web_address)] = ""


class PlaceTable(Table):
    """The neighbourhood: a known site, LSOA 2021 codes, or a boundary file. At most one of these."""

    site: str | None = None
    lsoa21: tuple[Annotated[str, Field(pattern=f"^{LSOA_CODE}$")], ...] = ()
    boundary: InsidePath | None = None

    @model_validator(mode="after")
    def _only_one(self) -> PlaceTable:
        if sum([self.site is not None, bool(self.lsoa21), self.boundary is not None]) > 1:
            raise ValueError("give one of site, lsoa21 and boundary, not several")
        return self


class OsmTable(Table):
    """OpenStreetMap data: a file of the user's or several replies, else what ``fetch`` has put into the study."""

    file: Annotated[tuple[InsidePath, ...], BeforeValidator(_some_text)] = ()
    endpoint: str | None = None


class ZonesTable(Table):
    """The zones, and which columns hold their code and name."""

    file: InsidePath
    code: str | None = None
    name: str | None = None


class PopulationTable(Table):
    """The people of each zone: a table, and a grid for the zones that no table counts."""

    file: InsidePath | None = None
    grid: InsidePath | None = None


class CanopyTable(Table):
    """Tree canopy, or a vegetation index with the value from which on a cell counts as covered."""

    file: InsidePath
    values: Literal["share", "percent", "ndvi"] = "share"
    at_least: Annotated[float, Field(ge=-1, le=1)] | None = None

    @model_validator(mode="after")
    def _threshold_with_index(self) -> CanopyTable:
        if (self.values == "ndvi") != (self.at_least is not None):
            raise ValueError('at_least goes with values = "ndvi", and only with it')
        return self


class LookupTable(Table):
    """Which ward, authority or health area each zone is in: a lookup table, or a map of those areas."""

    file: InsidePath
    level: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")] | None = None


class FrameTable(Table):
    """The wider area that the neighbourhood is set in: for equity, and for the people next door."""

    within: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_some_text)] = ()
    zones: InsidePath | None = None
    name: str = ""

    @model_validator(mode="after")
    def _names_something(self) -> FrameTable:
        if not self.within and self.zones is None:
            raise ValueError('needs within (the code or name of an area, such as "E09000030") or a file of zones')
        return self


class ListTable(Table):
    """A list of community buildings."""

    file: InsidePath
    sheet: Annotated[str, Field(min_length=1)] | None = None
    name: str | None = None
    category: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    crs: ReferenceSystem | None = None
    postcodes: InsidePath | None = None


class GreenSpaceTable(Table):
    """Official green space, with the publisher's access points if there are any."""

    file: InsidePath
    name: str = "OS Open Greenspace"
    access_points: InsidePath | None = None


class AnnotationsTable(Table):
    """Digitised annotations."""

    file: InsidePath
    columns: dict[str, str] = Field(default_factory=dict)


class DeprivationTable(Table):
    """An Index of Deprivation: a file of the user's, else the edition that ``fetch`` brings.

    The index of 2019 is on zones of 2011; on zones of 2021 it needs the ONS lookup between the two.
    """

    file: InsidePath | None = None
    edition: Literal[2019, 2025] = 2025
    lookup: InsidePath | None = None


def _kind_of_asset(value: str) -> str:
    """Accept a category or group of the taxonomy."""
    known = (*taxonomy().categories, *taxonomy().groups)
    if value not in known:
        near = difflib.get_close_matches(value, known, 1, 0.0)[0]
        raise ValueError(f"must be a category or group of the taxonomy: did you mean {near!r}")
    return value


class CatchmentTable(Table):
    """A supply that people share: of which kind of asset, what is counted of it, and how far people go for it."""

    of: Annotated[str, AfterValidator(_kind_of_asset)]
    supply: Literal["area_m2", "hours", "seats", "places"] = "places"
    minutes: Annotated[float, Field(gt=0, le=60)] = 15.0


class FetchTable(Table):
    """Where ``fetch`` asks: a server that keeps copies of the public ones, if there is one."""

    mirror: str | None = None


class AccessTable(Table):
    """How access is measured."""

    profile: Literal["standard", "slow", "step_free"] = "standard"
    thresholds_m: Annotated[
        tuple[Annotated[int, Field(gt=0, le=10_000)], ...], Field(min_length=1), AfterValidator(_ascending)
    ] = (400, 800, 1200)
    london_plan: bool = False


class DisclosureTable(Table):
    """What the disclosure check asks before anything is given away."""

    k: Literal[5, 8, 10] = 10
    counts: Literal["suppress", "nhs"] = "suppress"


class PenTable(Table):
    """One pen of a sheet and what it means."""

    pen: Literal["red", "green", "blue", "orange", "purple", "pink", "brown", "black", "pencil"]
    theme: str = Field(min_length=1, max_length=60)
    sentiment: Literal["positive", "negative", "mixed"] | None = None
    kind: Literal["point", "line", "area", "writing"] | None = None


def _each_once(pens: tuple[PenTable, ...]) -> tuple[PenTable, ...]:
    """Accept each colour once."""
    colours = [pen.pen for pen in pens]
    twice = next((colour for colour in colours if colours.count(colour) > 1), None)
    if twice:
        raise ValueError(f"must name each pen once, and {twice} stands there twice")
    return pens


class KioskTable(Table):
    """The sheets that are printed to be drawn on."""

    pens: Annotated[tuple[PenTable, ...], Field(max_length=9), AfterValidator(_each_once)] = ()


class EngagementTable(Table):
    """What people said and decided: the agenda's budget, and the words that give a link of a system map its sign."""

    budget: Annotated[Decimal, Field(ge=0, decimal_places=2)] | None = None
    polarity: dict[str, Literal["positive", "negative", "unknown"]] = Field(default_factory=dict)
