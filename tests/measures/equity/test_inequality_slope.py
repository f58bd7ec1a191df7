"""SII and RII against OHID's own test answers, closed forms, and the rules for refusing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from assetmap.errors import InputError, UsageError
from assetmap.measures.equity.figures import Quantity
from assetmap.measures.equity.inequality_slope import SlopeSettings, slope_between_zones, slope_index

WALK = Quantity("Walk to a park", "m", "farther", "nearer")
KINDS = {0: "other", 1: "rate", 2: "proportion"}
REFERENCE_DRAWS = {"default - testing 10,000 repetitions": 10_000}  # the package's default elsewhere
NUMERIC = [
    "default (e.g. life expectancy) - default parameters",
    "default - testing 99% confidence",
    "default - testing 10,000 repetitions",
    "default - testing quintiles",
    "rate (e.g. infant mortality) - default parameters",
    "proportion (e.g. child obesity) - default parameters",
    "proportion - testing multiplier (x 100)",
    "proportion - testing multiplier (x -100)",
    "default (e.g. life expectancy) - multiple CIs",
    "default (e.g. life expectancy) - intercept",
    "rate (e.g. infant mortality) - intercept",
    "proportion (e.g. child obesity) - intercept",
    "rate (e.g. infant mortality) - log transform with intercept",
    "proportion (e.g. child obesity) - logit transform with intercept",
    "proportion (e.g. child obesity) - logit transform with negative multiplier",
    "rate (e.g. infant mortality) - log transform with multiple Cis (95 and 98)",
    "rate (e.g. infant mortality) - log transform with negative multiplier",
    "rate (e.g. infant mortality) - log transform with 98% CI",
    "rate (e.g. infant mortality) - log transform without rii",
    "proportion (e.g. child obesity) - logit transform without rii",
    "proportion (e.g. child obesity) - logit transform with 98% cis",
    "proportion (e.g. child obesity) - logit transform with 95% and 98% cis",
]
ERRORS = {
    "error handling - negative populations": "population of 0 or below",
    "error handling - negative counts/standard error": "negative standard error",
    "error handling - invalid proportion in CLs": "isn't between 0 and 1",
    "error handling - missing value field": "none of the 10 groups has a value",
    "error handling - missing confidence limits and se": "missing standard error or limit",
}
WARNINGS = [
    "warning handling - missing populations, counts or values",
    "warning handling - large number of quantiles (>10)",
]


@pytest.fixture(scope="module")
def answers(shared_data):
    table = pd.read_csv(shared_data / "reference" / "sii_known_answers.csv")
    names = {
        "Quantile": "group",
        "Population": "population",
        "Value": "value",
        "StandardError": "standard_error",
        "LowerCL": "lower",
        "UpperCL": "upper",
    }
    return {key: rows.rename(columns=names) for key, rows in table.groupby(["TestDescription", "Area"])}


def options(name: str, rows: pd.DataFrame) -> SlopeSettings:
    """The settings that a case's description asks for."""
    multiplier = {"(x 100)": 100, "(x -100)": -100, "negative multiplier": -1}
    levels = (0.95, 0.98) if "95" in name and "98" in name else (0.95, 0.99) if "multiple CIs" in name else (0.95,)
    if name.endswith(("with 98% CI", "with 98% cis")):
        levels = (0.98,)
    if "99%" in name:
        levels = (0.99,)
    return SlopeSettings(
        kind=KINDS[int(rows["ValueType"].iloc[0])],
        transform="transform" in name,
        multiplier=next((value for words, value in multiplier.items() if words in name), 1),
        confidence=levels,
        draws=REFERENCE_DRAWS.get(name, 100_000),
    )


def simulation_error(interval, tail: float, draws: int) -> float:
    """The standard error of the difference of two simulated quantiles, both of so many nearly normal draws.

    That of one is sqrt(q (1 - q) / n) / f, with f the density of the draws at the quantile.
    """
    z = norm.ppf(1 - tail)
    sd = (interval.upper - interval.lower) / (2 * z)
    return float(np.sqrt(2 * tail * (1 - tail) / draws) * sd / norm.pdf(z))


