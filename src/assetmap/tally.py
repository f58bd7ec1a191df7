"""The tally: how much of a source was read, kept, repaired and dropped, each with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Tally"]


@dataclass
class Tally:
    """What a reader read, kept, repaired and dropped, by reason. Read = kept + dropped, always.

    Parameters
    ----------
    source
        What was read: a file's name or a service.

    Examples
    --------
    >>> tally = Tally("list.csv", read=3)
    >>> tally.drop("no coordinates", ["row 2"])
    >>> tally.kept, tally.summary()
    (2, 'list.csv: 3 read, 2 kept, 1 dropped (no coordinates 1)')
    """

    source: str
    read: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    repaired: Counter[str] = field(default_factory=Counter)
    rows: list[tuple[str, str]] = field(default_factory=list)
    """(reference of the row, reason) of each dropped row, the first 1,000."""
    notes: list[str] = field(default_factory=list)
    """What wasn't read at all, in words: another sheet of a workbook."""

    @property
    def kept(self) -> int:
        """Rows that were kept."""
        return self.read - self.dropped.total()

    def drop(self, reason: str, refs: Iterable[str]) -> None:
        """Count rows as dropped for a reason, and keep which they were."""
        refs = list(refs)
        if refs:
            self.dropped[reason] += len(refs)
            self.rows.extend((ref, reason) for ref in refs[: max(0, 1000 - len(self.rows))])

    def repair(self, reason: str, count: int) -> None:
        """Count rows as kept after a repair."""
        if count:
            self.repaired[reason] += int(count)

    def drop_where(
        self, frame: Any, bad: np.ndarray[Any, Any] | pd.Series[bool], reason: str, ref: Callable[[Any], str]
    ) -> Any:
        """Drop the rows of a frame where `bad` holds, counting each, and return the rest."""
        mask = np.asarray(bad, dtype=bool)
        self.drop(reason, (ref(label) for label in frame.index[mask]))
        return frame[~mask]

    def summary(self) -> str:
        """Return one line for a person."""
        text = f"{self.source}: {self.read} read, {self.kept} kept"
        for word, counts in (("dropped", self.dropped), ("repaired", self.repaired)):
            if counts:
                reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(counts.items()))
                text += f", {counts.total()} {word} ({reasons})"
        return "; ".join([text, *self.notes])

    def as_dict(self) -> dict[str, Any]:
        """Return the tally for the manifest."""
        return {
            "source": self.source,
            "read": self.read,
            "kept": self.kept,
            "dropped": dict(sorted(self.dropped.items())),
            "repaired": dict(sorted(self.repaired.items())),
            "dropped_rows": [list(row) for row in self.rows],
            "notes": list(self.notes),
        }
