"""``assetmap agenda matrix``: level of change by action by evidence."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, study_argument

_LACKING = {"action": "no action", "status": "status not known", "owner": "no owner", "evidence": "no evidence"}


@click.command("matrix")
@study_argument
@as_json
def command(folder: Path, as_json: bool) -> None:
    """Lay the actions of the study in DIR out by level of change, each with its evidence."""
    from assetmap.encode import plain_text
    from assetmap.engagement.agenda import agenda_matrix
    from assetmap.study.engagement.agenda import read_actions
    from assetmap.study.settings import read_settings
    from assetmap.table_files import write_csv

    read_settings(folder)
    matrix = agenda_matrix(read_actions(folder))
    target = folder / "out" / "agenda_matrix.csv"
    write_csv(target, matrix.copy())
    rows = matrix.to_dict("records")
    if as_json:
        print_json(rows)
        return
    for level in dict.fromkeys(matrix["level"]):
        click.echo(level)
        for row in rows:
            if row["level"] == level:
                facts = [row[name] or words for name, words in _LACKING.items()]
                click.echo(plain_text("    " + (" | ".join(facts) if row["action"] else facts[0])))
    click.echo(f"The table is {target.resolve()}")