def test_every_case_of_the_reference_is_tested(answers):
    assert sorted({name for name, _ in answers}) == sorted([*NUMERIC, *ERRORS, *WARNINGS])
    assert len(NUMERIC) + len(ERRORS) + len(WARNINGS) == 29


@pytest.mark.parametrize("area", ["area1", "area2"])
@pytest.mark.parametrize("name", NUMERIC)
def test_ohids_answers(answers, name, area):
    rows = answers[name, area]
    expected = rows.iloc[0]
    asked = options(name, rows)
    found = slope_index(rows.sample(frac=1, random_state=1), settings=asked)
    assert found.sii.value == pytest.approx(expected["sii"], abs=1e-9)
    if "without rii" not in name:
        assert found.rii.value == pytest.approx(expected["rii"], abs=1e-9)
    if np.isfinite(expected["Intercept"]):
        assert found.intercept == pytest.approx(expected["Intercept"], abs=1e-9)
    compared = 0
    for measure, figure in (("sii", found.sii), ("rii", found.rii)):
        assert figure.interval_kind == "simulated from standard errors"
        assert [interval.level for interval in figure.intervals] == list(asked.confidence)
        first = figure.intervals[0]
        # 4 standard errors: among the 160 limits compared, chance alone goes beyond it in one run of a hundred.
        within = 4 * simulation_error(first, (1 - first.level) / 2, asked.draws)
        for end, limit in (("lower", first.lower), ("upper", first.upper)):
            if np.isfinite(expected[f"{measure}_{end}cl_1"]):
                assert limit == pytest.approx(expected[f"{measure}_{end}cl_1"], abs=within)
                compared += 1
    assert compared == (0 if "quintiles" in name else 2 if "without rii" in name else 4)


@pytest.mark.parametrize(
    ("both", "alone"),
    [
        ("default (e.g. life expectancy) - multiple CIs", "default - testing 99% confidence"),
        (
            "rate (e.g. infant mortality) - log transform with multiple Cis (95 and 98)",
            "rate (e.g. infant mortality) - log transform with 98% CI",
        ),
        (
            "proportion (e.g. child obesity) - logit transform with 95% and 98% cis",
            "proportion (e.g. child obesity) - logit transform with 98% cis",
        ),
    ],
)
def test_a_second_level_is_the_one_that_the_reference_gives_alone(answers, both, alone):
    rows = answers[both, "area1"]
    second = slope_index(rows, settings=options(both, rows)).sii.intervals[1]
    expected = answers[alone, "area1"].iloc[0]
    within = 4 * simulation_error(second, (1 - second.level) / 2, 100_000)
    assert second.lower == pytest.approx(expected["sii_lowercl_1"], abs=within)
    assert second.upper == pytest.approx(expected["sii_uppercl_1"], abs=within)


@pytest.mark.parametrize(("name", "words"), ERRORS.items())
def test_ohids_errors(answers, name, words):
    (rows,) = (found for (case, _), found in answers.items() if case == name)
    kind = "proportion" if "proportion" in name else "other"
    with pytest.raises(InputError, match=words) as caught:
        slope_index(rows, settings=SlopeSettings(kind=kind))
    assert "\n" not in str(caught.value)


def test_ohids_warning_of_missing_figures_is_a_refusal_with_its_reason(answers):
    found = slope_index(answers[WARNINGS[0], "area1"], quantity=Quantity("Obesity", "%"))
    assert np.isnan([found.sii.value, found.rii.value, found.intercept]).all()
    assert found.sii.refusal == "2 of 10 groups have no value or no population"
    assert found.sii.sentence == "Obesity: no SII, since 2 of 10 groups have no value or no population."
    assert found.sii.basis.groups == 10


