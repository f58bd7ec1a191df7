"""Tables of postcodes."""

from __future__ import annotations

import pytest

from assetmap.crs import BRITISH_GRID
from assetmap.errors import InputError
from assetmap.sources.postcodes import read_postcodes


def test_degrees_and_metres_and_what_is_dropped(tmp_path):
    path = tmp_path / "onspd.csv"
    path.write_text(
        "pcds,lat,long,oseast1m,osnrth1m\n"
        "E3 5SJ,51.53,-0.03,536748,183071\n"
        "e3 5sq,51.53,-0.03,,\n"
        "E3 5SJ,51.53,-0.03,1,1\n"
        "GY1 1AA,99.999999,0.0,,\n"
        ",51.53,-0.03,536748,183071\n"
    )
    table, tally = read_postcodes(path, crs=BRITISH_GRID)
    assert table.index.tolist() == ["E35SJ", "E35SQ"]
    assert table.loc["E35SJ"].tolist() == [536748.0, 183071.0]
    assert table.loc["E35SQ", "x"] == pytest.approx(536747.9, abs=1)
    assert tally.read == 5
    assert tally.kept == 2


def test_a_table_without_postcodes(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("name,lon,lat\nA,-0.03,51.53\n")
    with pytest.raises(InputError, match="no postcode column"):
        read_postcodes(path, crs=BRITISH_GRID)
