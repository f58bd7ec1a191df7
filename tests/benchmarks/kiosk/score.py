"""The figures of one photograph: counts that can be added up over many, as the goal's table names them."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from shapely import unary_union

from tests.benchmarks.kiosk.found import IN_MARK, IN_REJECT, IN_WRITING, Found
from tests.benchmarks.kiosk.light import BURNT
from tests.benchmarks.kiosk.match import agreement, holds, iou, paired, same_place
from tests.benchmarks.kiosk.scenes import STRIP_ROWS, Scene, fine
from tests.benchmarks.kiosk.truth import TrueMark, true_marks

WRONG_M = 10.0
CLEAR_OF_INK_MM = 0.5
MARKS = ("point", "line", "area")
LATTICE = 40


@dataclass
class PhotoScore:
    """What one reading of one photograph is worth.

    `counts` holds (good, all) by figure; `rows` one entry a true mark, for the tables by shape and by pen.
    """

    seed: int
    size: str
    megapixels: float
    person_could: bool
    refused: str | None
    seconds: float
    cpu_s: float
    peak_mb: float
    register_m: float = float("nan")
    wrong: bool = False
    counts: dict[str, tuple[float, float]] = field(default_factory=dict)
    errors_m: list[float] = field(default_factory=list)
    ious: list[float] = field(default_factory=list)
    rows: list[dict] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    notes: dict[str, float] = field(default_factory=dict)

    def share(self, figure: str) -> float:
        good, total = self.counts.get(figure, (0, 0))
        return good / total if total else float("nan")

    @property
    def f1(self) -> float:
        recall, precision = self.share("recall"), self.share("precision")
        return 2 * recall * precision / (recall + precision) if recall + precision > 0 else 0.0


def scored(scene: Scene, found: Found) -> PhotoScore:
    """Compare a reading with the truth."""
    truths = true_marks(scene)
    score = PhotoScore(
        scene.seed,
        scene.sheet.spec["size"],
        scene.camera.size_px[0] * scene.camera.size_px[1] / 1e6,
        scene.person_could,
        found.refused,
        found.seconds,
        found.cpu_s,
        found.peak_mb,
        notes=dict(found.notes),
    )
    _score_marks(score, truths, found)
    _score_writing(score, truths, found)
    if found.metres_grid is not None:
        score.register_m = _register_error(scene, found)
        score.wrong = score.register_m > WRONG_M
    _score_ink(score, scene, found)
    return score


def _register_error(scene: Scene, found: Found) -> float:
    """The 95th percentile of how far (m) the reading moves the visible points of the map."""
    left, top, right, bottom = scene.sheet.frame_mm
    x, y = np.meshgrid(np.linspace(left, right, LATTICE), np.linspace(top, bottom, LATTICE))
    paper = np.stack([x.ravel(), y.ravel()], axis=1)
    paper = paper[scene.visible(paper)]
    away = found.metres_of(scene.camera.photo_px(paper)[None])[0] - scene.sheet.metres_of(paper)
    distance = np.hypot(*away.T)
    return float(np.percentile(np.where(np.isfinite(distance), distance, np.inf), 95))


def _score_marks(score: PhotoScore, truths: tuple[TrueMark, ...], found: Found) -> None:
    drawn = [truth for truth in truths if truth.kind != "writing"]
    read = [mark for mark in found.marks if mark.kind in MARKS]
    matched = dict(paired(np.array([[agreement(truth, mark) for mark in read] for truth in drawn])))
    for place, truth in enumerate(drawn):
        if truth.asked:
            mark = read[matched[place]] if place in matched else None
            score.rows.append(
                {"shape": truth.shape, "kind": truth.kind, "pen": truth.pen, "found": mark is not None}
                | ({"colour": mark.pen == truth.pen} if mark else {})
            )
    hits = sum(truth.asked for place, truth in enumerate(drawn) if place in matched)
    excused = {matched[place] for place, truth in enumerate(drawn) if place in matched and not truth.asked}
    unasked = unary_union([one.inked.union(one.geometry).buffer(3.0) for one in truths if not one.asked])
    false = [
        mark
        for place, mark in enumerate(read)
        if place not in matched.values() and not mostly_within(mark.geometry, unasked)
    ]
    score.false = [f"{mark.kind} ({mark.pen})" for mark in false]
    score.counts["recall"] = (hits, sum(truth.asked for truth in drawn))
    score.counts["precision"] = (hits, hits + len(false))
    score.notes["excused"] = len(excused)
    _score_places(score, truths, found)


def mostly_within(geometry, ground) -> bool:
    wide = geometry.buffer(0.5)
    return wide.intersection(ground).area > 0.5 * wide.area


def _score_places(score: PhotoScore, truths: tuple[TrueMark, ...], found: Found) -> None:
    """Kind, colour, position and overlap of all that lies in the same place, good enough or not."""
    places = paired(np.array([[same_place(truth, mark) for mark in found.marks] for truth in truths]))
    asked = [(truths[true], found.marks[read]) for true, read in places if truths[true].asked]
    right = [(truth, mark) for truth, mark in asked if truth.kind == mark.kind]
    score.counts["kind"] = (len(right), len(asked))
    score.counts["colour"] = (sum(truth.pen == mark.pen for truth, mark in asked), len(asked))
    for truth, mark in right:
        if truth.kind == "area":
            score.ious.append(iou(truth.geometry, mark.geometry))
        if truth.kind in ("point", "area"):
            score.errors_m.append(float(truth.geometry.centroid.distance(mark.geometry.centroid)))
        elif truth.kind == "line":
            steps = np.linspace(0, 1, 25)
            away = [mark.geometry.distance(truth.geometry.interpolate(step, normalized=True)) for step in steps]
            score.errors_m.append(float(np.mean(away)))
    score.notes["confused"] = len(asked) - len(right)


def _score_writing(score: PhotoScore, truths: tuple[TrueMark, ...], found: Found) -> None:
    by_number = {truth.number: truth for truth in truths}
    words = [one for one in truths if one.kind == "writing" and one.asked and by_number[one.linked_to].asked]
    crops = [(place, mark) for place, mark in enumerate(found.marks) if mark.kind == "writing"]
    held = dict(paired(np.array([[holds(truth, mark.geometry) for _, mark in crops] for truth in words])))
    places = paired(np.array([[same_place(truth, mark) for mark in found.marks] for truth in truths]))
    true_of = {read: truths[true].number for true, read in places}
    tied = sum(true_of.get(crops[crop][1].linked_to) == words[place].linked_to for place, crop in held.items())
    score.counts["writing held"] = (len(held), len(words))
    score.counts["writing tied"] = (tied, len(words))
    anything = unary_union([one.inked for one in truths if one.kind in ("writing", "leader") or not one.asked])
    score.counts["writing true"] = (sum(mark.geometry.intersects(anything) for _, mark in crops), len(crops))
    for place, word in enumerate(words):
        score.rows.append({"shape": word.shape, "kind": "writing", "pen": word.pen, "found": place in held})


def _score_ink(score: PhotoScore, scene: Scene, found: Found) -> None:
    """Count pixels of the photograph: true ink by where it went, and print that was taken for ink."""
    ink, printed, took = np.zeros(4, np.int64), 0, np.zeros(4, np.int64)
    pens = scene.true_pens()
    tall, wide = pens.shape
    clear = max(1, round(CLEAR_OF_INK_MM * float(scene.camera.px_per_mm(np.array([scene.sheet.paper_mm]) / 2)[0])))
    near = cv2.dilate(pens, np.ones((2 * clear + 1, 2 * clear + 1), np.uint8))
    sheen = scene.light.sheen(scene.camera)
    hidden = scene.hidden()
    left, top_mm, right, bottom_mm = scene.sheet.frame_mm
    for top in range(0, tall, STRIP_ROWS):
        rows = slice(top, min(tall, top + STRIP_ROWS))
        at = scene.camera.strip(rows.start, rows.stop)
        in_frame = (at[..., 0] > left) & (at[..., 0] < right) & (at[..., 1] > top_mm) & (at[..., 1] < bottom_mm)
        seen = in_frame & (hidden[rows] == 0) & (fine(sheen, rows.start, rows.stop, wide) < BURNT)
        raster_px = at * np.float32(scene.sheet.px_per_mm) - np.float32(0.5)
        print_here = cv2.remap(scene.sheet.printed, raster_px, None, cv2.INTER_NEAREST) > 0
        label = _labels(found, rows, wide)
        ink += np.bincount(label[(pens[rows] > 0) & seen], minlength=4)[:4]
        clean = print_here & seen & (near[rows] == 0)
        printed += int(clean.sum())
        took += np.bincount(label[clean], minlength=4)[:4]
    total = int(ink.sum())
    if found.ink is None and found.refused is None:
        return
    score.counts["ink found"] = (int(ink[1:].sum()), total)
    score.counts["ink in marks"] = (int(ink[IN_MARK]), total)
    score.counts["ink in writing"] = (int(ink[IN_WRITING]), total)
    score.counts["ink rejected"] = (int(ink[IN_REJECT]), total)
    if found.ink is not None:
        score.counts["print taken"] = (int(took[IN_MARK] + took[IN_WRITING]), printed)
        score.counts["print rejected"] = (int(took[IN_REJECT]), printed)
        score.counts["ink conserved"] = (found.accounted, found.detected)


def _labels(found: Found, rows: slice, wide: int) -> np.ndarray:
    """What the reading calls each pixel of some rows of the photograph."""
    tall = rows.stop - rows.start
    if found.ink is None or found.metres_grid is None:
        return np.zeros((tall, wide), np.uint8)
    columns, lines = np.meshgrid(np.arange(wide), np.arange(rows.start, rows.stop))
    return found.ink.at(found.metres_of(np.stack([columns, lines], axis=2)))