def test_ohids_warning_of_many_groups_is_a_note(answers):
    found = slope_index(answers[WARNINGS[1], "area1"])
    assert found.sii.notes == found.rii.notes == ("15 groups, more than the usual 10",)
    assert np.isfinite(found.sii.value)


def test_limits_do_as_well_as_standard_errors(answers):
    """OHID's inputs hold both; theirs are made of one another."""
    for name in (NUMERIC[0], NUMERIC[4], NUMERIC[5]):
        rows = answers[name, "area1"]
        asked = options(name, rows)
        one = slope_index(rows.drop(columns=["lower", "upper"]), settings=asked).sii.intervals[0]
        other = slope_index(rows.drop(columns="standard_error"), settings=asked).sii.intervals[0]
        assert (one.lower, one.upper) == pytest.approx((other.lower, other.upper), rel=1e-6)


def groups(**columns) -> pd.DataFrame:
    base = {"group": [1, 2, 3, 4, 5], "population": [100.0] * 5, "value": [70.0, 72.0, 71.0, 75.0, 74.0]}
    return pd.DataFrame({**base, **columns})


def test_closed_form_of_the_interval():
    """Untransformed, the SII is a weighted sum of independent normal values: its limits are known."""
    table = groups(standard_error=[1.0, 0.5, 2.0, 1.0, 1.5])
    found = slope_index(table, settings=SlopeSettings(draws=100_000)).sii
    lever = np.array([-0.4, -0.2, 0, 0.2, 0.4]) / 0.4
    sd = np.sqrt(((lever * table["standard_error"]) ** 2).sum())
    assert found.value == pytest.approx((lever * table["value"]).sum())
    limits = found.intervals[0]
    within = 4 * simulation_error(limits, 0.025, 100_000)
    assert (limits.lower, limits.upper) == pytest.approx(
        (found.value - 1.959964 * sd, found.value + 1.959964 * sd), abs=within
    )


def test_equals_the_regression_it_is_defined_by():
    rng = np.random.default_rng(5)
    table = groups(population=rng.uniform(50, 500, 5))
    share = table["population"] / table["population"].sum()
    position = share.cumsum() - share / 2
    root = np.sqrt(share)
    columns = np.column_stack([root, position * root])
    (intercept, slope), *_ = np.linalg.lstsq(columns, table["value"] * root, rcond=None)
    found = slope_index(table)
    assert (found.intercept, found.sii.value) == pytest.approx((intercept, slope), rel=1e-12)
    assert found.rii.value == pytest.approx((intercept + slope) / intercept, rel=1e-12)
    assert found.sii.intervals == ()
    assert found.sii.interval_kind == ""
    assert "no interval" in found.sii.notes[0]


def test_the_seed_decides_the_limits():
    table = groups(standard_error=[1.0] * 5)
    once, again = (slope_index(table).sii.intervals for _ in range(2))
    assert once == again
    assert slope_index(table, settings=SlopeSettings(seed=1)).sii.intervals != once


def test_sentences_say_which_way_and_how_sure():
    table = groups(value=[500.0, 450.0, 400.0, 350.0, 300.0], standard_error=[1.0] * 5)
    found = slope_index(table, quantity=WALK)
    assert found.sii.sentence.startswith("Walk to a park: 250 m nearer at the least deprived end")
    assert found.sii.sentence.endswith("95%, simulated from standard errors).")
    assert "SII -25" in found.sii.sentence
    turned = slope_index(table, settings=SlopeSettings(multiplier=-1), quantity=WALK)
    assert turned.sii.value == -found.sii.value
    assert turned.sii.sentence.startswith("Walk to a park: 250 m nearer at the least deprived end")
    assert "the most deprived end of the people here has 1.91 times the figure of the least" in turned.rii.sentence
    unsure = slope_index(groups(standard_error=[5.0] * 5))
    assert "no difference isn't ruled out" in unsure.sii.sentence
    assert "no difference isn't ruled out" in unsure.rii.sentence


