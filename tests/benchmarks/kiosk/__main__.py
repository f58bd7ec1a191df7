"""Run the benchmark: ``python -m tests.benchmarks.kiosk --seeds test --size A3 --photos 40 --out DIR``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from tests.benchmarks.kiosk.campaign import Campaign
from tests.benchmarks.kiosk.printing import SHEETS, printed_sheets
from tests.benchmarks.kiosk.report import write_report
from tests.benchmarks.kiosk.scenes import TEST_SEEDS, TUNING_SEEDS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.kiosk", description=__doc__)
    parser.add_argument("--seeds", choices=["tuning", "test"], default="tuning")
    parser.add_argument("--size", choices=sorted(SHEETS), default="A3")
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--first", type=int, default=0, help="how many seeds to leave out at the start")
    parser.add_argument("--sheets", type=Path, help="a folder of printed sheets; by default the demo's are printed")
    parser.add_argument("--no-baselines", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    seeds = {"tuning": TUNING_SEEDS, "test": TEST_SEEDS}[given.seeds][given.first : given.first + given.photos]
    sheets = _of_size(given.sheets, given.size) if given.sheets else printed_sheets(given.out / "studies", given.size)
    campaign = Campaign(baselines=not given.no_baselines)
    started = time.perf_counter()
    title = f"Kiosk benchmark: {given.size} at 1:2,500, {given.seeds} seeds {seeds[0]} to {seeds[-1]}"
    for score in campaign.run(seeds, sheets, given.out):
        said = score.refused or (
            f"recall {score.share('recall'):.2f} precision {score.share('precision'):.2f} "
            f"writing {score.share('writing tied'):.2f} ink {score.share('ink found'):.3f} "
            f"print {score.share('print taken'):.4f} register {score.register_m:.2f} m {score.seconds:.1f} s"
        )
        print(f"{score.seed}{'' if score.person_could else ' (not readable)'}: {said}", flush=True)  # noqa: T201
        report = write_report(given.out, title, campaign.readers, campaign.pictures)
    print(f"{report} after {time.perf_counter() - started:.0f} s", file=sys.stderr)  # noqa: T201


def _of_size(folder: Path, size: str) -> list[Path]:
    return [path for path in sorted(folder.glob("*.json")) if json.loads(path.read_text())["size"] == size]


if __name__ == "__main__":
    main()
