"""Charts as pictures: SVG and PNG of Vega-Lite descriptions, drawn by two processes side by side.

This module imports nothing heavy, since the drawing processes load it, too.
"""

import filecmp
import importlib.util
import json
import os
import re
import shutil
import string
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import vl_convert

from analysis.base import paths

PNG_SCALE = 2
LEAST_WIDTH = "36rem"  # a page that is narrower scrolls the chart
PROCESSES = 2  # vl-convert holds Python's lock while it draws: threads gain nothing
TIP, TIP_JOINT = "\u2063", " · "  # a separator that nobody sees marks a mark's description as its tooltip
OWN_SIGNS = string.printable + "−–…µ"  # what Vega writes by itself: numbers, and what it cuts


def draw(specs: dict[str, str], folder: Path) -> dict[str, str]:
    """Save each chart (Vega-Lite JSON by name) as .vl.json, .svg and .png; returns the SVGs as a page takes them.

    Raises OSError where the folder cannot be written, RuntimeError where a chart cannot be drawn.
    """
    with drawing(specs, folder) as drawn:
        return drawn()


@contextmanager
def drawing(specs: dict[str, str], folder: Path) -> Iterator[Callable[[], dict[str, str]]]:
    """As `draw`, while the caller does something else: what is given waits for the charts and returns them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, spec in specs.items():
        (folder / f"{name}.vl.json").write_text(spec + "\n", encoding="utf-8", newline="\n")
    new = {name: spec for name, spec in specs.items() if not _drawn_before(folder, name)}
    with tempfile.TemporaryDirectory() as fonts:
        _reduce_font(new.values(), Path(fonts))
        # commands of their own, not Python's pool, which would import the caller's script anew
        command = [sys.executable, "-m", "analysis.report.charts.render", fonts, str(folder)]
        workers = [
            subprocess.Popen([*command, *share], stderr=subprocess.PIPE, text=True, env=_environment())
            for share in _shares(new)
        ]

        def drawn() -> dict[str, str]:
            for worker in workers:
                _, said = worker.communicate()
                if worker.returncode:
                    last = said.strip().splitlines()[-1] if said.strip() else "its process was ended"
                    raise RuntimeError(f"a chart could not be drawn: {last}")
            return {name: flexible((folder / f"{name}.svg").read_text(encoding="utf-8")) for name in specs}

        try:
            yield drawn
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()


def _drawn_before(folder: Path, name: str) -> bool:
    """Whether a chart was drawn from the same description before, and holds; it is put into the folder then."""
    before = paths.before("report", "figures", f"{name}.vl.json")
    if before is None or not filecmp.cmp(before, folder / before.name, shallow=False):
        return False
    for kind in ("svg", "png"):
        shutil.copyfile(before.with_name(f"{name}.{kind}"), folder / f"{name}.{kind}")
    return True


def _shares(specs: dict[str, str]) -> list[list[str]]:
    """The names, parted so that each process has about as much to draw; the largest first."""
    shares: list[list[str]] = [[] for _ in range(min(PROCESSES, len(specs)))]
    for name in sorted(specs, key=lambda name: (-len(specs[name]), name)):
        min(shares, key=lambda share: sum(len(specs[other]) for other in share)).append(name)
    return shares


def _environment() -> dict[str, str]:
    """With this package where the drawing processes find it, whatever the folder they start in."""
    search = [str(Path(__file__).resolve().parents[3]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(search)}


def draw_one(folder: Path, name: str) -> None:
    """Draw the chart that stands in the folder as <name>.vl.json."""
    spec = json.loads((folder / f"{name}.vl.json").read_text(encoding="utf-8"))
    describe_marks(spec)
    svg = tipped(named(vl_convert.vegalite_to_svg(json.dumps(spec)), name))
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8", newline="\n")
    (folder / f"{name}.png").write_bytes(vl_convert.svg_to_png(svg, scale=PNG_SCALE))


def describe_marks(spec: object) -> None:
    """Describe each mark of a Vega-Lite chart by its tooltip's fields, in place: `tipped` makes titles of it."""
    if isinstance(spec, list):
        for part in spec:
            describe_marks(part)
    if not isinstance(spec, dict):
        return
    encoding = spec.get("encoding", {})
    fields = encoding.get("tooltip")
    if fields:
        parts = [_tip(field) for field in (fields if isinstance(fields, list) else [fields]) if "field" in field]
        expression = " + ".join([json.dumps(TIP), *(part for part in parts)])
        encoding["description"] = {"value": {"expr": expression}}
    for name in ("layer", "hconcat", "vconcat", "concat", "spec"):
        describe_marks(spec.get(name))


