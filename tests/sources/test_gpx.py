"""Tracks from GPX files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from assetmap.errors import CRSError, InputError, MissingInputError
from assetmap.sources.gpx import read_gpx
from tests.walks.recordings import gpx

FIXES = pd.DataFrame(
    {
        "at": pd.to_datetime(["2026-05-16T10:00:00Z", "2026-05-16T10:00:10Z", "2026-05-16T10:00:20Z"]),
        "lon": [-0.033, -0.0331, -0.0332],
        "lat": [51.53, 51.5301, 51.5302],
    }
)


@pytest.mark.parametrize("times", ["iso", "epoch"])
def test_times_are_read_however_a_phone_writes_them(tmp_path: Path, times: str):
    fixes, tally = read_gpx(gpx(tmp_path / "walk.gpx", FIXES, times=times))
    assert fixes["at"].tolist() == FIXES["at"].tolist()
    assert tally.summary() == "walk.gpx: 3 read, 3 kept"
    assert fixes.crs.to_epsg() == 27700
    # 0.0001 degrees are 11.1 m northwards and 6.9 m at this latitude eastwards
    assert fixes.distance(fixes.shift())[1] == pytest.approx(13.1, abs=0.1)


def test_a_track_without_times_is_read_and_says_nothing_of_them(tmp_path: Path):
    fixes, tally = read_gpx(gpx(tmp_path / "walk.gpx", FIXES, times="none"))
    assert fixes["at"].isna().all()
    assert not tally.repaired


def test_a_phone_s_own_gpx_with_broken_heights_and_epoch_times(shared_data: Path):
    fixes, tally = read_gpx(shared_data / "annotations/soundscape_tesco_walk.gpx")
    assert tally.kept == 711  # as many <trkpt> as the file has
    assert fixes["at"].notna().all()
    # the first and last <time> of the file, by hand: 1753436256846 and 1753438268659 ms
    assert (fixes["at"].iloc[-1] - fixes["at"].iloc[0]).total_seconds() == pytest.approx(2011.813)
    assert fixes["accuracy_m"].iloc[0] == 100.0


def test_fixes_off_the_earth_are_dropped_and_counted(tmp_path: Path):
    odd = pd.concat([FIXES, FIXES.assign(lat=[95.0, float("nan"), 51.5])], ignore_index=True)
    _, tally = read_gpx(gpx(tmp_path / "walk.gpx", odd))
    assert dict(tally.dropped) == {"no position on the Earth": 2}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<kml></kml>", "is not GPX (it begins with <kml>)"),
        ("<gpx><trk><trkseg><trkpt lat='51.5' lon='-0.03'>", "breaks off or is not XML"),
        ("not xml at all", "breaks off or is not XML"),
        ("<gpx></gpx>", "at least two fixes"),
        ("<!DOCTYPE gpx [<!ENTITY a 'aaaa'>]><gpx>&a;</gpx>", "declares entities or a DTD"),
    ],
)
def test_what_is_no_track_is_refused_in_one_line(tmp_path: Path, content: str, said: str):
    path = tmp_path / "walk.gpx"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=said.replace("(", r"\(").replace(")", r"\)")):
        read_gpx(path)


def test_a_missing_file_and_exchanged_axes_are_told(tmp_path: Path):
    with pytest.raises(MissingInputError):
        read_gpx(tmp_path / "none.gpx")
    swapped = FIXES.rename(columns={"lon": "lat", "lat": "lon"})
    with pytest.raises(CRSError, match="longitude goes first"):
        read_gpx(gpx(tmp_path / "walk.gpx", swapped))