def test_a_line_that_falls_below_nothing_has_no_ratio():
    found = slope_index(groups(value=[1.0, 0.1, 0.1, 0.1, 0.0], standard_error=[0.1] * 5))
    assert np.isnan(found.rii.value)
    assert "isn't above 0" in found.rii.refusal
    assert np.isfinite(found.sii.value)
    assert found.sii.intervals
    unsure = slope_index(groups(value=[3.0, 2.0, 2.0, 2.0, 1.0], standard_error=[1.0] * 5)).rii
    assert np.isfinite(unsure.value)
    assert unsure.intervals == ()
    assert "at or below 0 in some draws" in unsure.notes[-1]


def test_four_groups_are_refused_with_advice():
    found = slope_index(groups().head(4), quantity=WALK)
    assert found.sii.refusal.startswith("it rests on 4 groups, and 5 is the least")
    assert "wider frame" in found.rii.sentence


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"group": [1, 1, 2, 3, 4]}, "stands twice"),
        ({"group": [np.nan, 1, 2, 3, 4]}, "missing or stands twice"),
        ({"population": [0, 1, 1, 1, 1]}, "population of 0 or below"),
        ({"value": [np.inf, 1, 1, 1, 1]}, "infinite"),
        ({"lower": [69, 71, 72, 74, 73], "upper": [71, 73, 71, 76, 75]}, "lower limit above"),
    ],
)
def test_impossible_groups_are_refused_in_one_line(columns, words):
    with pytest.raises(InputError, match=words):
        slope_index(groups(**columns))


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="no column population"):
        slope_index(groups().drop(columns="population"))


def test_a_rate_of_nought_has_no_logarithm():
    with pytest.raises(InputError, match="1 of 5 groups have a rate or limit of 0"):
        slope_index(groups(value=[0.0, 1, 2, 3, 4]), settings=SlopeSettings(kind="rate"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "ratio"},
        {"transform": True},
        {"multiplier": 0},
        {"multiplier": np.nan},
        {"confidence": ()},
        {"confidence": (95,)},
        {"draws": 100},
        {"zone_draws": 10},
    ],
)
def test_settings_without_meaning_are_refused(wrong):
    with pytest.raises(UsageError):
        SlopeSettings(**wrong)


def zones(seed: int = 3, each: int = 8, size: int = 5) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(1, size + 1), each)
    return pd.DataFrame(
        {
            "group": group,
            "population": rng.integers(1000, 3000, len(group)).astype(float),
            "value": 300 + 40 * group + rng.normal(0, 60, len(group)),
        }
    )


def test_between_zones_the_value_is_that_of_the_groups_means():
    table = zones()
    amount = (table["population"] * table["value"]).groupby(table["group"]).sum()
    people = table["population"].groupby(table["group"]).sum()
    means = pd.DataFrame({"group": people.index, "population": people.to_numpy(), "value": amount / people})
    found, grouped = slope_between_zones(table, quantity=WALK), slope_index(means)
    assert found.sii.value == pytest.approx(grouped.sii.value, rel=1e-12)
    assert found.rii.value == pytest.approx(grouped.rii.value, rel=1e-12)
    assert found.sii.interval_kind == found.rii.interval_kind == "between zones"
    assert (found.sii.basis.groups, found.sii.basis.areas) == (5, 40)
    assert found.sii.basis.people == table["population"].sum()


def test_the_bootstrap_has_the_spread_that_theory_gives():
    """With equal people in all zones a drawn mean has variance s^2 / n, s^2 that of the group's own zones."""
    table = zones(each=12).assign(population=1500.0)
    limits = slope_between_zones(table, settings=SlopeSettings(zone_draws=20_000)).sii.intervals[0]
    lever = np.array([-0.4, -0.2, 0, 0.2, 0.4]) / 0.4
    spread = table.groupby("group")["value"].var(ddof=0) / 12
    sd = float(np.sqrt((lever**2 * spread).sum()))
    # Sums of 12 zones are nearly normal; beside 4 simulation errors, 2 % of the width for what isn't.
    within = 4 * simulation_error(limits, 0.025, 20_000) + 0.02 * sd
    assert limits.upper - limits.lower == pytest.approx(2 * 1.959964 * sd, abs=2 * within)


