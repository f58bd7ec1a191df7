"""Hours open per week, beside a week counted on the fingers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assetmap.errors import UsageError
from assetmap.measures.opening import hours_per_week


def hours(text, **kwargs):
    return hours_per_week(pd.Series([text]), year=2026, **kwargs).iloc[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24/7", 168),
        ("Mo-Su 08:00-17:00", 63),
        ("Mo-Sa 09:30-17:30; We off", 40),  # 5 x 8
        ("Tu-Fr 10:00-13:00,14:00-18:00", 28),  # 4 x 7
        ("Fr 20:00-02:00", 6),  # over midnight
        ("off", 0),
        ("2019 Mo-Fr 09:00-17:00", 0),  # a year gone by
        ('Mo-Fr 09:00-17:00; Sa 10:00-12:00 "by appointment"', 40),
    ],
)
def test_a_week_of_hours(text, expected):
    # 2026 has 52 weeks and a day: within a day's hours of the week's
    assert hours(text) == pytest.approx(expected, rel=0.015)


def test_seasons_and_sunset_are_averaged_over_the_year():
    summer, winter = 183 * 14, 182 * 8  # days from April to September, and the others
    assert hours("Apr-Sep 07:00-21:00; Oct-Mar 08:00-16:00") == pytest.approx((summer + winter) / 365 * 7)
    assert hours("sunrise-sunset") == pytest.approx(84)


def test_public_holidays_count_where_the_country_is_known():
    text = "Mo-Fr 09:00-17:00; PH off"
    lost = hours(text) - hours(text, country="GB")
    # Of 2026: 1 January, Good Friday, 4 May, 25 May, Christmas; Boxing Day is a Saturday.
    assert lost == pytest.approx(5 * 8 / 365 * 7)
    with pytest.raises(UsageError, match="ISO code"):
        hours(text, country="Tidewell")


@pytest.mark.parametrize(
    "text", [None, np.nan, "", "ask inside", "9am-5pm", '"by appointment"', "Mo-Fr unknown", "Fr 18:00+"]
)
def test_what_nobody_has_said_is_not_known(text):
    assert np.isnan(hours(text))


def test_the_index_is_the_caller_s():
    found = hours_per_week(pd.Series({"b": "24/7", "a": None, "c": "24/7"}), year=2026)
    assert found.index.tolist() == ["b", "a", "c"]
    assert found.name == "hours_per_week"


def test_nothing_at_all_gives_nothing():
    assert hours_per_week(pd.Series([], dtype="str"), year=2026).empty
    assert hours_per_week(pd.Series([None, None]), year=2026).isna().all()
