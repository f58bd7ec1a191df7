"""How long we wait for a service, how often we ask again, and what we say of ourselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TypeVar

from urllib3.exceptions import InvalidHeader
from urllib3.util import Retry

from assetmap.errors import RemoteError
from assetmap.sources.remote.addresses import Address, load_addresses

__all__ = ["AskAgainError", "Patience", "RemoteSettings", "ask_until_whole", "retry_after_s"]

T = TypeVar("T")

_ONE_AT_A_TIME = threading.Lock()


class AskAgainError(Exception):
    """A service that is busy, or a connection that broke: worth another try."""

    def __init__(self, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


@dataclass(frozen=True)
class Patience:
    """The bounds of one request, tries and waits included. Nothing in them is random."""

    tries: int = 5
    first_wait_s: float = 5.0
    longest_wait_s: float = 120.0
    connect_s: float = 15.0
    read_s: float = 200.0
    """Longest silence within an answer; Overpass gives itself 180 s to begin one."""
    total_s: float = 600.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def wait_s(self, failed: int, asked: float | None = None) -> float:
        """Return how long to wait after the `failed`-th try: what the server asked for, else 5, 10, 20, 40 s."""
        if asked is not None:
            return max(asked, 1.0)
        return min(self.first_wait_s * 2.0 ** (failed - 1), self.longest_wait_s)


def _say_nothing(line: str) -> None:
    """Drop a line of progress."""


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class RemoteSettings:
    """What every ``fetch_`` function is told.

    Parameters
    ----------
    addresses
        The table of addresses, from `load_addresses`.
    contact
        Whom a service's keeper can write to; sent with each request where given.
    patience
        The bounds of a request.
    tell
        Called with each line of progress.
    today
        Gives the date for the records.
    """

    addresses: Mapping[str, Address] = field(default_factory=load_addresses)
    contact: str = ""
    patience: Patience = field(default_factory=Patience)
    tell: Callable[[str], None] = _say_nothing
    today: Callable[[], date] = _today

    @property
    def user_agent(self) -> str:
        """The name and version that services are told, with the study's contact."""
        try:
            ours = version("assetmap")
        except PackageNotFoundError:  # run from source files that nobody installed
            ours = "unknown"
        contact = " ".join(self.contact.encode("ascii", "ignore").decode().split())
        return f"assetmap/{ours} (participatory asset mapping{'; ' + contact if contact else ''})"


def retry_after_s(header: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for (a number or a date), None if it says nothing.

    Examples
    --------
    >>> retry_after_s("30"), retry_after_s("soon"), retry_after_s(None)
    (30.0, None, None)
    """
    if not header:
        return None
    try:
        return float(Retry(0).parse_retry_after(header))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def ask_until_whole(attempt: Callable[[float], T], settings: RemoteSettings) -> T:
    """Call `attempt` until it returns, within the bounds; one request at a time in the whole process.

    Parameters
    ----------
    attempt
        Called with the moment (of `Patience.clock`) by which all must be done; raises `AskAgainError` if
        another try may do better.
    settings
        Holds the bounds.

    Raises
    ------
    RemoteError
        When the tries or the time are used up, with what the last try met.
    """
    patience = settings.patience
    with _ONE_AT_A_TIME:
        ends = patience.clock() + patience.total_s
        failed = 0
        while True:
            try:
                return attempt(ends)
            except AskAgainError as busy:
                failed += 1
                met, asked = str(busy), busy.wait_s
            if failed >= patience.tries:
                raise RemoteError(f"{met}, {failed} times in a row: try again later.")
            wait = patience.wait_s(failed, asked)
            if patience.clock() + wait >= ends:
                raise RemoteError(
                    f"{met}, and asking again in {wait:.0f} s would pass the limit of "
                    f"{patience.total_s:.0f} s: try again later."
                )
            settings.tell(f"{met}: waiting {wait:.0f} s before try {failed + 1} of {patience.tries}")
            patience.sleep(wait)
