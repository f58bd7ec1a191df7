"""Concentration, Gini and their curves against sums by hand, pairs of people and PySAL's answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.errors import InputError, UsageError
from assetmap.measures.equity.concentration import concentration_index, gini_index, share_curve
from assetmap.measures.equity.figures import Quantity

# Twelve values and their Gini as PySAL's inequality 1.1.2 gives it (inequality.gini.Gini).
PYSAL_VALUES = [120.0, 340, 560, 75, 900, 410, 220, 650, 330, 480, 150, 700]
PYSAL_GINI = 0.3379770347855454


def world(seed: int, size: int = 14, *, ties: bool = False) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rank = rng.integers(1, 8, size) if ties else rng.permutation(size) + 1
    return pd.DataFrame(
        {
            "population": rng.integers(1, 400, size).astype(float),
            "value": rng.gamma(2.0, 150.0, size),
            "imd_rank": rank.astype(float),
        }
    )


def person_by_person(areas: pd.DataFrame, by: str) -> float:
    """The concentration index with every person a row of their own: 2 cov(h, rank) / mean."""
    people = areas.loc[areas.index.repeat(areas["population"].astype(int))].sort_values(by)
    rank = (np.arange(len(people)) + 0.5) / len(people)
    middle = pd.Series(rank).groupby(people[by].to_numpy()).transform("mean").to_numpy()
    value = people["value"].to_numpy()
    return float(2 * ((value - value.mean()) * (middle - 0.5)).mean() / value.mean())


def all_pairs(areas: pd.DataFrame) -> float:
    """Gini as half the mean difference of all pairs of people over the mean."""
    people, value = areas["population"].to_numpy(), areas["value"].to_numpy()
    share = people / people.sum()
    return float((np.outer(share, share) * np.abs(value[:, None] - value)).sum() / (2 * (share * value).sum()))


def test_on_paper():
    """Ten equal areas, values 1 to 10: their variance 8.25 over 10 is the covariance; 2 x 0.825 / 5.5 = 0.3."""
    areas = pd.DataFrame({"population": 50.0, "value": np.arange(1.0, 11), "imd_rank": np.arange(1, 11)})
    assert concentration_index(areas)[0].value == pytest.approx(0.3)
    assert concentration_index(areas.assign(imd_rank=np.arange(10, 0, -1)))[0].value == pytest.approx(-0.3)
    assert gini_index(areas).value == pytest.approx(0.3)


def test_pysals_gini():
    areas = pd.DataFrame({"population": 7.0, "value": PYSAL_VALUES})
    assert gini_index(areas).value == pytest.approx(PYSAL_GINI, abs=1e-12)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_person_by_person_and_pair_by_pair(seed, ties):
    areas = world(seed, ties=ties)
    assert concentration_index(areas)[0].value == pytest.approx(person_by_person(areas, "imd_rank"), abs=1e-12)
    assert gini_index(areas).value == pytest.approx(all_pairs(areas), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_the_curves_enclose_the_indices(seed):
    areas = world(seed, ties=True)
    for by, index in (("value", gini_index(areas).value), ("imd_rank", concentration_index(areas)[0].value)):
        curve = share_curve(areas, by=by)
        assert curve.iloc[0].tolist() == [0, 0]
        assert curve.iloc[-1].tolist() == [1, 1]
        under = np.trapezoid(curve["value_share"], curve["people_share"])
        assert 1 - 2 * under == pytest.approx(index, abs=1e-12)


def test_the_lorenz_curve_bends_below_the_diagonal():
    curve = share_curve(world(2), by="value")
    slopes = np.diff(curve["value_share"]) / np.diff(curve["people_share"])
    assert (np.diff(slopes) >= -1e-12).all()
    assert (curve["value_share"] <= curve["people_share"] + 1e-12).all()


def test_shares_have_three_forms_and_mirror():
    areas = world(4).assign(value=lambda table: table["value"] / 2000)
    plain, erreygers, wagstaff = concentration_index(areas, bounds=(0, 1))
    mean = (areas["population"] * areas["value"]).sum() / areas["population"].sum()
    assert erreygers.value == pytest.approx(4 * mean * plain.value)
    assert wagstaff.value == pytest.approx(plain.value / (1 - mean))
    # Counting those without instead of those with: the two corrected forms change sign alone.
    others = concentration_index(areas.assign(value=1 - areas["value"]), bounds=(0, 1))
    assert others[1].value == pytest.approx(-erreygers.value)
    assert others[2].value == pytest.approx(-wagstaff.value)
    assert others[0].value != pytest.approx(-plain.value)
    assert [figure.measure for figure in others] == ["concentration index", "Erreygers index", "Wagstaff index"]


def test_corrected_forms_on_paper():
    """Ten equal areas, shares 1/20 to 10/20: covariance 8.25 / 200; 8 times that; twice that over 0.275 x 0.725."""
    areas = pd.DataFrame({"population": 50.0, "value": np.arange(1, 11) / 20, "imd_rank": np.arange(1, 11)})
    _, erreygers, wagstaff = concentration_index(areas, bounds=(0, 1))
    assert erreygers.value == pytest.approx(0.33)
    assert wagstaff.value == pytest.approx(12 / 29)


def test_a_rise_that_is_alike_for_all_leaves_erreygers_index_as_it_is():
    areas = world(4).assign(value=lambda table: table["value"] / 2000)
    plain, erreygers, wagstaff = concentration_index(areas, bounds=(0, 1))
    after = concentration_index(areas.assign(value=areas["value"] + 0.1), bounds=(0, 1))
    assert after[1].value == pytest.approx(erreygers.value)
    assert abs(after[0].value) < abs(plain.value)
    assert after[2].value != pytest.approx(wagstaff.value)


def test_corrected_forms_do_not_mind_the_unit():
    areas = world(4).assign(value=lambda table: table["value"] / 2000)
    percent = areas.assign(value=areas["value"] * 100)
    one = [f.value for f in concentration_index(areas, bounds=(0, 1))]
    assert [f.value for f in concentration_index(percent, bounds=(0, 100))] == pytest.approx(one)


def test_everyone_having_all_is_alike():
    areas = world(1).assign(value=1.0)
    assert [f.value for f in concentration_index(areas, bounds=(0, 1))] == [0, 0, 0]


@settings(deadline=None)
@given(seed=st.integers(0, 5000), ties=st.booleans(), scale=st.floats(0.01, 100), unit=st.floats(0.01, 100))
def test_properties(seed, ties, scale, unit):
    areas = world(seed, ties=ties)
    if areas["imd_rank"].nunique() < 5:
        return
    index, gini = concentration_index(areas)[0].value, gini_index(areas).value
    assert gini >= abs(index) - 1e-12
    assert 0 <= gini < 1
    other = areas.sample(frac=1, random_state=seed).assign(
        population=lambda table: table["population"] * scale, value=lambda table: table["value"] * unit
    )
    assert concentration_index(other)[0].value == pytest.approx(index, abs=1e-9)
    assert gini_index(other).value == pytest.approx(gini, abs=1e-9)
    turned = areas.assign(imd_rank=-areas["imd_rank"])
    assert concentration_index(turned)[0].value == pytest.approx(-index, abs=1e-9)
    # Cutting an area into two like it changes nothing.
    half = areas.assign(population=areas["population"] / 2)
    assert gini_index(pd.concat([half, half])).value == pytest.approx(gini, abs=1e-9)
    assert concentration_index(pd.concat([half, half]))[0].value == pytest.approx(index, abs=1e-9)


@settings(deadline=None)
@given(value=st.floats(1e-3, 1e6), seed=st.integers(0, 99))
def test_equal_values_are_exactly_level(value, seed):
    areas = world(seed).assign(value=value)
    assert concentration_index(areas)[0].value == 0
    assert gini_index(areas).value == 0


def test_sentences():
    walk = Quantity("Walk to a park", "m", "farther", "nearer")
    areas = pd.DataFrame({"population": 50.0, "value": np.arange(100.0, 1100, 100), "imd_rank": np.arange(1, 11)})
    assert concentration_index(areas, quantity=walk)[0].sentence == (
        "Walk to a park: concentration index 0.3 (0 = alike at every level of deprivation): farther for the less "
        "deprived."
    )
    # Of 1 to 10, a pair drawn with replacement differs by 3.3 on average.
    assert "picked at random differ by 330 m on average" in gini_index(areas, quantity=walk).sentence
    turned = concentration_index(areas.assign(imd_rank=np.arange(10, 0, -1)), quantity=walk)[0].sentence
    assert turned.endswith("farther for the more deprived.")
    level = concentration_index(areas.assign(value=[400.0] * 9 + [401.0]), quantity=walk)[0]
    assert level.value > 0
    assert level.sentence.endswith("hardly any difference by deprivation.")


def test_refusals_say_why():
    few = concentration_index(world(1, 9), bounds=(0, 1e6))
    assert [f.refusal[:42] for f in few] == ["it rests on 9 areas, and 10 is the least ("[:42]] * 3
    assert all(np.isnan(f.value) for f in few)
    assert "9 areas" in gini_index(world(1, 9)).refusal
    two_ranks = world(1).assign(imd_rank=[1.0, 2.0] * 7)
    assert "2 groups, and 5" in concentration_index(two_ranks)[0].refusal
    assert gini_index(two_ranks).refusal == ""
    assert "nothing to share" in gini_index(world(1).assign(value=0.0)).refusal
    unknown = world(1)
    unknown.loc[3, "population"] = np.nan
    assert gini_index(unknown).refusal == "the population is unknown in 1 of 14 areas"
    with pytest.raises(InputError, match="no curve can be drawn, since the population is unknown"):
        share_curve(unknown, by="value")


def test_areas_without_figures_are_left_out_and_counted():
    areas = world(1)
    areas.loc[2, "value"] = np.nan
    areas.loc[5, "population"] = 0.0
    found = gini_index(areas)
    assert found.value == pytest.approx(all_pairs(areas.drop([2, 5])))
    assert found.notes == (f"areas left out for want of figures: 1 ({areas.loc[2, 'population']:,.0f} people)",)
    assert found.basis.areas == 12


def test_impossible_values_are_refused_in_one_line():
    with pytest.raises(InputError, match="1 area"):
        gini_index(world(1).assign(value=[-1.0] + [1.0] * 13))
    with pytest.raises(InputError, match="outside 0 to 1"):
        concentration_index(world(1), bounds=(0, 1))
    with pytest.raises(InputError, match="infinite"):
        gini_index(world(1).assign(value=np.inf))
    with pytest.raises(InputError, match="no column imd_rank"):
        concentration_index(world(1).drop(columns="imd_rank"))
    with pytest.raises(UsageError, match="bounds 1 and 0"):
        concentration_index(world(1), bounds=(1, 0))