def test_what_is_missing_is_left_out_and_counted_and_what_is_unknown_refuses():
    table = zones()
    table.loc[[0, 9], "value"] = np.nan
    table.loc[20, "group"] = np.nan
    found = slope_between_zones(table)
    left = table.loc[[0, 9, 20], "population"].sum()
    assert found.sii.notes == (f"areas left out for want of figures: 3 ({left:,.0f} people)",)
    assert found.sii.basis.areas == 37
    table.loc[5, "population"] = np.nan
    assert slope_between_zones(table).sii.refusal == "the population is unknown in 1 of 40 areas"
    table.loc[5, "population"] = -1
    with pytest.raises(InputError, match="below 0"):
        slope_between_zones(table)


def test_nobody_anywhere_is_a_refusal():
    assert "no area has both" in slope_between_zones(zones().assign(population=0.0)).sii.refusal
    assert "no area has both" in slope_between_zones(zones().assign(value=np.nan)).sii.refusal


def test_too_few_areas_or_groups_are_refused():
    assert "9 areas, and 10" in slope_between_zones(zones(each=2).head(9)).sii.refusal
    assert "4 groups, and 5" in slope_between_zones(zones(size=4)).sii.refusal
    both = slope_between_zones(zones(size=1, each=1)).sii.refusal
    assert both.startswith("it rests on 1 group, and 5 is the least and on 1 area, and 10 is the least")


def test_groups_of_one_zone_are_noted():
    table = pd.concat([zones(each=3, size=4), zones(each=1, size=5).tail(1)])
    assert slope_between_zones(table).sii.notes == ("groups of a single zone, which add nothing to the interval: 1",)


def test_zones_have_no_errors_to_transform():
    with pytest.raises(UsageError, match="kind 'other'"):
        slope_between_zones(zones(), settings=SlopeSettings(kind="rate"))


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    people=st.floats(0.01, 1e4),
    shift=st.floats(-200, 1e4),
    stretch=st.floats(0.01, 100),
)
def test_properties_of_the_slope(seed, people, shift, stretch):
    table = zones(seed % 50)
    quick = SlopeSettings(zone_draws=1000)
    base = slope_between_zones(table, settings=quick)
    shuffled = slope_between_zones(table.sample(frac=1, random_state=seed), settings=quick)
    assert shuffled.sii.intervals == base.sii.intervals
    assert shuffled.sii.value == pytest.approx(base.sii.value, rel=1e-9)
    scaled = slope_between_zones(table.assign(population=table["population"] * people), settings=quick)
    assert scaled.sii.value == pytest.approx(base.sii.value, rel=1e-9)
    assert scaled.rii.value == pytest.approx(base.rii.value, rel=1e-9)
    moved = slope_between_zones(table.assign(value=table["value"] * stretch + shift), settings=quick)
    assert moved.sii.value == pytest.approx(base.sii.value * stretch, rel=1e-6)
    assert moved.intercept == pytest.approx(base.intercept * stretch + shift, rel=1e-6, abs=1e-6)


@given(value=st.floats(0.001, 1e6), weights=st.lists(st.floats(1, 1e5), min_size=10, max_size=25))
@settings(max_examples=40, deadline=None)
def test_equal_values_have_no_slope(value, weights):
    table = pd.DataFrame({"population": weights, "value": value})
    table["group"] = np.arange(len(table)) % 5 + 1
    found = slope_between_zones(table, settings=SlopeSettings(zone_draws=1000))
    assert found.sii.value == 0
    assert (found.sii.intervals[0].lower, found.sii.intervals[0].upper) == (0, 0)
    assert found.rii.value == 1
    assert "the same at the least and the most deprived end" in found.sii.sentence
