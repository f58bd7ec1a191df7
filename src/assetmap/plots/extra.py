"""What the plots need beyond the base install."""

from __future__ import annotations

from importlib.util import find_spec

from assetmap.errors import UsageError

__all__ = ["require_extra"]


def require_extra() -> None:
    """Raise if matplotlib, the extra ``[plots]``, isn't installed.

    Raises
    ------
    UsageError
        With the command that installs it.
    """
    if find_spec("matplotlib") is None:
        raise UsageError("plots need matplotlib: install it with pip install 'assetmap[plots]'.")
