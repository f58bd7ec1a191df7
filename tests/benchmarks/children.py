"""Programs run on their own, so that their memory and their start count."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

# A child's peak counts that of whoever started it, until it begins: so a small program starts it, and not pytest.
_STARTER = """
import json, os, subprocess, sys, time
start = time.perf_counter()
child = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - start
child.returncode = os.waitstatus_to_exitcode(status)
peak_mb = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
with open(sys.argv[1], "w") as report:
    json.dump({"seconds": seconds, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mb": peak_mb}, report)
sys.exit(child.returncode)
"""


@dataclass(frozen=True)
class Run:
    """What one run took: seconds by the clock and of processor time, the greatest resident memory; and what it said."""

    seconds: float
    cpu_s: float
    peak_mb: float
    said: str


def run_child(*command: str) -> Run:
    """Run a program to its end."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        starter = [sys.executable, "-S", "-c", _STARTER, str(report), *command]
        said = subprocess.run(starter, check=True, stdout=subprocess.PIPE, text=True).stdout
        return Run(**json.loads(report.read_text(encoding="utf-8")), said=said)


def run_python(code: str, *arguments: str) -> Run:
    """Run some Python in a fresh interpreter."""
    return run_child(sys.executable, "-c", code, *arguments)
