"""The dtype of columns of text in a contract: known by the column's own dtype, not value by value."""

from __future__ import annotations

from typing import Any

import numpy as np
from pandera.engines.pandas_engine import Engine

__all__ = ["TextDtype"]

_Text: Any = type(Engine.dtype("str"))


class TextDtype(_Text):  # type: ignore[misc]
    """Text as pandas keeps it.

    pandera's own dtype answers for each value, also where the column's dtype has told everything, and pandera makes
    a table of the answers: that takes three quarters of a check.
    """

    def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
        """Return whether a column of some dtype is one of text."""
        return bool(np.all(super().check(pandera_dtype, data_container)))
