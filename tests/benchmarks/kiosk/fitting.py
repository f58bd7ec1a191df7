"""Fit what a mark's confidence is made of: ``python -m tests.benchmarks.kiosk.fitting --first 200 --photos 21``.

Each tuning photograph is read with no mark left out as unlikely, and each mark is right or wrong by the rules of
`match`. A logistic regression with a ridge penalty is fitted; the penalty is chosen by leaving photographs out in turn
(K-fold), so that no photograph judges its own marks. What is written is ``likelihood.toml`` of the program.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from shapely import unary_union

from tests.benchmarks.kiosk.found import FoundMark
from tests.benchmarks.kiosk.match import agreement, paired
from tests.benchmarks.kiosk.printing import SHEETS, printed_sheets
from tests.benchmarks.kiosk.reader import marks_of
from tests.benchmarks.kiosk.scenes import TUNING_SEEDS, Scene, scene
from tests.benchmarks.kiosk.score import MARKS, mostly_within
from tests.benchmarks.kiosk.sheets import read_sheet
from tests.benchmarks.kiosk.truth import TrueMark, true_marks

MODEL = Path(__file__).parents[3] / "src" / "assetmap" / "kiosk" / "likelihood.toml"
FOLDS = 10
RIDGES = (0.3, 1.0, 3.0, 10.0, 30.0)
LEAST = np.round(np.arange(0.0, 0.81, 0.05), 2)


@dataclass(frozen=True)
class Judged:
    """Marks with their measures (n x k), whether each is right (n), and which photograph each is from (n)."""

    measures: np.ndarray
    right: np.ndarray
    photo: np.ndarray


def fitted(measures: np.ndarray, right: np.ndarray, ridge: float) -> np.ndarray:
    """Weights and, last, the constant: the measures are scaled for the penalty, the constant isn't penalised."""
    spread = np.maximum(measures.std(axis=0), 0.05)
    scaled = np.column_stack([measures / spread, np.ones(len(measures))])
    sign = np.where(right, 1.0, -1.0)

    def cost(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (scaled @ weights)
        pull = np.append(weights[:-1], 0)
        slope = -scaled.T @ (sign / (1 + np.exp(margin)))
        return float(np.logaddexp(0, -margin).sum() + ridge / 2 * pull @ pull), slope + ridge * pull

    best = minimize(cost, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B").x
    return np.append(best[:-1] / spread, best[-1])


def probabilities(weights: np.ndarray, measures: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(measures @ weights[:-1] + weights[-1])))


def left_out(marks: Judged, ridge: float) -> np.ndarray:
    """The probability of each mark by a regression that hasn't seen its photograph."""
    photos = np.unique(marks.photo)
    fold = dict(zip(photos.tolist(), np.random.default_rng(1).permutation(len(photos)) % FOLDS, strict=True))
    folds = np.array([fold[photo] for photo in marks.photo.tolist()])
    found = np.empty(len(marks.right))
    for one in range(FOLDS):
        here = folds == one
        found[here] = probabilities(fitted(marks.measures[~here], marks.right[~here], ridge), marks.measures[here])
    return found


def log_loss(found: np.ndarray, right: np.ndarray) -> float:
    found = np.clip(found, 1e-6, 1 - 1e-6)
    return float(-np.where(right, np.log(found), np.log(1 - found)).mean())


def chosen(marks: Judged) -> tuple[float, np.ndarray]:
    """The ridge with the least loss on photographs left out, and the probabilities that it gave."""
    tried = {ridge: left_out(marks, ridge) for ridge in RIDGES}
    best = min(RIDGES, key=lambda ridge: log_loss(tried[ridge], marks.right))
    return best, tried[best]


def least_of(found: np.ndarray, right: np.ndarray) -> float:
    """The threshold below which more wrong marks than right ones are left out, with the most difference."""
    gains = [(~right & (found < least)).sum() - (right & (found < least)).sum() for least in LEAST]
    return float(LEAST[int(np.argmax(gains))])


def toml_of(names: tuple[str, ...], weights: np.ndarray, least: float, source: str) -> str:
    rows = [f'"{name}" = {weight:.4f}' for name, weight in zip(names, weights[:-1], strict=True)]
    return "\n".join([*(f"# {line}" for line in source.splitlines()), "", f"constant = {weights[-1]:.4f}",
                      f"least = {least:.2f}", "", "[weights]", *rows, ""])  # fmt: skip


def judged(truths: tuple[TrueMark, ...], found: tuple[FoundMark, ...]) -> dict[int, bool]:
    """Whether each mark that was read is right, by its place; what a reader isn't asked for is left out."""
    drawn = [truth for truth in truths if truth.kind != "writing"]
    places = [place for place, mark in enumerate(found) if mark.kind in MARKS]
    pairs = paired(np.array([[agreement(truth, found[place]) for place in places] for truth in drawn]))
    matched = {places[read] for _, read in pairs}
    unasked = unary_union([one.inked.union(one.geometry).buffer(3.0) for one in truths if not one.asked])
    return {
        place: place in matched
        for place in places
        if place in matched or not mostly_within(found[place].geometry, unasked)
    }


def read_and_judged(taken: Scene, folder: Path, work: Path) -> tuple[list[tuple[float, ...]], list[bool]]:
    """The measures of a photograph's marks and whether they are right."""
    from assetmap.kiosk.mark_tables import mark_tables
    from assetmap.kiosk.reading import Refusal, Source, read_photographs, sheets_of

    path = work / f"{taken.sheet.spec['size']}-{taken.seed}.jpg"
    path.write_bytes(taken.jpeg())
    (reading,) = list(read_photographs([path], Source(sheets=sheets_of(folder), folder=folder), least=0))
    path.unlink()
    if isinstance(reading, Refusal):
        return [], []
    table = mark_tables(reading, reading_id="r", sheet_id=reading.printed.name, session=None).marks
    right = judged(true_marks(taken), marks_of(reading, table))
    evidence = {mark.number: mark.evidence for mark in reading.marks.marks}
    return [evidence[int(table["mark"].iloc[place])] for place in right], list(right.values())


def main() -> None:
    from assetmap.kiosk.evidence import MEASURES

    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.kiosk.fitting", description=__doc__)
    parser.add_argument("--first", type=int, default=200)
    parser.add_argument("--photos", type=int, default=21)
    parser.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    seeds = TUNING_SEEDS[given.first : given.first + given.photos]
    measures, right, photo = [], [], []
    for size in sorted(SHEETS):
        sheets = printed_sheets(given.work / "studies", size)
        for seed in seeds:
            taken = scene(seed, read_sheet(sheets[seed % len(sheets)]))
            rows, good = read_and_judged(taken, sheets[0].parent, given.work) if taken.person_could else ([], [])
            measures += rows
            right += good
            photo += [f"{size}-{seed}"] * len(good)
    marks = Judged(np.array(measures), np.array(right), np.array(photo))
    write_model(marks, MEASURES, f"tuning seeds {seeds[0]} to {seeds[-1]} of {' and '.join(sorted(SHEETS))}")


def write_model(marks: Judged, names: tuple[str, ...], what: str) -> None:
    """Fit the regression on all marks and write it with its source."""
    ridge, found = chosen(marks)
    least = least_of(found, marks.right)
    wrong, photos = int((~marks.right).sum()), len(np.unique(marks.photo))
    alone = log_loss(np.full(len(found), marks.right.mean()), marks.right)
    source = (
        "Weights of a logistic regression for the confidence of a mark, from tests/benchmarks/kiosk/fitting.py.\n"
        f"Fitted on {what}: {len(marks.right)} marks on {photos} photographs, {wrong} wrong.\n"
        f"Ridge {ridge:g}; on photographs left out ({FOLDS} folds) the log loss is {log_loss(found, marks.right):.3f}, "
        f"without measures {alone:.3f}."
    )
    MODEL.write_text(toml_of(names, fitted(marks.measures, marks.right, ridge), least, source), encoding="utf-8")


if __name__ == "__main__":
    main()
