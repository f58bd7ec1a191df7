"""The notebooks run from beginning to end, without a network, and are kept without outputs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import assetmap

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# Run in a process of its own, with Python's sockets shut inside the kernel: Jupyter's own are not Python's.
RUN = """
import sys
import tempfile
import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
notebook.cells.insert(0, nbformat.v4.new_code_cell('''
import socket

def refuse(*_args, **_kwargs):
    raise OSError("this notebook should run without a network")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
'''))
with tempfile.TemporaryDirectory(prefix="nb") as short:  # the path of such a socket has 100 letters at most
    kernel = AsyncKernelManager(transport="ipc", ip=short + "/kernel")
    NotebookClient(notebook, km=kernel, timeout=300, resources={"metadata": {"path": sys.argv[2]}}).execute()
nbformat.write(notebook, sys.argv[2] + "/run.ipynb")
"""


def read_notebook(path: Path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def test_there_are_notebooks():
    names = ["01_assets", "02_access", "03_kiosk", "04_deprivation_and_equity", "05_share", "06_voices"]
    assert [path.stem for path in NOTEBOOKS] == names


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_offline(path: Path, tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(path), str(tmp_path)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr[-3000:]
    cells = [cell for cell in read_notebook(tmp_path / "run.ipynb").cells if cell.cell_type == "code"]
    page = "".join(output["data"].get("text/html", "") for output in cells[-1].outputs if "data" in output)
    assert "Tidewell Basin (fictional)" in page, "the last thing shown is the map"
    told = [output for cell in cells for output in cell.outputs if output.output_type == "stream"]
    assert not [output.text for output in told if output.name == "stderr"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path):
    for cell in read_notebook(path).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_tells_what_it_does(path: Path):
    cells = read_notebook(path).cells
    words = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert cells[0].cell_type == "markdown"
    assert words[0].startswith("# ")
    assert "fictional" in words[0]
    assert len(words) >= len(cells) / 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_calls_public_names(path: Path):
    code = "\n".join(cell.source for cell in read_notebook(path).cells if cell.cell_type == "code")
    parts = {"maps", "measures", "network", "plots", "grids", "study", "sources", "disclosure", "kiosk"}
    called = set(re.findall(r"\bassetmap\.(\w+)", code)) - parts
    assert called <= set(assetmap.__all__)
