"""Many photographs, read and scored one after the other: ours in a process of its own, the baselines beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from tests.benchmarks.kiosk.baselines import colour_threshold, homography_alone
from tests.benchmarks.kiosk.found import Found
from tests.benchmarks.kiosk.reader import read
from tests.benchmarks.kiosk.report import TILE
from tests.benchmarks.kiosk.scenes import Scene, scene
from tests.benchmarks.kiosk.score import PhotoScore, scored
from tests.benchmarks.kiosk.sheets import read_sheet

OURS, HOMOGRAPHY, THRESHOLD = "assetmap", "homography alone", "colour threshold"
PATIENCE_S = 300


class Campaign:
    """Scores by reader, in the order of the seeds; `pictures` are small copies of the photographs by seed."""

    def __init__(self, baselines: bool = True) -> None:
        self.readers: dict[str, list[PhotoScore]] = {OURS: []}
        self.others: dict[str, Callable[[np.ndarray, Scene], Found]] = {}
        if baselines:
            self.others = {HOMOGRAPHY: homography_alone, THRESHOLD: colour_threshold}
            self.readers |= {name: [] for name in self.others}
        self.pictures: dict[int, np.ndarray] = {}

    def run(self, seeds: Sequence[int], sheets: Sequence[Path], work: Path) -> Iterator[PhotoScore]:
        """Photograph, read and score each seed on one of the sheets (their descriptions); yields ours as they come."""
        work.mkdir(parents=True, exist_ok=True)
        known = [read_sheet(path) for path in sheets]
        with _Reader(sheets[0].parent) as ours:
            for seed in seeds:
                yield self._one(scene(seed, known[seed % len(known)]), ours, work)

    def _one(self, taken: Scene, ours: _Reader, work: Path) -> PhotoScore:
        path = work / f"{taken.sheet.spec['size']}-{taken.seed}.jpg"
        path.write_bytes(taken.jpeg())
        score = scored(taken, ours.read(path))
        self.readers[OURS].append(score)
        photo = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        for name, other in self.others.items():
            self.readers[name].append(scored(taken, other(photo, taken)))
        smaller = max(TILE) / max(photo.shape)
        self.pictures[taken.seed] = cv2.resize(photo, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA)
        path.unlink()
        return score


class _Reader:
    """The program in a process of its own, so that its memory is its own; a crash is a refusal and said so."""

    def __init__(self, sheets: Path) -> None:
        self.read_one: Callable[[Path], Found] = partial(read, sheets=sheets)
        self.pool = self._started()

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=get_context("spawn"))

    def read(self, photo: Path) -> Found:
        try:
            return self.pool.submit(self.read_one, photo).result(PATIENCE_S)
        except BrokenProcessPool:
            self.pool = self._started()
            return Found(refused="crashed: the process ended")
        except Exception as error:
            return Found(refused=f"crashed: {type(error).__name__}: {error}")

    def __enter__(self) -> _Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown(cancel_futures=True)
