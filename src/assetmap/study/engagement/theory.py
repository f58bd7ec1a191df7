"""A study's theory of change, drawn with the figures that its outcomes are measured by, before and after."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from assetmap.definitions import define_column
from assetmap.diagrams.boxes import Arrow, Diagram, box_for
from assetmap.diagrams.drawing import diagram_svg
from assetmap.diagrams.layout import place_as_drawn, place_in_columns
from assetmap.engagement.agenda import standing
from assetmap.engagement.references import slug_of
from assetmap.engagement.theory import theory_columns
from assetmap.errors import InputError, UsageError
from assetmap.files import read_text, write_text
from assetmap.study.built import read_output
from assetmap.study.engagement.agenda import parts_of, read_actions, read_outcomes
from assetmap.study.engagement.system_maps import read_map
from assetmap.study.settings import SETTINGS_NAME, read_settings

__all__ = ["Indicator", "Theory", "draw_theory", "read_indicator", "read_theory"]

_FILLS = {"action": "#9adbb4", "outcome": "#ffd966"}


@dataclass(frozen=True)
class Indicator:
    """A figure of the whole neighbourhood, before and after a change; None where it isn't known."""

    name: str
    meaning: str
    unit: str
    before: float | None
    after: float | None
    measured: bool
    """Whether the figure after is a later build's; else it is what a what-if expects of the change."""

    @property
    def now(self) -> str:
        """The figure before the change, in words."""
        return self._said(self.before)

    @property
    def later(self) -> str:
        """The figure after it, in words, and whether it was measured; empty where there is none."""
        return "" if self.after is None else f"{self._said(self.after)} {'measured' if self.measured else 'expected'}"

    def _said(self, value: float | None) -> str:
        return "not known" if value is None else f"{value:.1%}" if self.unit == "share" else f"{value:,.4g}"

    @property
    def words(self) -> str:
        """What the box says of it: what is only expected is never told as what has changed."""
        if self.after is None:
            return f"{self.meaning}: {self.now}"
        return f"{self.meaning}: {self.now} {f'before, {self.later} after' if self.measured else f'now, {self.later}'}"


@dataclass(frozen=True)
class Theory:
    """What the agenda's actions are to lead to.

    Parameters
    ----------
    diagram
        Actions with their status, and outcomes with their figures.
    steps
        Pairs of references: the first is to lead to the second.
    labels
        Reference -> words, of each action that stands and each outcome.
    indicators
        Reference of an outcome -> its figure; outcomes without one have no entry.
    """

    diagram: Diagram
    steps: list[tuple[str, str]]
    labels: dict[str, str]
    indicators: dict[str, Indicator]

    @property
    def bare(self) -> list[str]:
        """The outcomes without an indicator, in words."""
        return [
            words for ref, words in self.labels.items() if ref.startswith("outcome:") and ref not in self.indicators
        ]


def read_indicator(folder: Path, name: str, *, after: Path | None = None) -> Indicator:
    """Return a figure that an outcome is measured by, from the last build.

    Parameters
    ----------
    folder
        The study folder.
    name
        ``<file>/<column>/<category>`` of ``out/access_by_zone.csv``, such as
        ``access_by_zone.csv/share_800m/community_centre``: the neighbourhood's row.
    after
        The ``summary.json`` of a ``whatif`` on the same category and distance, or the ``out`` folder of a later build.

    Raises
    ------
    UsageError
        If there is no such figure, or the study or that of `after` isn't built.
    """
    parts = name.split("/")
    definition = define_column(parts[0], parts[1]) if len(parts) == 3 and parts[0] == "access_by_zone.csv" else None
    if definition is None:
        raise UsageError(
            f"{name!r} is no indicator: write access_by_zone.csv/<column>/<category>, such as "
            "access_by_zone.csv/share_800m/community_centre; `assetmap explain` lists the columns."
        )
    before = _figure(folder / "out", parts)
    measured = after is not None and after.is_dir()
    later = None if after is None else _figure(after, parts) if measured else _tried(after, parts)
    meaning = f"{definition.meaning} ({parts[2].replace('_', ' ')})"
    return Indicator(name, meaning, definition.unit, before, later, measured)


def _figure(out: Path, parts: list[str]) -> float | None:
    path = out / parts[0]
    if not path.is_file():
        raise UsageError(f"{out} holds no {parts[0]}: {_build_first(out, parts[0])}.")
    table = read_output(path)
    if not {"group", "category"} <= set(table.columns):
        raise InputError(f"{path} isn't as a build wrote it (no columns `group` and `category`): build anew.")
    row = table[(table["group"] == "neighbourhood") & (table["category"] == parts[2])]
    if row.empty or parts[1] not in row:
        raise UsageError(f"{path} has no {parts[1]} of {parts[2]}: see its columns `group` and `category`.")
    value = float(row[parts[1]].iloc[0])
    return None if pd.isna(value) else value


def _build_first(out: Path, name: str) -> str:
    """Return what to do about a folder that isn't the ``out`` of a built study."""
    if (out / "out" / name).is_file():
        return f"give the folder {out / 'out'}"
    study = out if (out / SETTINGS_NAME).is_file() else out.parent
    if (study / SETTINGS_NAME).is_file():
        more = "" if out == study / "out" else f", then give the folder {study / 'out'}"
        return f"run `assetmap build {study}` first{more}"
    return "give the folder out/ of a study that is built"


