"""Who measures a study's access: this program alone, or the workers of a Dask cluster. Needs ``assetmap[dask]``."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from assetmap.errors import RemoteError, UsageError
from assetmap.measures.regions import Measure, measure_by_region, measure_part

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["LOCAL", "measured_by"]

LOCAL = "local"
"""In place of an address: workers on this machine, one a processor, for as long as the build lasts."""
_PATIENCE_S = 5
_REGIONS_A_WORKER = 2
"""More than one, so that a worker that has done with its own takes over another's."""


@contextmanager
def measured_by(address: str | None) -> Iterator[Measure]:
    """Give what measures access: `measure_part`, or with an address the workers of a Dask cluster, region by region.

    Parameters
    ----------
    address
        Of the cluster's scheduler, such as ``tcp://10.0.0.5:8786``; `LOCAL` for workers on this machine; None for
        no workers.

    Raises
    ------
    UsageError
        If Dask isn't installed, or the address can't be one.
    RemoteError
        If the scheduler or its workers don't answer within seconds, or workers die again and again.
    """
    if address is None:
        yield measure_part
        return
    if find_spec("distributed") is None:
        raise UsageError("--dask needs Dask: install it with pip install 'assetmap[dask]'.")
    from distributed import KilledWorker

    with ExitStack() as opened:
        client = _connect(address, opened)
        regions = _REGIONS_A_WORKER * len(client.scheduler_info(n_workers=-1)["workers"])
        try:
            yield partial(measure_by_region, regions=regions, each=partial(_submit_each, client))
        except KilledWorker as error:
            raise RemoteError(
                f"the workers at {address} were killed at the same region again and again ({error}): "
                "give them more memory, or build without --dask."
            ) from error


def _connect(address: str, opened: ExitStack) -> Client:
    from distributed import Client, LocalCluster
    from distributed.comm.addressing import get_address_host_port

    try:
        if address == LOCAL:
            found = LocalCluster(  # type: ignore[no-untyped-call] # distributed leaves it untyped
                n_workers=os.cpu_count(),
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.ERROR,
            )
            opened.enter_context(found)
            address = found.scheduler_address
        get_address_host_port(address)  # a client of what is no address complains again when it is forgotten
        connected = Client(address, timeout=_PATIENCE_S, set_as_default=False)  # type: ignore[no-untyped-call]
        client: Client = opened.enter_context(connected)
        client.wait_for_workers(1, timeout=_PATIENCE_S)
    except OSError as error:
        raise RemoteError(
            f"no Dask cluster with workers answers at {address} ({error}): start one with dask scheduler and "
            "dask worker, or say --dask local."
        ) from error
    except ValueError as error:
        raise UsageError(f"--dask {address} is no address ({error}): say tcp://HOST:PORT, or local.") from error
    return client


def _submit_each(client: Client, function: Callable[[Any], Any], things: Sequence[Any]) -> list[Any]:
    """Have workers call a function with each thing; one that is killed loses nothing, for the scheduler keeps them."""
    with warnings.catch_warnings():
        # Regions are large; handed to the workers beforehand, they would be lost with the worker that has them.
        warnings.filterwarnings("ignore", message="Sending large graph")
        futures = [client.submit(function, thing, pure=False) for thing in things]
    return list(client.gather(futures))  # type: ignore[no-untyped-call]
