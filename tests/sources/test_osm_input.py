"""Packed data is run through; what a file states of its extent is read from its head."""

import bz2

import pytest

from assetmap.errors import InputError
from assetmap.sources.osm_input import is_packed, run_through, stated_box

TOWN = """<osm version="0.6">
<bounds minlat="51.5" minlon="-0.2" maxlat="51.6" maxlon="0.1"/>
<node id="1" version="1" lat="51.55" lon="0"/>
<relation id="2" version="1"><tag k="type" v="site"/></relation>
</osm>"""


@pytest.mark.parametrize(("name", "packed"), [("a.osm.pbf", True), ("A.PBF", True), ("a.osm.bz2", True),
                                              ("a.osm.gz", True), ("a.osm", False), ("pbf.json", False)])  # fmt: skip
def test_packed_forms_are_known_by_their_names(tmp_path, name, packed):
    assert is_packed(tmp_path / name) is packed


def test_whole_packed_data_is_run_through_and_one_damaged_byte_is_found(tmp_path):
    whole = bz2.compress(TOWN.encode())
    path = tmp_path / "town.osm.bz2"
    path.write_bytes(whole)
    run_through(path)
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    with pytest.raises(InputError, match=r"town\.osm\.bz2 is not whole OpenStreetMap data"):
        run_through(path)


def test_the_extent_is_what_the_file_states_or_none(tmp_path):
    path = tmp_path / "town.osm"
    path.write_text(TOWN)
    assert stated_box([path]) == (-0.2, 51.5, 0.1, 51.6)
    path.write_text('<osm version="0.6"><node id="1" version="1" lat="51.55" lon="0"/></osm>')
    assert stated_box([path]) is None
