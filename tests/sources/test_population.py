"""Populations as they are published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmap.errors import InputError
from assetmap.sources.boundaries import read_lookup, read_zones
from assetmap.sources.population import people_to_lsoa21, read_population


def _write(tmp_path, text):
    path = tmp_path / "people.csv"
    path.write_text(text)
    return path


def test_one_column(tmp_path):
    people, tally = read_population(
        _write(tmp_path, 'LSOA21CD,Total\nE01000001,"1,478"\nE01000002,1384\nNote: provisional,\n')
    )
    assert people["population"].to_dict() == {"E01000001": 1478.0, "E01000002": 1384.0}
    assert list(people.columns) == ["population"]
    assert tally.dropped == {"no zone code": 1}


def test_columns_by_age_give_the_young_and_the_old(tmp_path):
    text = (
        "LSOA11CD,Persons_All-Ages,Persons_0-9,Persons_10-15,Persons_16-64,Persons_65-84,Persons_85+,Males_0-15\n"
        "E01000001,100,10,5,60,20,5,8\n"
    )
    people, _ = read_population(_write(tmp_path, text))
    assert people.loc["E01000001"].to_dict() == {"population": 100, "children": 15, "65plus": 25}


def test_bands_that_dont_fit_give_no_group(tmp_path):
    text = "LSOA11CD,population,Aged 0 to 17,Aged 18 to 59,Aged 60+\nE01000001,100,20,60,20\n"
    assert list(read_population(_write(tmp_path, text))[0].columns) == ["population"]
    gap = "LSOA11CD,population,0-4,10-15,65+\nE01000001,100,20,60,20\n"
    assert list(read_population(_write(tmp_path, gap))[0].columns) == ["population", "65plus"]


def test_the_censuss_long_form(tmp_path):
    text = (
        "Lower layer Super Output Areas Code,Lower layer Super Output Areas,Age (4 categories) Code,"
        "Age (4 categories),Observation\n"
        "E01000001,A,1,Aged 15 years and under,125\nE01000001,A,2,Aged 16 to 64 years,1000\n"
        "E01000001,A,3,Aged 65 years and over,75\nE01000002,B,1,Aged 15 years and under,5\n"
        "E01000002,B,2,Aged 16 to 64 years,10\nE01000002,B,3,Aged 65 years and over,1\n"
    )
    people, tally = read_population(_write(tmp_path, text))
    assert people.loc["E01000001"].to_dict() == {"population": 1200, "children": 125, "65plus": 75}
    assert tally.read == 6


def test_a_long_form_with_its_own_totals(tmp_path):
    text = "GEOGRAPHY_CODE,Age,Value\nE01000001,Total,1201\nE01000001,Aged 15 years and under,125\n"
    people, _ = read_population(_write(tmp_path, text))
    assert people["population"].tolist() == [1201]


def test_a_nomis_reply(tmp_path):
    text = (
        '"DATE","GEOGRAPHY","GEOGRAPHY_NAME","GEOGRAPHY_CODE","C2021_RESTYPE_3","MEASURES","OBS_VALUE"\n'
        '2021,1,"Tower Hamlets 001A","E01004228",0,20100,1903\n'
    )
    people, _ = read_population(_write(tmp_path, text))
    assert people["population"].to_dict() == {"E01004228": 1903.0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LSOA21CD,population\nE01000001,-5\n", "'-5' in column 'population', row 2"),
        ("LSOA21CD,population\nE01000001,1\nE01000002,many\n", "'many' in column 'population', row 3"),
        ("LSOA21CD,population\nE01000001,1\nE01000001,2\n", "there twice.*row 3"),
        ("LSOA21CD,name\nE01000001,x\n", "no column holds the number of people"),
        ("name,population\nx,1\n", "no column holds zone codes"),
        ("LSOA21CD,Age,Observation\nE01000001,a,1\nE01000001,a,2\n", "an age there twice"),
    ],
)
def test_wrong_tables_are_refused(tmp_path, text, words):
    with pytest.raises(InputError, match=words):
        read_population(_write(tmp_path, text))


def test_columns_by_hand(tmp_path):
    path = _write(tmp_path, "Zone,Folk\nA,12\n")
    people, _ = read_population(path, columns={"zone_code": "Zone", "population": "Folk"})
    assert people["population"].to_dict() == {"A": 12.0}


def test_the_sample_people(sample):
    people, _ = read_population(sample / "inputs" / "tidewell_population.csv")
    assert people.sum().to_dict() == {"population": 18_000, "children": 3_800, "65plus": 2_700}


def test_published_tables(shared_data):
    census, tally = read_population(shared_data / "population" / "London-LSOA-AgeGroup-census2021.csv")
    assert (len(census), tally.read) == (4_994, 24_970)
    assert census["population"].sum() == 8_799_746
    estimate, _ = read_population(shared_data / "population" / "london-mid2020-pop.csv")
    assert len(estimate) == 4_835
    assert estimate.sum().to_dict() == {"population": 9_002_488, "children": 1_853_207, "65plus": 1_098_453}


@st.composite
def changed_zones(draw):
    """Zones of 2011 with people, the lookup to 2021 in groups of U, S, M and X, and weights of 2021."""
    lookup, old, weights = [], {}, {}
    for group in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from("USMX"))
        before = draw(st.integers(2, 4)) if kind in "MX" else 1
        after = draw(st.integers(2, 4)) if kind in "SX" else 1
        for i in range(before):
            old[f"A{group}{i}"] = draw(st.integers(0, 4000))
            lookup += [(f"A{group}{i}", f"B{group}{j}", kind) for j in range(after)]
        weights |= {f"B{group}{j}": draw(st.floats(1, 3000)) for j in range(after)}
    return old, pd.DataFrame(lookup, columns=["lsoa11cd", "lsoa21cd", "chgind"]), weights


@given(changed_zones())
def test_people_in_are_people_out_across_the_censuses(drawn):
    old, lookup, weights = drawn
    people = pd.DataFrame({"population": pd.Series(old, dtype=float)})
    found = people_to_lsoa21(people, lookup, pd.Series(weights))
    assert found["population"].notna().all()
    assert found["population"].sum() == pytest.approx(sum(old.values()), rel=1e-12, abs=1e-9)
    assert set(found.index) == set(lookup["lsoa21cd"])
    assert (found["population"] >= 0).all()


def test_all_of_london_s_people_come_over_to_2021(shared_data):
    people, _ = read_population(shared_data / "population" / "london-mid2020-pop.csv")
    assert people.attrs["zone_vintage"] == "lsoa11"
    lookup = read_lookup(shared_data / "boundaries" / "England-Wales-LSOA-2011-2021.csv")
    zones, _ = read_zones(shared_data / "boundaries" / "London-LSOA-2021.gpkg")
    found = people_to_lsoa21(people, lookup, zones.set_index("zone_code")["population"])
    for column in ("population", "children", "65plus"):
        assert found[column].sum() == pytest.approx(people[column].sum(), rel=1e-12)
    assert set(found.index) == set(zones["zone_code"])


def test_a_part_of_a_zone_whose_others_are_not_known_has_no_figure():
    lookup = pd.DataFrame({"lsoa11cd": ["A", "B", "C"], "lsoa21cd": ["M", "M", "C"]})
    found = people_to_lsoa21(pd.DataFrame({"population": [5.0, 7.0]}, index=["A", "C"]), lookup, pd.Series({"M": 1.0}))
    assert np.isnan(found.loc["M", "population"])
    assert found.loc["C", "population"] == 7
