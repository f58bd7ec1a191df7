"""Run it: ``python -m tests.benchmarks.england [--nodes 200000 ...]``, each size in a program of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.benchmarks.children import run_python
from tests.benchmarks.england.country import ENGLAND_NODES

DATA = Path(__file__).parents[4] / "shared" / "data"
_ONE = """
import json, sys
from pathlib import Path
from tests.benchmarks.england.measured import measure_country
run = measure_country(int(sys.argv[1]), Path(sys.argv[2]))
steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in run.cpu_s.items())
print(f"{run.nodes:,} nodes, {run.origins:,} origins, {run.assets:,} assets: "
      f"{run.program_cpu_s:.1f} s of processor time, {run.peak_mb:,.0f} MB at the most ({steps})")
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.england", description=__doc__)
    sizes = [ENGLAND_NODES // 100, ENGLAND_NODES // 10, ENGLAND_NODES]
    parser.add_argument("--nodes", type=int, nargs="+", default=sizes)
    parser.add_argument("--data", type=Path, default=DATA, help="the published data")
    given = parser.parse_args()
    for nodes in given.nodes:
        print(run_python(_ONE, str(nodes), str(given.data)).said, end="", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
