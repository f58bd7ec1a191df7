"""A sheet's description: exact between paper and ground, read strictly."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from assetmap.errors import InputError, MissingInputError
from assetmap.kiosk.spec import Marker, Pen, SheetSpec, read_spec, write_spec

SPEC = SheetSpec(
    sheet_id="T7Q2-1",
    study="Tidewell Basin",
    number=1,
    size="A3",
    paper_mm=(420.0, 297.0),
    scale=2500.0,
    crs="EPSG:27700",
    frame_mm=(30.0, 40.0, 390.0, 240.0),
    bounds=(530000.0, 180000.0, 530900.0, 180500.0),
    dictionary="DICT_5X5_1000",
    markers=(Marker(7, ((5.0, 5.0), (20.0, 5.0), (20.0, 20.0), (5.0, 20.0))),),
    qr_mm=(350.0, 250.0, 390.0, 290.0),
    qr_text="ASSETMAP:T7Q2-1",
    legend=(Pen("red", (200, 30, 40), "needs to change", "negative"),),
    clean="T7Q2-1.png",
    clean_dpi=200.0,
)


def test_paper_and_ground_by_hand():
    # 1:2,500 is 2.5 m a millimetre: 100 mm right of and 40 mm below the frame's corner is 250 m east, 100 m south.
    assert SPEC.metres_of(np.array([[130.0, 80.0]])).tolist() == [[530250.0, 180400.0]]
    assert SPEC.mm_of(np.array([[530900.0, 180000.0]])).tolist() == [[390.0, 240.0]]
    assert SPEC.clean_px_per_mm == pytest.approx(7.874, abs=0.001)


def test_there_and_back():
    points = np.random.default_rng(5).uniform(-50, 450, (200, 2))
    assert np.abs(SPEC.mm_of(SPEC.metres_of(points)) - points).max() < 1e-6


def test_written_and_read_the_same(tmp_path):
    write_spec(tmp_path / "a.json", SPEC)
    assert read_spec(tmp_path / "a.json") == SPEC
    assert set(json.loads((tmp_path / "a.json").read_text())) == set(SPEC.__dataclass_fields__)


@pytest.mark.parametrize(
    "change",
    [
        {"bounds": (530000.0, 180000.0, 530900.0, 180400.0)},
        {"frame_mm": (30.0, 40.0, 430.0, 240.0)},
        {"scale": 0.0},
        {"clean": "../secret"},
        {"clean_dpi": 90000.0},
        {"crs": "EPSG:1"},
    ],
)
def test_what_does_not_agree_is_refused(change):
    with pytest.raises(InputError, match="T7Q2-1"):
        replace(SPEC, **change)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{}", "sheet_id"),
        ("[", "JSON"),
        ("nonsense", "JSON"),
        ('{"sheet_id": NaN}', "sheet_id|JSON"),
    ],
)
def test_other_files_are_refused_in_one_line(tmp_path, text, says):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(InputError, match=says) as caught:
        read_spec(path)
    assert "\n" not in str(caught.value)


def test_a_changed_value_is_named(tmp_path):
    write_spec(tmp_path / "a.json", SPEC)
    content = json.loads((tmp_path / "a.json").read_text())
    (tmp_path / "a.json").write_text(json.dumps({**content, "scale": 1000}))
    with pytest.raises(InputError, match="at 1:1000, but bounds are"):
        read_spec(tmp_path / "a.json")
    (tmp_path / "a.json").write_text(json.dumps({**content, "size": "B5"}))
    with pytest.raises(InputError, match="size"):
        read_spec(tmp_path / "a.json")
    with pytest.raises(MissingInputError):
        read_spec(tmp_path / "b.json")
