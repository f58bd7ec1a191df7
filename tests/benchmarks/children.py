"""Programs run on their own, so that their memory and their start count."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """What one run took."""

    seconds: float
    peak_mb: float
    said: str


def run_child(*command: str) -> Run:
    """Run a program to its end; its peak is the greatest resident memory, as the system counts it."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command, said)
    return Run(seconds, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3), said)


def run_python(code: str, *arguments: str) -> Run:
    """Run some Python in a fresh interpreter, the repository's root on its path."""
    return run_child(sys.executable, "-c", code, *arguments)
