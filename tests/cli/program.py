"""Runs the program as a user does: here in this process through `main()`, or apart in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from assetmap.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a run has said and how it ended."""

    code: int
    out: str
    err: str

    def refused(self, code: int, *words: str) -> str:
        """Check that the run ended with a code and one line of its own that holds the words; return the line."""
        assert self.code == code, (self.code, self.err)
        assert self.out == ""
        line, *more = self.err.splitlines()
        assert more == [], self.err
        assert line.startswith("assetmap: ")
        assert line.endswith((".", "?", "--help")), line
        for word in words:
            assert word in line, (word, line)
        return line

    def worked(self) -> Ran:
        """Check that the run ended well."""
        assert self.code == 0, self.err
        return self


def run_here(*args: object, answers: str = "") -> Ran:
    """Run in this process, where warnings are errors and the network is blocked."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code: Any = "did not end"
    with (
        patch.object(sys, "argv", ["assetmap", *map(str, args)]),
        patch.object(sys, "stdin", io.StringIO(answers)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    said = [stream.buffer.getvalue().decode("utf-8") for stream in (out, err)]
    return Ran(code, *said)


def run_apart(*args: object, cwd: Path | None = None, **environment: str) -> Ran:
    """Run as a process of its own."""
    found = subprocess.run(
        [sys.executable, "-m", "assetmap.cli.main", *map(str, args)],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **environment},
        check=False,
        timeout=120,
    )
    encoding = environment.get("PYTHONIOENCODING", "utf-8").replace("ascii", "utf-8")  # click takes ASCII for a mistake
    return Ran(found.returncode, found.stdout.decode(encoding), found.stderr.decode(encoding))


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and its bytes; the lock, which says nothing, is left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".assetmap.lock"
    }
