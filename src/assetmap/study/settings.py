"""The settings of a study: ``assetmap.toml`` as frozen, checked tables."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pyproj import CRS
from pyproj.exceptions import CRSError

from assetmap.errors import InputError, MissingInputError, SettingsError
from assetmap.files import read_toml
from assetmap.taxonomy import taxonomy

__all__ = [
    "AccessTable",
    "AnnotationsTable",
    "CanopyTable",
    "CatchmentTable",
    "DisclosureTable",
    "EngagementTable",
    "FrameTable",
    "GreenSpaceTable",
    "KioskTable",
    "ListTable",
    "LookupTable",
    "PenTable",
    "PopulationTable",
    "Settings",
    "ZonesTable",
    "check_settings",
    "read_settings",
]

SETTINGS_NAME = "assetmap.toml"


def _inside(value: str) -> str:
    """Accept a path inside the study folder only."""
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


InsidePath = Annotated[str, AfterValidator(_inside)]
ReferenceSystem = Annotated[str, AfterValidator(_reference_system)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StudyTable(_Table):
    """Who the study is by and what it is called."""

    name: str = Field(min_length=1, max_length=200)
    contact: str = ""
    notice: str = ""
    languages: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...], Field(min_length=1)] = ("en",)
    share_url: Annotated[str, AfterValidator(_web_address)] = ""


class PlaceTable(_Table):
    """The neighbourhood: a known site, LSOA 2021 codes, or a boundary file. At most one of these."""

    site: str | None = None
    lsoa21: tuple[Annotated[str, Field(pattern=r"^[EW]01\d{6}$")], ...] = ()
    boundary: InsidePath | None = None

    @model_validator(mode="after")
    def _only_one(self) -> PlaceTable:
        if sum([self.site is not None, bool(self.lsoa21), self.boundary is not None]) > 1:
            raise ValueError("give one of site, lsoa21 and boundary, not several")
        return self


class OsmTable(_Table):
    """OpenStreetMap data: a file of the user's, else what ``fetch`` has put into ``data/osm_cache/``."""

    file: InsidePath | None = None
    endpoint: str | None = None


class ZonesTable(_Table):
    """The zones, and which columns hold their code and name."""

    file: InsidePath
    code: str | None = None
    name: str | None = None


class PopulationTable(_Table):
    """The people of each zone: a table, and a grid for the zones that no table counts."""

    file: InsidePath | None = None
    grid: InsidePath | None = None


class CanopyTable(_Table):
    """Tree canopy, or a vegetation index with the value from which on a cell counts as covered."""

    file: InsidePath
    values: Literal["share", "percent", "ndvi"] = "share"
    at_least: Annotated[float, Field(ge=-1, le=1)] | None = None

    @model_validator(mode="after")
    def _threshold_with_index(self) -> CanopyTable:
        if (self.values == "ndvi") != (self.at_least is not None):
            raise ValueError('at_least goes with values = "ndvi", and only with it')
        return self


class LookupTable(_Table):
    """Which ward, authority or health area each zone is in: a lookup table, or a map of those areas."""

    file: InsidePath
    level: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")] | None = None


def _some_text(values: Any) -> Any:
    """Accept one text for a list of one."""
    return (values,) if isinstance(values, str) else values


class FrameTable(_Table):
    """The wider area that the neighbourhood is set in: for equity, and for the people next door."""

    within: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_some_text)] = ()
    zones: InsidePath | None = None
    name: str = ""

    @model_validator(mode="after")
    def _names_something(self) -> FrameTable:
        if not self.within and self.zones is None:
            raise ValueError('needs within (the code or name of an area, such as "E09000030") or a file of zones')
        return self


class ListTable(_Table):
    """A list of community buildings."""

    file: InsidePath
    name: str | None = None
    category: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    crs: ReferenceSystem | None = None
    postcodes: InsidePath | None = None


class GreenSpaceTable(_Table):
    """Official green space, with the publisher's access points if there are any."""

    file: InsidePath
    name: str = "OS Open Greenspace"
    access_points: InsidePath | None = None


class AnnotationsTable(_Table):
    """Digitised annotations."""

    file: InsidePath
    columns: dict[str, str] = Field(default_factory=dict)


class DeprivationTable(_Table):
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


class CatchmentTable(_Table):
    """A supply that people share: of which kind of asset, what is counted of it, and how far people go for it."""

    of: Annotated[str, AfterValidator(_kind_of_asset)]
    supply: Literal["area_m2", "hours", "seats", "places"] = "places"
    minutes: Annotated[float, Field(gt=0, le=60)] = 15.0


