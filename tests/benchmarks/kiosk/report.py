"""The campaign's report: tables in Markdown, everything in JSON, the ten worst photographs on a sheet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from tests.benchmarks.kiosk.figures import Figure, as_data, by, false_kinds, figures
from tests.benchmarks.kiosk.score import PhotoScore

WORST = 10
TILE = (400, 300)


def worst(scores: Sequence[PhotoScore]) -> list[PhotoScore]:
    """The ten worst of those that a person could read: wrong ones, refused ones, then by recall and precision."""
    fair = [score for score in scores if score.person_could or score.wrong]
    return sorted(fair, key=lambda score: (not score.wrong, score.refused is None, score.f1))[:WORST]


def markdown(title: str, readers: dict[str, Sequence[PhotoScore]]) -> str:
    """All tables; the first reader is ours, the others stand beside it."""
    tables = {name: figures(scores) for name, scores in readers.items()}
    first = next(iter(tables))
    lines = [f"# {title}", "", *_figure_table(tables), "", *_photographs(readers[first])]
    for key, heading in (("shape", "By shape"), ("pen", "By pen")):
        lines += ["", f"## {heading}", "", *_rows_table(by(readers[first], key))]
    false = false_kinds(readers[first])
    lines += [
        "",
        "## Marks where there are none",
        "",
        ", ".join(f"{name}: {n}" for name, n in false.items()) or "None.",
    ]
    lines += ["", "## The ten worst", "", *_worst_table(worst(readers[first]))]
    return "\n".join(lines) + "\n"


def _figure_table(tables: dict[str, list[Figure]]) -> list[str]:
    names = list(tables)
    lines = ["| figure | goal | " + " | ".join(names) + " |", "|---|---|" + "---|" * len(names)]
    rows = zip(*tables.values(), strict=True)
    return lines + [f"| {row[0].name} | {row[0].goal} | " + " | ".join(map(_cell, row)) + " |" for row in rows]


def _cell(figure: Figure) -> str:
    if not np.isfinite(figure.value):
        return "–"
    places = 0 if figure.unit == "MB" else 2
    span = f" ({figure.low:.{places}f}–{figure.high:.{places}f})" if np.isfinite(figure.low) else ""
    return f"{figure.value:.{places}f}{span} {figure.unit}, n={figure.of}".replace(" ,", ",")


def _photographs(scores: Sequence[PhotoScore]) -> list[str]:
    hard = [score for score in scores if not score.person_could]
    lines = [
        (
            f"{len(scores)} photographs; {len(hard)} that a person could not read "
            f"(of these {sum(score.refused is not None for score in hard)} refused, "
            f"{sum(score.wrong for score in hard)} wrong)."
        )
    ]
    lines += [f"- seed {score.seed} refused: {score.refused}" for score in scores if score.refused is not None]
    return lines


def _rows_table(rows: list[dict]) -> list[str]:
    if not rows:
        return ["None."]
    head = list(rows[0])
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        cells = (f"{value:.1f}" if isinstance(value, float) else str(value) for value in row.values())
        lines.append("| " + " | ".join(cells).replace("nan", "–") + " |")
    return lines


def _worst_table(scores: Sequence[PhotoScore]) -> list[str]:
    lines = [
        "| seed | megapixels | recall | precision | registration, m | missed | refused |",
        "|---|---|---|---|---|---|---|",
    ]
    for score in scores:
        missed = [f"{row['pen']} {row['shape']}" for row in score.rows if not row["found"] and row["kind"] != "writing"]
        lines.append(
            f"| {score.seed} | {score.megapixels:.0f} | {score.share('recall'):.2f} | {score.share('precision'):.2f} | "
            f"{score.register_m:.2f} | {', '.join(missed[:6])} | {score.refused or ''} |"
        )
    return lines


def write_report(
    folder: Path, title: str, readers: dict[str, Sequence[PhotoScore]], pictures: dict[int, np.ndarray]
) -> Path:
    """Write ``report.md``, ``scores.json`` and ``worst.jpg`` (of `pictures`, RGB by seed) into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    data = {name: as_data(scores) for name, scores in readers.items()}
    (folder / "scores.json").write_text(json.dumps(data, indent=1, default=float), encoding="utf-8")
    ours = next(iter(readers.values()))
    tiles = [tile(pictures[score.seed], f"seed {score.seed}") for score in worst(ours) if score.seed in pictures]
    if tiles:
        blank = np.full_like(tiles[0], 255)
        tiles += [blank] * (-len(tiles) % 2)
        sheet = np.vstack([np.hstack(tiles[place : place + 2]) for place in range(0, len(tiles), 2)])
        cv2.imwrite(str(folder / "worst.jpg"), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 72])
    report = folder / "report.md"
    report.write_text(markdown(title, readers), encoding="utf-8")
    return report


def tile(picture: np.ndarray, label: str) -> np.ndarray:
    """A small labelled picture of `TILE`, upright or lying, on white."""
    scale = min(TILE[0] / picture.shape[1], TILE[1] / picture.shape[0])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.full((TILE[1], TILE[0], 3), 255, np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    cv2.putText(canvas, label, (10, 28), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255, 255, 255), 5, cv2.LINE_AA)
    cv2.putText(canvas, label, (10, 28), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (20, 20, 20), 2, cv2.LINE_AA)
    return canvas
