"""Zones, residents, deprivation figures and a council's list, as their publishers lay them out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from math import ceil
from typing import NamedTuple

from tidewell.drawing import ORIGIN, box, lonlat

__all__ = ["buildings_csv", "csv_text", "deprivation_csv", "features_json", "population_csv", "zones_geojson"]

_AREAS_IN_ENGLAND = 33_755


class _Zone(NamedTuple):
    """One zone: residents by age, and its overall index."""

    under_16: int
    working_age: int
    over_64: int
    imd_rank: int
    imd_score: float

    @property
    def residents(self) -> int:
        return self.under_16 + self.working_age + self.over_64


# West to east, from the row south of the canal to the row by the fen.
_ZONES: tuple[_Zone, ...] = (
    _Zone(400, 1020, 180, 1_200, 55.0),
    _Zone(500, 1200, 200, 400, 65.0),
    _Zone(450, 1170, 180, 2_900, 45.0),
    _Zone(340, 960, 200, 5_000, 38.0),
    _Zone(300, 1000, 200, 9_000, 28.0),
    _Zone(280, 1220, 200, 12_500, 23.0),
    _Zone(300, 1060, 240, 16_000, 18.0),
    _Zone(270, 910, 220, 15_000, 19.0),
    _Zone(230, 730, 240, 22_000, 12.0),
    _Zone(180, 600, 220, 27_000, 8.0),
    _Zone(250, 760, 290, 30_000, 6.0),
    _Zone(300, 870, 330, 25_000, 10.0),
)
_CODES = [f"E0199900{n}" if n < 10 else f"E019990{n}" for n in range(1, 13)]
_NAMES = [f"Tidewell {1 + n // 4:03d}{'ABCD'[n % 4]}" for n in range(12)]
_SIDE_M = 300


def zones_geojson() -> str:
    """Return the twelve squares with the column names of the ONS's boundary files."""
    features: list[dict[str, object]] = []
    for index, (code, name) in enumerate(zip(_CODES, _NAMES, strict=True)):
        west, south = _SIDE_M * (index % 4), _SIDE_M * (index // 4)
        ring = [lonlat(point) for point in box(west, south, west + _SIDE_M, south + _SIDE_M)]
        features.append(
            {
                "type": "Feature",
                "properties": {"LSOA21CD": code, "LSOA21NM": name},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return features_json("tidewell_zones", features)


def features_json(name: str, features: Iterable[dict[str, object]]) -> str:
    """Return a GeoJSON collection, one feature a line."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "name": "{name}", "features": [\n{lines}\n]}}\n'


def population_csv() -> str:
    """Return residents of each zone, in all and in three ages."""
    head = ["LSOA21CD", "LSOA21NM", "population", "Aged 15 years and under", "Aged 16 to 64 years"]
    rows = [
        [code, name, zone.residents, zone.under_16, zone.working_age, zone.over_64]
        for code, name, zone in zip(_CODES, _NAMES, _ZONES, strict=True)
    ]
    return csv_text([*head, "Aged 65 years and over"], rows)


# Stem of the published columns, highest and lowest score, bend of the curve between, places after the point.
_DOMAINS: tuple[tuple[str, str, float, float, float, int], ...] = (
    ("Income", " (rate)", 0.45, 0.01, 2.0, 3),
    ("Employment", " (rate)", 0.38, 0.01, 2.0, 3),
    ("Education, Skills and Training", "", 82.0, 0.1, 2.5, 3),
    ("Health Deprivation and Disability", "", 2.6, -2.6, 1.0, 3),
    ("Crime", "", 2.4, -2.3, 1.0, 3),
    ("Barriers to Housing and Services", "", 58.0, 2.0, 1.5, 3),
    ("Living Environment", "", 72.0, 0.5, 1.8, 3),
    ("Income Deprivation Affecting Children Index (IDACI)", " (rate)", 0.62, 0.01, 2.0, 3),
    ("Income Deprivation Affecting Older People (IDAOPI)", " (rate)", 0.70, 0.02, 2.0, 3),
    ("Children and Young People Sub-domain", "", 2.5, -2.5, 1.0, 3),
    ("Adult Skills Sub-domain", "", 0.55, 0.04, 1.4, 3),
    ("Geographical Barriers Sub-domain", "", 1.9, -1.9, 1.0, 3),
    ("Wider Barriers Sub-domain", "", 7.5, -5.0, 1.0, 3),
    ("Indoors Sub-domain", "", 1.6, -1.5, 1.0, 3),
    ("Outdoors Sub-domain", "", 1.8, -1.6, 1.0, 3),
)
_RANK = "Rank (where 1 is most deprived)"
_DECILE = "Decile (where 1 is most deprived 10% of LSOAs)"
_CUT_OFF = f"Children and Young People Sub-domain {_DECILE}"  # published cut off at 80 characters


def deprivation_csv() -> str:
    """Return the columns of the Indices of Deprivation 2025, File 7, with fictional figures.

    Ranks are among all 33,755 areas of England, a decile is ``ceil(10 rank / 33755)``, and scores fall
    as ranks rise, as they do in the published file.
    """
    head = [
        "LSOA code (2021)",
        "LSOA name (2021)",
        "Local Authority District code (2024)",
        "Local Authority District name (2024)",
    ]
    stems = [("Index of Multiple Deprivation (IMD)", ""), *(domain[:2] for domain in _DOMAINS)]
    for stem, unit in stems:
        head += [f"{stem} Score{unit}", f"{stem} {_RANK}", f"{stem} {_DECILE}"]
    head = [_CUT_OFF[:80] if column == _CUT_OFF else column for column in head]
    head += [
        "Total population: mid 2022",
        "Dependent Children aged 0-15: mid 2022",
        "Older population aged 60 and over: mid 2022",
        "Working age population 18-66 (for use with Employment Deprivation Domain): mid 2022",
    ]
    return csv_text(head, [_deprivation_row(index) for index in range(len(_ZONES))])


def _deprivation_row(index: int) -> list[object]:
    zone = _ZONES[index]
    row: list[object] = [_CODES[index], _NAMES[index], "E06999001", "Tidewell"]
    row += [f"{zone.imd_score:.3f}", zone.imd_rank, _decile(zone.imd_rank)]
    for number, (_, _, high, low, bend, places) in enumerate(_DOMAINS):
        # A domain's rank lies round the overall one, on either side, by up to two fifths of the way to the end.
        room = min(zone.imd_rank, _AREAS_IN_ENGLAND - zone.imd_rank)
        rank = zone.imd_rank + round(room * 0.4 * ((5 * index + 7 * number) % 12 - 5.5) / 5.5)
        score = low + (high - low) * (1 - rank / _AREAS_IN_ENGLAND) ** bend
        row += [f"{score:.{places}f}", rank, _decile(rank)]
    older = zone.over_64 + zone.working_age // 20
    return [*row, zone.residents, zone.under_16, older, zone.working_age - zone.under_16 // 8]


def _decile(rank: int) -> int:
    return ceil(10 * rank / _AREAS_IN_ENGLAND)


class _Building(NamedTuple):
    """One row of the council's list; `place` in metres of the drawing."""

    name: str
    kind: str
    address: str
    postcode: str
    place: tuple[int, int] | None
    owner: str
    hours: str = ""
    cost: str = ""
    step_free: str = ""


_BUILDINGS: tuple[_Building, ...] = (
    # Seven that OSM has too, each 11 to 18 m from it and spelt otherwise.
    _Building("Tidewell Community Ctr", "Community centre", "12 Ropewalk", "ZZ9 1AA", (224, 559),
              "Tidewell Borough Council", "Mon-Fri 9am-9pm", "From £12 an hour", "Yes"),
    _Building("Tidewell Public Library", "Library", "Market Street", "ZZ9 1AB", (425, 542),
              "Tidewell Borough Council", "Mon-Sat 9.30am-5.30pm, closed Wed", "Free", "Yes"),
    _Building("Netmakers Comm. Centre", "Community centre", "71 Netmakers Row", "ZZ9 2AA", (835, 148),
              "Netmakers Trust", "Mon-Sat 10am-6pm", "Free to local groups", "Partly"),
    _Building("St Brides and St Olaves Old Hall", "Church hall", "Market Street", "ZZ9 1AC", (835, 541),
              "Parish of St Bride & St Olave", "By arrangement", "£15 an hour", "No"),
    _Building("Tidewell Arts Centre", "Arts centre", "Market Street", "ZZ9 1AD", (566, 546),
              "Tidewell Arts CIC", "Tue-Sat 10am-6pm", "Free", "Yes"),
    _Building("Basin Theatre & Studio", "Theatre", "Market Street", "ZZ9 1AE", (720, 553),
              "Basin Theatre Company", "Performance nights", "Tickets", "Yes"),
    _Building("Tidewell Jamia Mosque", "Mosque", "Netmakers Row", "ZZ9 2AB", (224, 148),
              "Tidewell Jamia Masjid Trust", "Daily", "Free", "Yes"),
    # Six that OSM lacks. The scout hut is 45 m from the community centre of row 1, and another place.
    _Building("Cooper Street Tenants' Hall", "Tenants hall", "3 Cooper Street", "ZZ9 2AC", (780, 40),
              "Tidewell Homes", "Mon, Thu evenings", "Free to tenants", "Yes"),
    _Building("Shree Sagar Temple Hall", "Temple", "South Wharf Road", "ZZ9 2AD", (560, 175),
              "Shree Sagar Samaj", "Sun 10am-4pm", "Free", ""),
    _Building("Windmill Youth Club", "Youth centre", "Cooper Street", "ZZ9 3AA", (760, 850),
              "Windmill Youth Trust", "Wed, Fri 6pm-9pm", "50p", "Yes"),
    _Building("Ropewalk Scout Hut", "Community hall", "Staithe Street", "ZZ9 1AF", (250, 575),
              "1st Tidewell Scouts", "Term-time evenings", "£10 an hour", "No"),
    _Building("Saltern Road Nursery", "Nursery", "40 Saltern Road", "ZZ9 2AE", (330, 40),
              "Saltern Nurseries", "Mon-Fri 8am-6pm", "Fees", "Yes"),
    _Building("Quayside Social Club", "Social club", "North Wharf Road", "ZZ9 1AG", (690, 375),
              "Quayside Social Club Ltd", "Thu-Sun from 5pm", "Members and guests", ""),
    # One that nobody has placed yet.
    _Building("Fen End Village Hall", "Village hall", "Fen Road", "ZZ9 3AB", None,
              "Fen Parish Council", "", "", ""),
)  # fmt: skip


def buildings_csv() -> str:
    """Return the list as a council would publish it."""
    head = [
        "Name", "Type", "Address", "Postcode", "Easting", "Northing", "Owner", "Opening hours", "Cost", "Step-free",
    ]  # fmt: skip
    rows = []
    for b in _BUILDINGS:
        place = ("", "") if b.place is None else tuple(int(o + p) for o, p in zip(ORIGIN, b.place, strict=True))
        rows.append([b.name, b.kind, b.address, b.postcode, *place, b.owner, b.hours, b.cost, b.step_free])
    return csv_text(head, rows)


def csv_text(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
