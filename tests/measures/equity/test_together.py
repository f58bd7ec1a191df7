"""All of a figure's equity in one call, and how figures are told and tabulated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assetmap.errors import InputError
from assetmap.measures.equity.concentration import concentration_index, gini_index
from assetmap.measures.equity.figures import Basis, Figure, Interval, Quantity, say, tabulate_figures
from assetmap.measures.equity.inequality_slope import SlopeSettings, slope_between_zones
from assetmap.measures.equity.social_rank import deprivation_groups
from assetmap.measures.equity.together import measure_equity

WALK = Quantity("Walk to a park", "m", "farther", "nearer")


@pytest.fixture
def borough():
    rng = np.random.default_rng(8)
    rank = rng.permutation(33_755)[:120] + 1
    return pd.DataFrame(
        {
            "zone_code": [f"E{n:08d}" for n in range(120)],
            "population": rng.integers(1000, 3000, 120).astype(float),
            "imd_rank": rank,
            "value": 200 + rank / 200 + rng.normal(0, 40, 120),
        }
    )


def test_one_call_gives_what_the_parts_give(borough):
    found = measure_equity(borough, quantity=WALK, bounds=(0, 2000))
    values = found.figures.set_index("measure")["value"]
    group = deprivation_groups(borough)
    slope = slope_between_zones(borough.assign(group=group.astype(float)))
    assert values["SII"] == slope.sii.value
    assert values["RII"] == slope.rii.value
    expected = concentration_index(borough, bounds=(0, 2000))
    assert values.iloc[2:5].tolist() == [figure.value for figure in expected]
    assert values["Gini"] == gini_index(borough).value
    assert found.figures["sentence"].str.startswith("Walk to a park: ").all()
    assert (found.figures["areas"] == 120).all()
    assert (found.figures["people"] == borough["population"].sum()).all()


def test_the_groups_are_what_the_line_goes_through(borough):
    found = measure_equity(borough, quantity=WALK, groups=5)
    assert found.groups["group"].tolist() == [1, 2, 3, 4, 5]
    assert found.groups["people"].sum() == borough["population"].sum()
    assert found.groups["areas"].sum() == 120
    share = found.groups["people"] / found.groups["people"].sum()
    slope, level = np.polyfit(found.groups["position"], found.groups["value"], 1, w=np.sqrt(share))
    figures = found.figures.set_index("measure")["value"]
    assert slope == pytest.approx(figures["SII"])
    assert (level + slope) / level == pytest.approx(figures["RII"])


def test_curves_run_from_corner_to_corner(borough):
    found = measure_equity(borough, quantity=WALK)
    for curve in (found.lorenz, found.concentration):
        assert len(curve) == 121
        assert curve.iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]


def test_each_level_has_its_row(borough):
    asked = SlopeSettings(confidence=(0.95, 0.99))
    figures = measure_equity(borough, quantity=WALK, settings=asked).figures
    sii = figures[figures["measure"] == "SII"]
    assert sii["level"].tolist() == [0.95, 0.99]
    assert sii["lower"].is_monotonic_decreasing
    assert sii["upper"].is_monotonic_increasing
    assert figures.loc[figures["measure"] == "Gini", "level"].isna().all()


def test_a_neighbourhood_of_three_zones_is_refused_in_every_figure(borough):
    found = measure_equity(borough.head(3), quantity=WALK)
    assert found.figures["value"].isna().all()
    assert found.figures["refusal"].str.contains("areas, and 10 is the least").all()
    assert found.figures["sentence"].str.contains("wider frame such as the borough").all()
    assert found.figures["areas"].eq(3).all()
    assert found.groups.empty
    assert found.lorenz.empty
    assert found.concentration.empty


def test_an_unknown_population_refuses_and_says_so(borough):
    borough.loc[7, "population"] = np.nan
    found = measure_equity(borough, quantity=WALK)
    assert found.figures["refusal"].eq("the population is unknown in 1 of 120 areas").all()
    assert found.lorenz.empty


def test_zones_that_reach_none_are_counted(borough):
    borough.loc[:4, "value"] = np.nan
    found = measure_equity(borough, quantity=WALK)
    assert found.figures["notes"].str.startswith("areas left out for want of figures: 5 (").all()
    assert found.figures["areas"].eq(115).all()
    assert found.groups["areas"].sum() == 115


def test_all_zones_alike(borough):
    found = measure_equity(borough.assign(value=300.0), quantity=WALK)
    assert found.figures["value"].tolist() == [0, 1, 0, 0]


def test_rows_in_any_order_give_the_same_tables(borough):
    one = measure_equity(borough, quantity=WALK)
    other = measure_equity(borough.sample(frac=1, random_state=3), quantity=WALK)
    pd.testing.assert_frame_equal(one.figures, other.figures, rtol=1e-12)
    pd.testing.assert_frame_equal(one.groups, other.groups, rtol=1e-12)
    pd.testing.assert_frame_equal(one.lorenz, other.lorenz, rtol=1e-12)


def test_bad_zones_are_refused_in_one_line(borough):
    with pytest.raises(InputError, match="no column value"):
        measure_equity(borough.drop(columns="value"), quantity=WALK)
    with pytest.raises(InputError, match="negative population"):
        measure_equity(borough.assign(population=-1.0), quantity=WALK)


def test_numbers_in_sentences():
    assert [say(x) for x in (0, 0.5, 99.94, 100.4, 12345.6, -0.01234)] == [
        "0",
        "0.5",
        "99.9",
        "100",
        "12,346",
        "-0.0123",
    ]
    assert say(-250.2, "m") == "-250 m"


def test_the_table_of_figures():
    basis = Basis(10, None, 5000.0)
    figures = [
        Figure("SII", 1.0, "One.", basis, (Interval(0.95, 0.5, 1.5),), "between zones", notes=("a", "b")),
        Figure("Gini", float("nan"), "None.", Basis(None, 4, 10.0), refusal="too few"),
    ]
    table = tabulate_figures(figures)
    assert table["notes"].tolist() == ["a; b", ""]
    assert table["areas"].isna().tolist() == [True, False]
    assert table.loc[0, ["lower", "upper", "interval_kind"]].tolist() == [0.5, 1.5, "between zones"]
    assert table.loc[1, "refusal"] == "too few"
