"""``assetmap systems ask``: what a system map says, in words."""

from __future__ import annotations

from pathlib import Path

import click

from assetmap.cli.options import as_json, print_json, study_argument
from assetmap.encode import plain_text

_QUESTIONS = ("start", "bottleneck", "loops")
_SHOWN = 20


@click.command("ask")
@study_argument
@click.option(
    "--question", type=click.Choice(_QUESTIONS), metavar="WHICH", help="One of start, bottleneck and loops alone."
)
@click.option("--map", "name", metavar="NAME", help="Which map, where the study has several.")
@as_json
def command(folder: Path, question: str | None, name: str | None, as_json: bool) -> None:
    """Say where one could start, what much has to pass through, and where the system map in DIR feeds back."""
    from assetmap.engagement.systems.answers import QUESTIONS, answer_question
    from assetmap.engagement.systems.factors import factor_measures
    from assetmap.study.engagement.system_maps import read_map

    name, drawing = read_map(folder, name)
    measures = factor_measures(drawing.factors, drawing.links)
    asked = [question] if question else QUESTIONS
    answers = [answer_question(one, drawing.factors, drawing.links, measures=measures) for one in asked]
    if as_json:
        rows = measures.reset_index().astype(object)
        print_json(
            {
                "map": name,
                "answers": [answer.__dict__ for answer in answers],
                "factors": rows.where(rows.notna(), None).to_dict("records"),
            }
        )
        return
    for answer in answers:
        click.echo(QUESTIONS[answer.question])
        for sentence in answer.sentences[:_SHOWN]:
            click.echo(f"    {plain_text(sentence)}")
        if len(answer.sentences) > _SHOWN:
            click.echo(f"    … and {len(answer.sentences) - _SHOWN} more: --json has them all.")