def _tried(path: Path, parts: list[str]) -> float | None:
    """Return the share of people within reach after a change that was tried, if it is of this category and distance."""
    try:
        found: dict[str, Any] = json.loads(read_text(path, "summary of a what-if"))
        category, within_m, people = str(found["category"]), float(found["within_m"]), float(found["people"])
        reached = float(found["people_within_after"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise InputError(f"{path} is no summary.json of `assetmap whatif` ({error}): name one.") from error
    alike = category == parts[2] and parts[1] == f"share_{within_m:.0f}m"
    return reached / people if alike and people else None


def draw_theory(
    folder: Path, *, name: str | None = None, after: Path | None = None, out: Path | None = None
) -> tuple[Path, list[Indicator], list[str]]:
    """Draw the theory of change as SVG, from the agenda's actions and outcomes or from a system map.

    Each action stands with its status; those that were dropped are left out.

    Parameters
    ----------
    folder
        The study folder.
    name
        A system map that is a theory of change; without it, the agenda.
    after
        As `read_indicator`.
    out
        Where the drawing goes, by default ``out/theory.svg``.

    Returns
    -------
    Path
        The drawing.
    list of Indicator
        The figures in it.
    list of str
        Outcomes without an indicator.

    Raises
    ------
    InputError
        If it goes in a circle, which is named.
    UsageError
        If there is nothing to draw, or an indicator isn't one.
    """
    read_settings(folder)
    target = out or folder / "out" / "theory.svg"
    if name is not None:
        write_text(target, diagram_svg(_drawn_map(folder, name)) + "\n")
        return target, [], []
    theory = read_theory(folder, after=after)
    write_text(target, diagram_svg(theory.diagram) + "\n")
    return target, list(theory.indicators.values()), theory.bare


def read_theory(folder: Path, *, after: Path | None = None) -> Theory:
    """Return the theory of change in a study's agenda; actions that were dropped are left out.

    Parameters
    ----------
    folder
        The study folder.
    after
        As `read_indicator`.

    Raises
    ------
    InputError
        If it goes in a circle, which is named.
    UsageError
        If there is no agenda, or an indicator isn't one.
    """
    labels, steps, measured = _agenda(folder)
    states = {f"action:{action}": status for action, status in _statuses(folder)}
    if not labels:
        raise UsageError(f"{folder} has no actions or outcomes yet: run `assetmap agenda import {folder} FILE` first.")
    columns = theory_columns(labels, steps, labels)
    figures = {ref: read_indicator(folder, figure, after=after) for ref, figure in measured.items()}
    boxes = [
        box_for(
            ref,
            label,
            fill=_FILLS[ref.partition(":")[0]],
            facts=[figures[ref].words] if ref in figures else [states[ref]] if ref in states else [],
        )
        for ref, label in labels.items()
    ]
    arrows = [Arrow(*step) for step in steps]
    placed = place_in_columns(boxes, [columns[box.name] for box in boxes], arrows)
    title = f"Theory of change: {read_settings(folder).study.name}"
    return Theory(Diagram(title, placed, tuple(arrows), signed=False), steps, labels, figures)


def _statuses(folder: Path) -> Iterable[tuple[str, str]]:
    actions = read_actions(folder)
    return zip(actions["action"], actions["status"].fillna("status not known"), strict=True)


def _agenda(folder: Path) -> tuple[dict[str, str], list[tuple[str, str]], dict[str, str]]:
    """Return the words of actions and outcomes, what leads to what, and the outcomes' indicators."""
    labels: dict[str, str] = {}
    steps: list[tuple[str, str]] = []
    measured: dict[str, str] = {}
    rows = [
        (f"action:{row['action']}", row["what"], row["outcome"], None)
        for row in standing(read_actions(folder)).to_dict("records")
    ]
    rows += [
        (f"outcome:{slug_of(row['outcome'])}", row["outcome"], row["leads_to"], row["indicator"])
        for row in read_outcomes(folder).to_dict("records")
    ]
    for ref, label, leads_to, indicator in rows:
        labels[ref] = label
        for words in parts_of(leads_to):
            steps.append((ref, f"outcome:{slug_of(words)}"))
            labels.setdefault(steps[-1][1], words)
        if parts_of(indicator):
            measured[ref] = parts_of(indicator)[0]
    return labels, list(dict.fromkeys(steps)), measured


def _drawn_map(folder: Path, name: str) -> Diagram:
    _, drawing = read_map(folder, name)
    factors, links = drawing.factors, drawing.links
    labels = dict(zip(factors["factor_id"], factors["label"], strict=True))
    steps = list(zip(links["from_id"], links["to_id"], strict=True))
    columns = theory_columns(labels, steps, labels)
    fills = factors["colour"].fillna("#ffffff")
    boxes = [box_for(ref, label, fill=fill) for (ref, label), fill in zip(labels.items(), fills, strict=True)]
    arrows = [Arrow(*step) for step in steps]
    spots = factors[["x", "y"]].to_numpy(dtype=float)
    placed = (
        place_in_columns(boxes, [columns[box.name] for box in boxes], arrows)
        if pd.isna(spots).any()
        else place_as_drawn(boxes, spots)
    )
    return Diagram(drawing.title, placed, tuple(arrows), signed=False)
