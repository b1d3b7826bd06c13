"""The commands of `python -m analysis code`. Heavy libraries are imported inside them, as in `analysis.__main__`."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.coding.codebooks import Codebook

app = typer.Typer(help="Codings: what people and language models judge, by a codebook (docs/coding.md).")


class Coder(StrEnum):
    """Kinds of coders."""

    person = "person"
    model = "model"


Out = Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the packets go; not into the repository.")]
Seed = Annotated[int, typer.Option(help="Of the draw; another seed gives other shares.")]
Share = Annotated[int | None, typer.Option(help="Units of a packet.")]
Book = Annotated[str, typer.Argument(metavar="CODEBOOK", help="A file of data/curated/codebooks, without .toml.")]


@app.command()
def pack(
    codebook: Book,
    out: Out,
    edition: Annotated[str, typer.Option(help="The edition whose measures are coded: 2027, or R2027 for a roadmap.")],
    against: Annotated[str | None, typer.Option(help="Of pairs: the later edition.")] = None,
    coders: Annotated[int, typer.Option(help="How many code everything, each in shares of their own.")] = 2,
    best: Annotated[
        int | None, typer.Option(help="Of pairs: show the so many nearest measures instead of the whole later edition.")
    ] = None,
    seed: Seed = 0,
    share: Share = None,
) -> None:
    """Write packets for coders: units, codebook, a form for people, a prompt for language models."""
    from analysis.coding import codebooks, packets

    book = codebooks.codebook(codebook)
    offered = None
    if best is not None:
        offered = _nearest(book, edition, against, best)
    drawn = packets.draw(
        book, edition, against, coders=coders, seed=seed, share=share or packets.SHARE, offered=offered
    )
    for number, shares in enumerate(drawn, start=1):
        places = packets.write(shares, out / f"coder-{number}")
        typer.echo(f"coder {number}: {len(places)} packets in {out / f'coder-{number}'}")


def _nearest(book: "Codebook", edition: str, against: str | None, count: int) -> dict[str, list[str]]:
    """The candidates of each unit; says how many links are to be expected among them."""
    from analysis.base.errors import UsageFault
    from analysis.continuity.nearest import nearest

    if book.unit != "pair" or not against:
        raise UsageFault("--best is for codebooks about pairs, with --against a later edition")
    candidates, recall = nearest(edition, against, count)
    known = "" if recall is None else f"; elsewhere {recall:.1%} of the links that coders named are among so many"
    typer.echo(f"each unit comes with its {count} nearest measures of {against}{known}")
    return candidates


@app.command()
def take(
    answers: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Filled-in forms, or JSON beside packet.json.")
    ],
    coder: Annotated[str, typer.Option(help="Who coded.")],
    kind: Annotated[Coder, typer.Option(help="What the coder is.")] = Coder.person,
    model: Annotated[str | None, typer.Option(help="Of a model: its name.")] = None,
    model_version: Annotated[
        str | None, typer.Option(help="Of a model: its version, as its server reports it.")
    ] = None,
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Today, unless given.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Put them in the place of earlier answers.")] = False,
) -> None:
    """Check coders' answers and record them; all faults are told at once, and then nothing is recorded."""
    from analysis.coding import answers as coded
    from analysis.coding import record

    who: record.Kind = "person" if kind is Coder.person else "language model"
    on = day.date() if day else None
    for file in answers:
        packet = coded.take(
            file, coder=coder, kind=who, model=model, model_version=model_version, day=on, replace=replace
        )
        typer.echo(f"{packet.packet_id}: recorded")


@app.command()
def status() -> None:
    """Say what is coded by whom, what is open and where coders differ."""
    from analysis.coding import status

    for row in status.table().iter_rows(named=True):
        pair = row["edition"] + (f" → {row['against']}" if row["against"] else "")
        parts = [f"{row['coded']} of {row['units']} coded", f"{row['by_two']} by two", f"{row['differ']} open"]
        parts += [f"{row['changed']} of a text that has changed"] if row["changed"] else []
        typer.echo(f"{row['codebook']}  {pair}: {', '.join(parts)}  ({', '.join(row['coders'])})")


@app.command()
def adjudicate(codebook: Book, out: Out, seed: Seed = 0, share: Share = None) -> None:
    """Write packets of what coders differ about, for somebody else, who is not told who said what.

    `code take` settles it with their answers.
    """
    from analysis.coding import codebooks, packets

    places = packets.write(packets.adjudication(codebooks.codebook(codebook), seed, share or packets.SHARE), out)
    typer.echo(f"{len(places)} packets in {out}" if places else "coders differ about nothing that is open")
