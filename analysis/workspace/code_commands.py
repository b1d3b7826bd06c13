"""The commands of `python -m analysis code`. Heavy libraries are imported inside them, as in `analysis.__main__`."""

import sys
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
    ask: Annotated[
        list[str] | None,
        typer.Option(metavar="VARIABLE", help="Of measures: ask this variable and no other. Repeat it."),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="VARIABLE=VALUE[,VALUE]", help="Only measures of which such a value holds. Repeat it."),
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
        book, edition, against, coders=coders, seed=seed, share=share or packets.SHARE, offered=offered,
        ask=ask or (), where=_limits(where or []),
    )  # fmt: skip
    for number, shares in enumerate(drawn, start=1):
        places = packets.write(shares, out / f"coder-{number}")
        typer.echo(f"coder {number}: {len(places)} packets in {out / f'coder-{number}'}")


def _limits(where: list[str]) -> dict[str, set[str]]:
    """The values of --where, by variable."""
    from analysis.base.errors import UsageFault

    limits: dict[str, set[str]] = {}
    for text in where:
        name, equals, values = text.partition("=")
        if not (equals and name and values):
            raise UsageFault(f"--where {text!r} is no limit: write it like topic=edu or topic=edu,copyright")
        limits.setdefault(name, set()).update(values.split(","))
    return limits


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
def run(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Folders with packets of one coder.")],
    base_url: Annotated[str, typer.Option("--base-url", help="Of the server, such as http://127.0.0.1:8080/v1.")],
    model: Annotated[str, typer.Option(help="As the server calls it.")],
    coder: Annotated[str, typer.Option(help="The name under which its codings are recorded.")],
    send: Annotated[bool, typer.Option("--send", help="Let the texts leave this machine.")] = False,
    api_key_env: Annotated[
        str | None, typer.Option("--api-key-env", metavar="NAME", help="The environment variable that holds a key.")
    ] = None,
    temperature: Annotated[float | None, typer.Option(help="Sent if given.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the model; sent if given.")] = None,
    context: Annotated[int | None, typer.Option(help="What the model can take in, in tokens.")] = None,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="What a response may take.")] = 600,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before texts leave this machine.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Put the answers in the place of recorded ones.")] = False,
) -> None:
    """Let a language model code packets, through a server with an OpenAI-compatible interface.

    Nothing leaves this machine without --send. What was answered is kept: run it again to go on after a fault.
    """
    from analysis.base.errors import ModelFailed, UsageFault
    from analysis.coding import language_model

    local = language_model.is_loopback(base_url)
    if not (local or send):
        raise UsageFault("the address of --base-url is not on this machine: say --send if the texts may go there")
    if not 0 < timeout <= 86_400:
        raise UsageFault("--timeout is a number of seconds, a day at most")
    if temperature is not None and not 0 <= temperature <= 2:
        raise UsageFault("--temperature is a number from 0 to 2")
    key = language_model.key_from(api_key_env)
    asked = language_model.Model(model, temperature, seed)
    work, recorded = language_model.tasks(folders, coder, asked, replace)
    if context is not None:
        language_model.check_context(work, context)
    with language_model.server(base_url, key, timeout, local) as server:
        count, there, back = language_model.estimate(work, asked, server)
        answered = len(work) - count
        typer.echo(f"{len(recorded)} packets are recorded already, {answered} are answered, {count} to be sent")
        if count:
            how = "" if local or base_url.lower().startswith("https") else ", not encrypted"
            cost = f"about {there:,} tokens, and about {back:,} back"
            typer.echo(f"to {base_url}{how}: {cost} (an estimate; a faulty answer doubles a packet)")
        if count and not (local or yes):
            if not sys.stdin.isatty():
                raise UsageFault("nothing is sent: say --yes, for nobody can be asked here")
            typer.confirm("Send?", abort=True)
        failed = language_model.run(work, asked, server, coder, replace, typer.echo)
    if failed:
        what = f"{len(failed)} of {len(work)} packets have no sound answers: {', '.join(failed)}"
        raise ModelFailed(
            f"{what}; run this again; if answers were faulty, remove the packet's folder responses before"
        )


@app.command()
def migrate() -> None:
    """Take over the codings and decisions of an earlier version (data/curated/codings.csv, coders.toml, links.csv)."""
    from analysis.workspace import earlier_version

    typer.echo(earlier_version.take_over())


@app.command()
def status() -> None:
    """Say what is coded by whom, what is open and where coders differ."""
    from analysis.coding import status

    for row in status.table().iter_rows(named=True):
        pair = row["edition"] + (f" → {row['against']}" if row["against"] else "")
        parts = [f"{row['coded']} of {row['units']} coded", f"{row['by_two']} by two", f"{row['differ']} open"]
        parts += [f"{row['changed']} of a text that has changed"] if row["changed"] else []
        asked = f", {row['asked']} alone" if row["asked"] else ""
        typer.echo(f"{row['codebook']}  {pair}{asked}: {', '.join(parts)}  ({', '.join(row['coders'])})")


@app.command()
def adjudicate(codebook: Book, out: Out, seed: Seed = 0, share: Share = None) -> None:
    """Write packets of what coders differ about, for somebody else, who is not told who said what.

    `code take` settles it with their answers.
    """
    from analysis.coding import codebooks, packets

    places = packets.write(packets.adjudication(codebooks.codebook(codebook), seed, share or packets.SHARE), out)
    typer.echo(f"{len(places)} packets in {out}" if places else "coders differ about nothing that is open")
