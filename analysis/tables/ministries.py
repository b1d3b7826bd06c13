"""The register of ministries: one name for each body, its parent, and what it is called in English."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.base import curated, paths
from analysis.base.errors import TableFaulty
from analysis.base.japanese import squeeze

UNNAMED = "unnamed"  # the kind of 関係府省 and the like: they name nobody


@dataclass(frozen=True)
class Body:
    """A ministry, agency or other body of the register."""

    name: str
    name_en: str
    kind: str
    parent: str | None = None
    variants: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    since: curated.Year | None = None
    predecessors: tuple[str, ...] = ()
    source: str = ""


def register() -> dict[str, Body]:
    """Return the bodies by name and by variant, from data/curated/ministries.toml. Raises TableFaulty."""
    return _read(paths.curated())


@cache
def _read(folder: Path) -> dict[str, Body]:
    file = folder / "ministries.toml"
    bodies = curated.entries(Body, curated.toml(file).get("body", "no [[body]]"), file)
    if not all(name for body in bodies for name in (body.name, *body.variants)):
        raise TableFaulty(f"{file} has a body or a variant without a name: name it")
    known = {variant: body for body in bodies for variant in (body.name, *body.variants)}
    names = [name for body in bodies for name in (body.name, *body.variants, *body.short)]
    if len(set(names)) != len(names):
        raise TableFaulty(f"{file} gives one name to two bodies: make names, variants and short names unique")
    unknown = sorted({body.parent for body in bodies if body.parent} - known.keys())
    if unknown:
        raise TableFaulty(f"{file} names parents that it does not hold: {', '.join(unknown)}")
    return known


def canonical(written: str) -> str:
    """Return the register's spelling of a name: 経産省 becomes 経済産業省; an office keeps its bracket."""
    name, bracket, office = squeeze(written).partition("(")
    body = register().get(name)
    return (body.name if body else name) + bracket + office


def body_of(name: str) -> str:
    """Return the body an office belongs to: 内閣府(知財) → 内閣府."""
    return canonical(name).partition("(")[0]


def known(name: str) -> bool:
    """Return whether the register holds a body or the body of an office."""
    return body_of(name) in register()


@cache
def _short(folder: Path) -> dict[str, str]:
    return {short: body.name for body in _read(folder).values() for short in body.short}


def in_full(short: str) -> str | None:
    """Return the body that a short name stands for among bodies: 農水 is 農林水産省, デジ庁 is デジタル庁; or None."""
    names = _short(paths.curated())
    name = squeeze(short)
    full = names.get(name) or names.get(name[:-1])
    return full if full and (name in names or full[-1] == name[-1]) else None


def told_apart(run: str, shortest: int, longest: int) -> list[str]:
    """Return the names of bodies that run together, told apart by the register, of `shortest` to `longest` characters;
    the last is what is left: a name, too, words that the register does not know, or nothing."""
    names: list[str] = []
    while run and not known(run):
        length = next((n for n in range(min(len(run), longest), shortest - 1, -1) if known(run[:n])), 0)
        if not length:
            break
        names.append(run[:length])
        run = run[length:]
    return [*names, run]


def names_nobody(name: str) -> bool:
    """Return whether words leave open which body is meant: 関係府省, 関係省庁 and the like."""
    return body_of(name) in nameless()


def nameless() -> list[str]:
    """Return the words of the register that leave open which body is meant, each as it is counted."""
    return sorted({body.name for body in register().values() if body.kind == UNNAMED})


def family(name: str) -> str:
    """Return the ministry that answers for a body: 特許庁 → 経済産業省. Editions differ in which they name."""
    body = register().get(body_of(name))
    return body.parent if body and body.parent and body.parent != "内閣府" else body_of(name)


def forerunners(name: str, since: int) -> list[str]:
    """Return the ministries whose work a body founded in `since` or later took over: デジタル庁 → 内閣官房."""
    body = register().get(body_of(name))
    if body is None or (body.since or 0) < since:
        return []
    heads = (next((other for other in register() if old.startswith(other)), None) for old in body.predecessors)
    return sorted({family(head) for head in heads if head} - {family(name)})


def other_names() -> list[tuple[str, str]]:
    """Return pairs of names for one body: another spelling, a predecessor's or the English name, and the register's."""
    bodies = {body.name: body for body in register().values()}.values()
    return [(other, body.name) for body in bodies for other in (*body.variants, *body.predecessors, body.name_en)]


def label(name: str, language: str) -> str:
    """Return what to call a body in a chart: `language` is en or ja."""
    body = register().get(body_of(name))
    return body.name_en if body and language == "en" else body_of(name)


def written(name: str, language: str) -> str:
    """Return what to call a body in a text: as in a chart, with the office in brackets as the plan writes it."""
    if language == "ja":
        return name.replace("(", "（").replace(")", "）")
    office = name.partition("(")[2]
    return label(name, language) + (f" ({office}" if office else "")
