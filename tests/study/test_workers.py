"""A study measured by the workers of a Dask cluster: the same answers, and nothing lost with a worker."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from pathlib import Path

import pandas as pd
import psutil
import pytest
from click.testing import CliRunner
from distributed import Client, LocalCluster

from assetmap.cli.main import cli
from assetmap.errors import RemoteError, UsageError
from assetmap.measures.regions import measure_part
from assetmap.study.create import create_demo
from assetmap.study.figures import workers
from assetmap.study.figures.workers import measured_by
from assetmap.study.flow import build_study
from tests.cli.program import run_apart
from tests.measures.test_regions import world

pytestmark = pytest.mark.filterwarnings("ignore")  # distributed's own, of sockets that it leaves to be collected


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as found:
        yield found


def test_without_an_address_this_program_measures():
    with measured_by(None) as measure:
        assert measure is measure_part


def test_workers_give_the_answers_of_a_single_run(cluster):
    whole = world(7)
    with measured_by(cluster.scheduler_address) as measure:
        found = measure(whole)
    pd.testing.assert_frame_equal(found, measure_part(whole), rtol=0, atol=1e-6)


def die_once(marker):
    """Kill the worker that this runs in, the first time."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def test_a_killed_worker_loses_nothing(cluster, tmp_path):
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        found = workers._submit_each(client, die_once, [tmp_path / "one", tmp_path / "two"])
    assert found == ["alive", "alive"]
    assert (tmp_path / "one").exists()


def test_a_demo_is_the_same_from_workers(cluster, tmp_path):
    tables = {}
    for name, options in {"alone": [], "workers": ["--dask", cluster.scheduler_address]}.items():
        create_demo(tmp_path / name)
        done = CliRunner().invoke(cli, ["build", str(tmp_path / name), "--quiet", *options], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        tables[name] = pd.read_parquet(tmp_path / name / "out" / "access.parquet")
    pd.testing.assert_frame_equal(tables["workers"], tables["alone"], rtol=0, atol=1e-6)


def kill_when_busy(scheduler, pid):
    """Kill a worker as soon as it has a region to measure."""
    while not any(worker.processing for worker in scheduler.workers.values()):
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)


@pytest.mark.fault
def test_a_build_whose_only_worker_is_killed_loses_nothing(tmp_path):
    for name in ("alone", "killed"):
        create_demo(tmp_path / name)
    build_study(tmp_path / "alone", today="2026-11-25")
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50) as alone:
        with Client(alone.scheduler_address, set_as_default=False) as client:
            (pid,) = client.run(os.getpid).values()
        killer = threading.Thread(target=kill_when_busy, args=(alone.scheduler, pid), daemon=True)
        killer.start()
        with measured_by(alone.scheduler_address) as measure:
            build_study(tmp_path / "killed", today="2026-11-25", measure=measure)
        assert not killer.is_alive()
        assert not psutil.pid_exists(pid)
    tables = [pd.read_parquet(tmp_path / name / "out" / "access.parquet") for name in ("alone", "killed")]
    pd.testing.assert_frame_equal(*tables, rtol=0, atol=1e-6)


def test_an_address_that_does_not_answer_is_one_line_within_seconds(tmp_path):
    create_demo(tmp_path / "demo")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        start = time.monotonic()
        with pytest.raises(RemoteError, match="no Dask cluster with workers answers") as refused, measured_by(address):
            pass
    assert time.monotonic() - start < 15
    assert refused.value.exit_code == 4
    assert address in str(refused.value)
    assert not Path(tmp_path / "demo" / "out").exists()


def test_what_is_no_address_is_refused():
    with pytest.raises(UsageError, match="is no address"), measured_by("nonsense://here:1"):
        pass


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1", ""])
def test_what_is_no_address_leaves_no_client_that_complains_at_the_end(address, tmp_path):
    run_apart("build", tmp_path, "--dask", address).refused(2, "is no address", "missing port number")


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setattr(workers, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'assetmap\[dask\]'"), measured_by("local"):
        pass
