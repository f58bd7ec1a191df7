"""Our own markers in a photograph: ArUco squares and the sheet's QR code."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from assetmap.kiosk.spec import DICTIONARY

__all__ = ["find_markers", "read_codes"]

_SIDES = (1600, 3200)  # markers are looked for at these sizes of the longer side, and mended at full size
_REFINE_SHARE = 0.06  # of a marker's side: how far a corner is looked for


def find_markers(grey: NDArray[np.uint8], dictionary: str = DICTIONARY) -> dict[int, list[NDArray[np.float64]]]:
    """Return the corners (4 x 2, pixels) of each marker in a photograph, by id; one id may be seen several times.

    Parameters
    ----------
    grey
        (H, W) uint8.
    dictionary
        The name of the dictionary in ``cv2.aruco``.
    """
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, dictionary)), _parameters())
    found: dict[int, list[NDArray[np.float64]]] = {}
    for side in _SIDES:
        reduced = min(1.0, side / max(grey.shape))
        small = cv2.resize(grey, None, fx=reduced, fy=reduced, interpolation=cv2.INTER_AREA) if reduced < 1 else grey
        corners, ids, _ = detector.detectMarkers(small)
        for number, square in zip([] if ids is None else ids.ravel().tolist(), corners, strict=True):
            full = (np.asarray(square, dtype="float64").reshape(4, 2) + 0.5) / reduced - 0.5
            _keep(found.setdefault(int(number), []), _sharpened(grey, full))
        if reduced == 1.0:
            break
    return found


def _parameters() -> Any:
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    parameters.adaptiveThreshWinSizeMax = 43
    parameters.adaptiveThreshWinSizeStep = 8
    parameters.minMarkerPerimeterRate = 0.015
    return parameters


def _keep(squares: list[NDArray[np.float64]], square: NDArray[np.float64]) -> None:
    """Add a square, or let it take the place of the same one seen at another size."""
    side = float(np.linalg.norm(square[0] - square[2]))
    for at, other in enumerate(squares):
        if np.linalg.norm(other.mean(axis=0) - square.mean(axis=0)) < side / 2:
            squares[at] = square
            return
    squares.append(square)


def _sharpened(grey: NDArray[np.uint8], square: NDArray[np.float64]) -> NDArray[np.float64]:
    side = float(np.linalg.norm(np.roll(square, -1, axis=0) - square, axis=1).min())
    reach = int(np.clip(round(side * _REFINE_SHARE), 2, 12))
    corners = square.astype(np.float32).reshape(-1, 1, 2)
    done = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.01)
    finer = cv2.cornerSubPix(grey, corners, (reach, reach), (-1, -1), done).reshape(4, 2)
    moved = np.linalg.norm(finer - square, axis=1) > reach
    return np.where(moved[:, None], square, finer).astype("float64")


def read_codes(grey: NDArray[np.uint8]) -> list[str]:
    """Return what the QR codes in a photograph say; each text once."""
    import zxingcpp

    texts: list[str] = []
    for side in _SIDES:
        reduced = min(1.0, side / max(grey.shape))
        small = cv2.resize(grey, None, fx=reduced, fy=reduced, interpolation=cv2.INTER_AREA)
        texts += [
            code.text
            for code in zxingcpp.read_barcodes(small, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
        ]
        if texts or reduced == 1.0:
            break
    return list(dict.fromkeys(texts))
