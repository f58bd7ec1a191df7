"""What the kiosk needs beyond the base install."""

from __future__ import annotations

from importlib.util import find_spec

from assetmap.errors import UsageError

__all__ = ["require_extra"]

_MODULES = ("cv2", "pillow_heif", "pypdfium2", "skimage", "zxingcpp")


def require_extra() -> None:
    """Raise if the libraries of the extra ``[kiosk]`` aren't installed.

    Raises
    ------
    UsageError
        With the command that installs them.
    """
    missing = [name for name in _MODULES if find_spec(name) is None]
    if missing:
        raise UsageError(f"the kiosk needs {', '.join(missing)}: install them with pip install 'assetmap[kiosk]'.")
