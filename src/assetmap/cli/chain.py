"""``assetmap chain``: from what was said to what was done, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assetmap.cli.options import as_json, print_json, quiet_option, speaker, study_argument
from assetmap.encode import plain_text

if TYPE_CHECKING:
    from assetmap.engagement.chain import Chain

_SHOWN = 5


@click.command("chain")
@study_argument
@click.option("--of", metavar="KIND:ID", help="Show the path of one mark, theme, priority, action or other thing.")
@quiet_option
@as_json
def command(folder: Path, of: str | None, quiet: bool, as_json: bool) -> None:
    """Follow what was said in the study in DIR to what was done, and back, and list the gaps."""
    from assetmap.study.engagement.chaining import read_chain

    chain = read_chain(folder, say=speaker(quiet))
    if as_json:
        print_json(chain.as_dict(of))
        return
    for line in _path(chain, of) if of else _overview(chain):
        click.echo(plain_text(line))


def _path(chain: Chain, of: str) -> Iterator[str]:
    for step in chain.path(of):
        told = f" ({step.told})" if step.told else ""
        yield f"{step.ref}  {step.label}{told}" + (f"  [{step.source}]" if step.source else "  [in no file]")
        for relation, to, source in step.ties:
            yield f"    {relation} {to}" + (f"  [{source}]" if source != step.source else "")
    path = {str(step.ref) for step in chain.path(of)}
    for gap in chain.gaps():
        here = [ref for ref in gap.refs if ref in path]
        if here:
            yield f"Gap: {gap.what}: {', '.join(here)}"


def _overview(chain: Chain) -> Iterator[str]:
    from assetmap.engagement.references import KINDS

    counts = chain.counts()
    yield (", ".join(f"{n} {KINDS[kind][n != 1]}" for kind, n in counts.items()) or "Nothing has been said yet") + "."
    for gap in chain.gaps():
        more = f" and {len(gap.refs) - _SHOWN} more" if len(gap.refs) > _SHOWN else ""
        yield f"Gap: {gap.what}: {len(gap.refs)} ({', '.join(gap.refs[:_SHOWN])}{more})"
    if counts:
        yield f"Follow one of them with --of, for instance --of {next(iter(chain.items))}"
