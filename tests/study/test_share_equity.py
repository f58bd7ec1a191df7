"""Concentration indices of the share of people within a distance: against paper, and over the built demo."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assetmap.study.figures.share_equity import SHARE_EQUITY_COLUMNS, equity_of_shares

NAMES = ["concentration index", "Erreygers index", "Wagstaff index"]


def world(share):
    codes = [f"Z{i}" for i in range(len(share))]
    rank = np.arange(1.0, len(share) + 1)
    zones = pd.DataFrame({"zone_code": codes, "population": 50.0, "imd_rank": rank})
    access = {"group": codes, "category": "green_space", "mode": "walk", "share_400m": share}
    return zones, pd.DataFrame(access)


def test_on_paper():
    """Ten equal zones, shares 1/20 to 10/20: covariance 8.25 / 200, mean 0.275."""
    found = equity_of_shares(*world(np.arange(1, 11) / 20))
    assert tuple(found.columns) == SHARE_EQUITY_COLUMNS
    assert found["measure"].tolist() == NAMES
    assert found["value"].tolist() == pytest.approx([0.3, 0.33, 12 / 29])
    assert (found[["within_m", "zones", "areas", "people"]] == [400, 10, 10, 500]).all(axis=None)
    assert found["sentence"].iloc[1] == (
        "Share of people within 400 m on foot: green space: Erreygers index 0.33 (0 = alike at every level of "
        "deprivation): higher for the less deprived."
    )


def test_nine_zones_are_too_few_and_sums_that_round_beyond_1_are_1():
    few = equity_of_shares(*world(np.arange(1, 10) / 20))
    assert few["value"].isna().all()
    assert few["refusal"].str.contains("9 areas, and 10 is the least").all()
    full = equity_of_shares(*world(np.full(12, 1 + 2e-16)))
    assert full["value"].tolist() == pytest.approx([0, 0, 0])


def test_a_zone_without_a_share_is_left_out_and_counted():
    share = np.arange(1, 12) / 20
    share[10] = np.nan
    found = equity_of_shares(*world(share))
    assert found["value"].tolist() == pytest.approx([0.3, 0.33, 12 / 29])
    assert (found[["zones", "areas"]] == [11, 10]).all(axis=None)
    assert found["notes"].str.contains("left out for want of figures: 1 ").all()


def test_without_deprivation_there_are_no_rows():
    zones, access = world(np.arange(1, 11) / 20)
    assert equity_of_shares(zones.drop(columns="imd_rank"), access).empty


def test_the_built_demo_against_its_zones(built):
    table = pd.read_csv(built / "out" / "equity_of_shares.csv", encoding="utf-8-sig")
    zones = pd.read_csv(built / "out" / "zones.csv", encoding="utf-8-sig").sort_values("imd_rank")
    people, share = zones["population"] / zones["population"].sum(), zones["green_space_share_400m"]
    mean, position = (people * share).sum(), people.cumsum() - people / 2
    covariance = (people * (share - mean) * (position - 0.5)).sum()
    rows = table[(table["category"] == "green_space") & (table["within_m"] == 400)].set_index("measure")["value"]
    expected = [2 * covariance / mean, 8 * covariance, 2 * covariance / (mean * (1 - mean))]
    assert rows[NAMES].tolist() == pytest.approx(expected, abs=2e-4)  # the files have 4 decimals
