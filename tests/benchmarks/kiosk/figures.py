"""The goal's table from many photographs' scores, with intervals by drawing photographs again (bootstrap)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from tests.benchmarks.kiosk.score import PhotoScore

RESAMPLES = 400


@dataclass(frozen=True)
class Figure:
    """One line of the table: its value, a 95 % interval, how many it is from, and the goal."""

    name: str
    value: float
    low: float
    high: float
    of: int
    unit: str
    goal: str


SHARES = (
    ("recall of marks", "recall", ">= 95 %"),
    ("precision of marks", "precision", ">= 95 %"),
    ("kind right", "kind", ">= 95 %"),
    ("colour right", "colour", ">= 97 %"),
    ("writing crops that hold the whole word", "writing held", ""),
    ("… and are tied to the right mark", "writing tied", ">= 90 %"),
    ("crops that hold writing", "writing true", ""),
    ("true pen pixels found in a mark, crop or reject", "ink found", ">= 98 %"),
    ("true pen pixels in rejects", "ink rejected", "<= 3 %"),
    ("print pixels taken for ink", "print taken", "<= 0.5 %"),
    ("print pixels rejected as such", "print rejected", ""),
    ("detected ink in marks, crops and rejects", "ink conserved", "100 %"),
)

TAKEN = (
    ("time, median", "seconds", 50, "s", "<= 10 s"),
    ("time, longest", "seconds", 100, "s", "<= 10 s"),
    ("processor time, median", "cpu_s", 50, "s", ""),
    ("processor time, longest", "cpu_s", 100, "s", ""),
    ("memory, most", "peak_mb", 100, "MB", "<= 1,500 MB"),
)


def figures(scores: Sequence[PhotoScore]) -> list[Figure]:
    """The table. Photographs that a person could not read count in no line but their own."""
    fair = [score for score in scores if score.person_could]
    read = [score for score in fair if score.refused is None]
    table = [
        _figure("registered, of those that a person could", fair, _registered, len(fair), "%", ">= 98 %"),
        _figure("wrong: error above 10 m reported as good", scores, _wrong, len(scores), "%", "0 %"),
        _figure("registration error, median of photographs", read, _median_registration, len(read), "m", ""),
        _figure(
            "position error of marks, median", read, _percentile("errors_m", 50), _sum(read, "errors_m"), "m", "<= 1 m"
        ),
        _figure(
            "position error of marks, 95th percentile",
            read,
            _percentile("errors_m", 95),
            _sum(read, "errors_m"),
            "m",
            "<= 4 m",
        ),
        _figure("mean IoU of areas", read, _mean("ious"), _sum(read, "ious"), "", ">= 0.88"),
    ]
    for name, key, goal in SHARES:
        total = int(sum(score.counts.get(key, (0, 0))[1] for score in fair))
        table.append(_figure(name, fair, _share(key), total, "%", goal))
    twelve = [score for score in read if 11 < score.megapixels < 13]
    for name, key, share, unit, goal in TAKEN:
        value = _percentile_of(key, share)
        table.append(_figure(f"12 megapixels: {name}", twelve, value, len(twelve), unit, goal))
    return table


def by(scores: Sequence[PhotoScore], key: str) -> list[dict]:
    """Recall and colour by a column of the rows, such as ``shape`` or ``pen``; what is refused counts as missed."""
    rows = [row for score in scores if score.person_could for row in score.rows]
    table = []
    for value in sorted({row[key] for row in rows}):
        here = [row for row in rows if row[key] == value]
        colours = [row["colour"] for row in here if "colour" in row]
        table.append(
            {
                key: value,
                "asked": len(here),
                "found %": 100 * float(np.mean([row["found"] for row in here])),
                "colour right %": 100 * float(np.mean(colours)) if colours else float("nan"),
            }
        )
    return table


def false_kinds(scores: Sequence[PhotoScore]) -> dict[str, int]:
    """How many marks of each kind and pen were found where there are none."""
    names = [name for score in scores if score.person_could for name in score.false]
    return {name: names.count(name) for name in sorted(set(names), key=lambda name: -names.count(name))}


def as_data(scores: Sequence[PhotoScore]) -> list[dict]:
    return [asdict(score) for score in scores]


def _figure(name: str, scores: Sequence[PhotoScore], value: Callable, of: int, unit: str, goal: str) -> Figure:
    rng = np.random.default_rng(len(scores))
    again = (
        [value([scores[place] for place in rng.integers(len(scores), size=len(scores))]) for _ in range(RESAMPLES)]
        if scores
        else []
    )
    again = [one for one in again if np.isfinite(one)]
    low, high = np.percentile(again, [2.5, 97.5]) if again else (np.nan, np.nan)
    return Figure(name, value(scores), float(low), float(high), of, unit, goal)


def _registered(scores: Sequence[PhotoScore]) -> float:
    good = [score.refused is None and not score.wrong for score in scores]
    return 100 * float(np.mean(good)) if good else np.nan


def _wrong(scores: Sequence[PhotoScore]) -> float:
    return 100 * float(np.mean([score.wrong for score in scores])) if scores else np.nan


def _median_registration(scores: Sequence[PhotoScore]) -> float:
    return float(np.median([score.register_m for score in scores])) if scores else np.nan


def _percentile(key: str, share: float) -> Callable:
    def value(scores: Sequence[PhotoScore]) -> float:
        pooled = [one for score in scores for one in getattr(score, key)]
        return float(np.percentile(pooled, share)) if pooled else np.nan

    return value


def _percentile_of(key: str, share: float) -> Callable:
    def value(scores: Sequence[PhotoScore]) -> float:
        return float(np.percentile([getattr(score, key) for score in scores], share)) if scores else np.nan

    return value


def _mean(key: str) -> Callable:
    def value(scores: Sequence[PhotoScore]) -> float:
        pooled = [one for score in scores for one in getattr(score, key)]
        return float(np.mean(pooled)) if pooled else np.nan

    return value


def _share(key: str) -> Callable:
    def value(scores: Sequence[PhotoScore]) -> float:
        good, total = np.sum([score.counts.get(key, (0, 0)) for score in scores], axis=0) if scores else (0, 0)
        return 100 * float(good / total) if total else np.nan

    return value


def _sum(scores: Sequence[PhotoScore], key: str) -> int:
    return sum(len(getattr(score, key)) for score in scores)
