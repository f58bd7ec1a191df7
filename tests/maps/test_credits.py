"""Whom a map names on its face."""

from __future__ import annotations

import pytest

from assetmap.maps.credits import short_credits
from assetmap.sources.remote.addresses import load_addresses

OSM = "© OpenStreetMap contributors"
OS = "Contains OS data © Crown copyright and database right"
ONS = "Office for National Statistics"
MHCLG = "Ministry of Housing, Communities and Local Government"


def test_everything_that_can_be_fetched_or_is_recognised_names_its_publisher():
    named = {name: short_credits([address.attribution]) for name, address in load_addresses().items()}
    assert named == {
        "overpass": (OSM,),
        "lsoa21": (ONS, OS),
        "lsoa11": (ONS, OS),
        "lookup": (ONS,),
        "iod2025": (MHCLG,),
        "iod2019": (MHCLG,),
        "population": (f"{ONS}, Census 2021",),
        "greenspace": (OS,),
    }


def test_a_study_of_many_layers_names_each_publisher_once():
    wanted = ("overpass", "lsoa21", "iod2025", "population", "greenspace", "greenspace")
    addresses = load_addresses()
    found = short_credits([addresses[name].attribution for name in wanted])
    assert found == (OSM, OS, MHCLG, f"{ONS}, Census 2021")


@pytest.mark.parametrize(
    ("attributions", "named"),
    [
        ([], ()),
        (["", " "], ()),
        (["A. B. Cole"], ("A. B. Cole",)),
        (["Friends of the Park", "Friends of the Parks"], ("Friends of the Park", "Friends of the Parks")),
        (["The Shore Archive, CC BY 4.0."], ("The Shore Archive, CC BY 4.0",)),
    ],
)
def test_other_words_stay_as_they_are(attributions, named):
    assert short_credits(attributions) == named