class FetchTable(_Table):
    """Where ``fetch`` asks: a server that keeps copies of the public ones, if there is one."""

    mirror: str | None = None


class AccessTable(_Table):
    """How access is measured."""

    profile: Literal["standard", "slow", "step_free"] = "standard"
    thresholds_m: Annotated[
        tuple[Annotated[int, Field(gt=0, le=10_000)], ...], Field(min_length=1), AfterValidator(_ascending)
    ] = (400, 800, 1200)
    london_plan: bool = False


class DisclosureTable(_Table):
    """What the disclosure check asks before anything is given away."""

    k: Literal[5, 8, 10] = 10
    counts: Literal["suppress", "nhs"] = "suppress"


class PenTable(_Table):
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


class KioskTable(_Table):
    """The sheets that are printed to be drawn on."""

    pens: Annotated[tuple[PenTable, ...], Field(max_length=9), AfterValidator(_each_once)] = ()


class EngagementTable(_Table):
    """What people said and decided: the agenda's budget, and the words that give a link of a system map its sign."""

    budget: Annotated[Decimal, Field(ge=0, decimal_places=2)] | None = None
    polarity: dict[str, Literal["positive", "negative", "unknown"]] = Field(default_factory=dict)


class Settings(_Table):
    """Everything that ``assetmap.toml`` may say."""

    study: StudyTable
    place: PlaceTable = PlaceTable()
    osm: OsmTable = OsmTable()
    zones: ZonesTable | None = None
    lookups: tuple[LookupTable, ...] = ()
    frame: FrameTable | None = None
    population: PopulationTable = PopulationTable()
    deprivation: DeprivationTable = DeprivationTable()
    lists: tuple[ListTable, ...] = ()
    green_space: tuple[GreenSpaceTable, ...] = ()
    annotations: tuple[AnnotationsTable, ...] = ()
    canopy: CanopyTable | None = None
    access: AccessTable = AccessTable()
    catchments: tuple[CatchmentTable, ...] = (
        CatchmentTable(of="green_space", supply="area_m2"),
        CatchmentTable(of="community_space", supply="hours"),
    )
    disclosure: DisclosureTable = DisclosureTable()
    kiosk: KioskTable = KioskTable()
    engagement: EngagementTable = EngagementTable()
    fetch: FetchTable = FetchTable()

    def named_files(self) -> list[str]:
        """Return every file that the settings name, in the order of the settings."""
        named = [
            self.place.boundary,
            self.osm.file,
            self.zones.file if self.zones else None,
            self.frame.zones if self.frame else None,
            self.population.file,
            self.population.grid,
            self.deprivation.file,
            self.deprivation.lookup,
        ]
        named += [lookup.file for lookup in self.lookups]
        for table in self.lists:
            named += [table.file, table.postcodes]
        for green in self.green_space:
            named += [green.file, green.access_points]
        named += [table.file for table in self.annotations]
        named.append(self.canopy.file if self.canopy else None)
        return list(dict.fromkeys(name for name in named if name is not None))


def read_settings(folder: Path) -> Settings:
    """Read a study's ``assetmap.toml``.

    Parameters
    ----------
    folder
        The study folder.

    Raises
    ------
    MissingInputError
        If the folder is no study.
    SettingsError
        If the file isn't TOML, or says something unknown or wrong; an unknown key comes with the
        nearest known one.
    """
    path = folder / SETTINGS_NAME
    if not path.is_file():
        raise MissingInputError(f"{folder} is not a study (it has no {SETTINGS_NAME}): make one with `assetmap new`.")
    try:
        content = read_toml(path, "settings file")
    except InputError as error:
        raise SettingsError(str(error)) from error
    return check_settings(content, path)


def check_settings(content: Mapping[str, Any], path: Path) -> Settings:
    """Return settings that are checked.

    Raises
    ------
    SettingsError
        As `read_settings`, naming `path`.
    """
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        raise SettingsError(f"{path}: {_explain(error)}") from error


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = _keys_at(first["loc"][:-1])
        near = difflib.get_close_matches(str(first["loc"][-1]), known, n=1, cutoff=0.0)
        return f"{where} is not a known setting: did you mean {near[0]!r}?" if near else f"{where} is not known."
    if first["type"] == "missing":
        return f"{where} is missing: add it."
    message = first["msg"].removeprefix("Value error, ")
    return f"{where} is {_brief(first['input'])}: {message}."


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    """Return the known keys of the table at a place in the settings."""
    model: type[BaseModel] = Settings
    for part in location:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        tables = [t for t in (annotation, *get_args(annotation)) if isinstance(t, type) and issubclass(t, BaseModel)]
        if not tables:
            return []
        model = tables[0]
    return list(model.model_fields)
