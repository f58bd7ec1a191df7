"""Reading a city's OpenStreetMap data, beside OSMnx and pyrosm, with what each finds in it."""

from __future__ import annotations

import importlib.util

import pytest

from tests.benchmarks.children import run_python
from tests.benchmarks.readers import READERS, write_xml
from tests.benchmarks.streets import LAS_PALMAS

PEAK = """
import sys, warnings
warnings.simplefilter("ignore")
from tests.benchmarks.readers import READERS
READERS[sys.argv[1]](*sys.argv[2:])
"""
pytestmark = pytest.mark.filterwarnings("ignore")  # the peers' own


@pytest.fixture(scope="session")
def las_palmas(shared_data, tmp_path_factory):
    file = shared_data / LAS_PALMAS
    return [str(path) for path in (file, *write_xml(file, tmp_path_factory.mktemp("xml")))]


@pytest.fixture
def reader(request):
    if "pyrosm" in request.param and importlib.util.find_spec("pyrosm") is None:
        pytest.skip("pyrosm is not installed: pip install '.[bench]'")
    return request.param


@pytest.mark.bench
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_las_palmas(reader, race, las_palmas):
    facts = {}
    facts |= race("reading Las Palmas", reader, lambda: READERS[reader](*las_palmas), facts=facts)
    facts["peak memory"] = f"{run_python(PEAK, reader, *las_palmas).peak_mb:.0f} MB"


@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_every_reader_finds_the_same_streets_in_the_sample(reader, sample, tmp_path):
    file = sample / "osm_cache" / "tidewell.osm"
    pbf = tmp_path / "tidewell.osm.pbf"  # pyrosm reads nothing else
    ours = READERS["assetmap, all at once"](str(file), "", "")
    write_pbf(file, pbf)
    found = READERS[reader](str(pbf), *(str(path) for path in write_xml(pbf, tmp_path)))
    assert found.get("assets", ours["assets"]) >= ours["assets"]  # we leave out private gardens and the like
    if reader.startswith("OSMnx graph"):
        assert found["edges"] == ours["edges"]


def write_pbf(file, pbf):
    import osmium

    with osmium.SimpleWriter(str(pbf)) as writer:
        for thing in osmium.FileProcessor(str(file)):
            writer.add(thing)
