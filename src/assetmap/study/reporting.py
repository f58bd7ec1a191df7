"""The report of a study: one page of Markdown, and plots as SVG and PNG beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assetmap.files import read_text, write_bytes, write_text
from assetmap.folders import hold_lock
from assetmap.places import place
from assetmap.plots.extra import require_extra
from assetmap.study.built import last_build, read_output
from assetmap.study.manifest import state_of
from assetmap.study.report_text import ReportContent, ReportPlot, report_text
from assetmap.study.settings import Settings, read_settings

__all__ = ["REPORT_NAME", "write_report"]

REPORT_NAME = "report.md"
_EQUITY_PLOTS = ("equity_curves", "equity_curves_frame", "equity_of_shares", "equity_of_shares_frame")
_SECTIONS = {"distance_by_decile": "By deprivation", **dict.fromkeys(_EQUITY_PLOTS, "Equity")}
_TABLES = (
    *("zones.csv", "access_by_zone.csv", "access_by_deprivation.csv"),
    *("standards.csv", "catchments.csv", "equity.csv", "equity_of_shares.csv", "frame.csv", "marks_by_theme.csv"),
)


def write_report(folder: Path, *, say: Callable[[str], None] = lambda _: None) -> Path:
    """Write the report of a study's last build into ``out/``, its plots into ``out/plots/``; return where it is.

    Pockets that were found and changes that were tried are told too, if the inputs are still those that they were
    measured on.

    Parameters
    ----------
    folder
        The study folder.
    say
        Called with a line for a person at each step.

    Raises
    ------
    UsageError
        If the study hasn't been built or has changed since, or matplotlib isn't installed.
    """
    require_extra()
    from assetmap.study.report_plots import plots_of_build, plots_of_pockets, plots_of_scenarios

    settings = read_settings(folder)
    out = folder / "out"
    with hold_lock(folder):
        manifest = last_build(folder, settings)
        tables = {name: read_output(out / name) for name in _TABLES}
        pockets, scenarios, stale = _measured(out, state_of(folder, settings))
        say("drawing the plots")
        drawn = [
            *((plot, _SECTIONS[plot.name]) for plot in plots_of_build(tables)),
            *((plot, "Pockets of deprivation and hubs") for plot in (plots_of_pockets(pockets) if pockets else ())),
            *((plot, "What if") for plot in plots_of_scenarios(scenarios)),
        ]
        for plot, _ in drawn:
            write_text(out / "plots" / f"{plot.name}.svg", plot.svg())
            write_bytes(out / "plots" / f"{plot.name}.png", plot.png())
        plots = [ReportPlot(plot.name, plot.title, plot.reading, section) for plot, section in drawn]
        content = ReportContent(manifest, tables, pockets, scenarios, stale, plots, _notices(settings))
        write_text(out / REPORT_NAME, report_text(content))
    return out / REPORT_NAME


def _measured(out: Path, state: str) -> tuple[Any, dict[str, Any], list[str]]:
    """Return the summary of the pockets or None, those of the scenarios, and which of these are out of date."""
    paths = [path for path in (out / "pockets" / "summary.json", *out.glob("whatif/*/summary.json")) if path.exists()]
    summaries = {path.parent.name: json.loads(read_text(path)) for path in sorted(paths)}
    found = {name: summary for name, summary in summaries.items() if summary.get("state") == state}
    stale = [name for name in summaries if name not in found and name != "pockets"]
    return found.pop("pockets", None), found, stale


def _notices(settings: Settings) -> list[str]:
    site = place(settings.place.site).note if settings.place.site else ""
    return [text for text in (settings.study.notice, site) if text]
