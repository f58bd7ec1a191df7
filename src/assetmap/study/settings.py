"""The settings of a study: ``assetmap.toml``, read and checked as a whole."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from assetmap.errors import InputError, MissingInputError, SettingsError
from assetmap.files import read_toml
from assetmap.study.settings_tables import (
    AccessTable,
    AnnotationsTable,
    CanopyTable,
    CatchmentTable,
    DeprivationTable,
    DisclosureTable,
    EngagementTable,
    FetchTable,
    FrameTable,
    GreenSpaceTable,
    KioskTable,
    ListTable,
    LookupTable,
    OsmTable,
    PlaceTable,
    PopulationTable,
    StudyTable,
    Table,
    ZonesTable,
)

__all__ = ["Settings", "check_settings", "read_settings"]

SETTINGS_NAME = "assetmap.toml"


class Settings(Table):
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
            *self.osm.file,
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