def _tip(field: dict[str, str]) -> str:
    """A Vega expression of a tooltip's field: its title, if it has one, and its value; nothing where there is none."""
    value = f"datum[{json.dumps(field['field'])}]"
    written = f"format({value}, {json.dumps(field['format'])})" if "format" in field else f"toString({value})"
    head = f"{field['title']}: " if field.get("title", "").strip() else ""
    return f"(isValid({value}) && {value} !== '' ? {json.dumps(TIP_JOINT + head)} + {written} : '')"


def tipped(svg: str) -> str:
    """The SVG with a title in each mark that `describe_marks` described, which browsers show on pointing at it."""

    def titled(match: re.Match[str]) -> str:
        head, label, rest, closed = match.groups()
        words = label.removeprefix(TIP + TIP_JOINT).removeprefix(TIP)
        title = f"<title>{words}</title>" if words else ""
        opened = f'{head}aria-label="{words}"{rest}>{title}'
        return opened + (f"</{head[1:].split()[0]}>" if closed else "")

    return re.sub(rf'(<\w+ [^<>]*?)aria-label="({TIP}[^"]*)"([^<>]*?)(/?)>', titled, svg)


def register_font() -> None:
    """Give vl-convert a font with kanji: it draws empty boxes, without a warning, where it has none."""
    vl_convert.register_font_directory(str(_font().parent))


def _font() -> Path:
    package = importlib.util.find_spec("matplotlib_fontja")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("matplotlib-fontja, which brings the font, is not installed")
    return Path(package.origin).parent / "fonts" / "ipaexg.ttf"


def _reduce_font(specs: Iterable[str], folder: Path) -> None:
    """Save the font with the charts' characters alone: vl-convert opens it anew a dozen times for each character."""
    from fontTools import subset, ttLib

    characters = {sign for spec in specs for sign in json.dumps(json.loads(spec), ensure_ascii=False)}
    font = ttLib.TTFont(_font(), lazy=True)
    reduced = subset.Subsetter()
    reduced.populate(text="".join(sorted(characters)) + OWN_SIGNS)
    reduced.subset(font)
    font.save(folder / "reduced.ttf")


def named(svg: str, name: str) -> str:
    """The SVG with identifiers of its own, numbered anew: Vega counts them on from chart to chart."""
    identifiers = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    numbers = {identifier: f"{name}-{n}" for n, identifier in enumerate(identifiers)}
    return re.sub(r'(\bid="|url\(#|href="#)([^")]+)', lambda match: match[1] + numbers.get(match[2], match[2]), svg)


def flexible(svg: str) -> str:
    """The SVG free to shrink with the page, as far as its words can still be read, and without what it says to those
    who cannot see it: the page says it for the whole chart."""
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    style = rf'<svg \1style="max-width:\2px;min-width:min({LEAST_WIDTH},\2px);width:100%;height:auto"'
    return re.sub(r'<svg ([^>]*?)width="([0-9.]+)" height="([0-9.]+)"', style, svg, count=1)


if __name__ == "__main__":
    vl_convert.register_font_directory(sys.argv[1])
    for chosen in sys.argv[3:]:
        draw_one(Path(sys.argv[2]), chosen)
