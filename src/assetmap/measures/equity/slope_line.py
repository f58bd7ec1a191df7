"""The weighted line through groups that stand between the most and the least deprived, fitted many at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit

from assetmap.errors import UsageError
from assetmap.measures.equity.figures import Interval

__all__ = ["SCALES", "SlopeLine", "SlopeSettings", "limits_of"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


def _as_is(value: Any) -> Any:
    return value


SCALES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "other": (_as_is, _as_is),
    "rate": (np.log, np.exp),
    "proportion": (logit, expit),
}
"""Kind of value -> to the scale on which its errors are symmetric, and back."""


@dataclass(frozen=True)
class SlopeSettings:
    """How the slope is fitted and its interval drawn.

    Parameters
    ----------
    kind
        ``other`` (symmetric errors), ``rate`` (errors symmetric on the log scale) or ``proportion``
        (0 to 1, on the logit scale).
    transform
        Fit the line on that scale too, and turn its ends back.
    multiplier
        Of the SII and its limits; a negative one turns the comparison round: the limits swap and the RII
        is that of the most to the least deprived.
    confidence
        Levels, each 0.9 to below 1.
    draws, zone_draws
        How many: simulated from standard errors, and bootstrapped between zones.
    seed
        Of the draws: the same input gives the same limits.
    """

    kind: str = "other"
    transform: bool = False
    multiplier: float = 1.0
    confidence: tuple[float, ...] = (0.95,)
    draws: int = 100_000
    zone_draws: int = 2_000
    seed: int = 2004

    def __post_init__(self) -> None:
        """Refuse settings that have no meaning."""
        if self.kind not in SCALES:
            raise UsageError(f"kind {self.kind!r} is unknown: give one of {', '.join(SCALES)}.")
        if self.transform and self.kind == "other":
            raise UsageError("only a rate or a proportion has a scale to fit the line on: name its kind.")
        if not np.isfinite(self.multiplier) or self.multiplier == 0:
            raise UsageError(f"a multiplier of {self.multiplier} leaves nothing: give a number other than 0.")
        if not self.confidence or not all(0.9 <= level < 1 for level in self.confidence):
            raise UsageError(f"confidence is {list(self.confidence)}: give levels from 0.9 to below 1.")
        if min(self.draws, self.zone_draws) < 1000:
            raise UsageError("limits of fewer than 1,000 draws say little: ask for 1,000 or more.")


class SlopeLine:
    """The line fitted by least squares, weighted by people, to values on the last axis of an array.

    Parameters
    ----------
    share
        Share of people of each group, summing to 1.
    position
        Middle of each group's range, 0 = most deprived end, as `social_position` gives it.
    settings
        Kind, transform and multiplier.
    """

    def __init__(self, share: Floats, position: Floats, settings: SlopeSettings) -> None:
        self.share = share
        # The mean position of all people is 1/2 exactly, which makes this the least-squares slope.
        self.lever = share * (position - 0.5) / (share * (position - 0.5) ** 2).sum()
        self.multiplier = settings.multiplier
        self.to, self.back = SCALES[settings.kind if settings.transform else "other"]
        self.transformed = settings.transform

    def ends(self, value: Floats, *, published: Floats | None = None) -> tuple[Floats, Floats]:
        """Return the fitted values at the most and at the least deprived end.

        On a transformed scale, drawn lines turn about the mean of the `published` values.
        """
        height = self.to(value)
        centre = self.to(published) if published is not None and self.transformed else height
        middle = (centre * self.share).sum(-1)
        # The lever sums to 0: taking the first height off changes nothing, and makes equal values exactly level.
        half = ((height - height[..., :1]) * self.lever).sum(-1) / 2
        return self.back(middle - half), self.back(middle + half)

    def indices(self, ends: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        """Return SII and RII of ends; an RII is NaN where an end isn't above 0."""
        most, least = ends
        top, bottom = (least, most) if self.multiplier > 0 else (most, least)
        ratio = np.full(np.shape(most), np.nan)
        np.divide(top, bottom, out=ratio, where=(most > 0) & (least > 0))
        return (least - most) * self.multiplier, ratio


def limits_of(draws: Floats, confidence: tuple[float, ...]) -> tuple[Interval, ...]:
    """Return, for each confidence level, the limits between which that share of the draws lies."""
    tails = [((1 - level) / 2, (1 + level) / 2) for level in confidence]
    found = np.quantile(draws, tails)
    return tuple(Interval(level, float(a), float(b)) for level, (a, b) in zip(confidence, found, strict=True))
