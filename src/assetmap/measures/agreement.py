"""Agreement of two people who sort the same things: Cohen's kappa."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import pandas as pd

from assetmap.errors import UsageError

__all__ = ["Agreement", "cohen_kappa"]


class Agreement(NamedTuple):
    """How far two raters agree."""

    kappa: float
    """1 is complete agreement, 0 what chance would give; NaN where both used one and the same answer throughout."""
    observed: float
    """Share of the things on which both say the same."""
    n: int


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> Agreement:
    """Return Cohen's kappa, (p_o - p_e) / (1 - p_e), unweighted.

    Source: Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20(1), 37-46.

    Parameters
    ----------
    first, second
        What each of the two said of the same things, in the same order.

    Raises
    ------
    UsageError
        If the two aren't of one length.

    Examples
    --------
    >>> said = ["yes"] * 25 + ["no"] * 25
    >>> other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(cohen_kappa(said, other).kappa, 4)
    0.4
    """
    if len(first) != len(second):
        raise UsageError(
            f"two raters of {len(first)} and {len(second)} things can't be compared: give the same things."
        )
    n = len(first)
    if not n:
        return Agreement(float("nan"), float("nan"), 0)
    a, b = pd.Series(list(first), dtype=object), pd.Series(list(second), dtype=object)
    observed = float((a == b).mean())
    chance = float((a.value_counts(normalize=True) * b.value_counts(normalize=True)).sum())
    kappa = (observed - chance) / (1 - chance) if chance < 1 else float("nan")
    return Agreement(kappa, observed, n)
