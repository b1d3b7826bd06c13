"""Charts: kanji are drawn, marks stand, and several charts can stand in one page."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import altair as alt
import polars as pl
import pytest
import vl_convert

from analysis.report import notebook
from analysis.report.charts import bars, render
from analysis.report.charts import base as charts


@pytest.fixture(autouse=True, scope="module")
def _font():
    render.register_font()


def picture(text: str) -> bytes:
    style = f'font-family="{charts.FONT}" font-size="20"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="30"><text x="4" y="22" {style}>{text}</text></svg>'
    )
    return vl_convert.svg_to_png(svg)


def test_kanji_are_drawn_and_not_boxes():
    # where a font lacks a character, every character is the same box
    assert picture("漢") != picture("字")
    assert picture("漢") != picture("　")


def chart(language: str = "en") -> alt.LayerChart:
    """Two bars, and a number behind each."""
    label = {"en": "lamp", "ja": "灯台"}[language]
    table = pl.DataFrame({"label": ["a", label], "measures": [1, 2], "own": [1, 2]})
    return bars.stacked(table, {"own": (label, "#2b6ca3")}, 20, "n", alt.TitleParams("title"), "told")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_chart_has_marks_and_its_words(language, tmp_path):
    render.draw({"topics": chart(language).to_json()}, tmp_path)
    svg = (tmp_path / "topics.svg").read_text(encoding="utf-8")
    assert svg.count('aria-roledescription="bar"') == 2
    assert ("灯台" in svg) == (language == "ja")
    assert (tmp_path / "topics.svg").stat().st_size > 1000
    assert (tmp_path / "topics.png").read_bytes().startswith(b"\x89PNG")


def test_identifiers_of_two_charts_do_not_meet():
    clipped = '<clipPath id="clip7"/><g clip-path="url(#clip7)"/>'
    svg = f'<svg class="marks" width="10" height="5" viewBox="0 0 10 5">{clipped}</svg>'
    one, two = render.named(svg, "one"), render.named(svg, "two")
    assert 'id="one-0"' in one
    assert "url(#one-0)" in one
    assert not set(re.findall(r'\bid="[^"]+"', one)) & set(re.findall(r'\bid="[^"]+"', two))
    assert 'width="10"' not in render.flexible(one)


def test_the_same_chart_is_the_same_picture(tmp_path):
    one, two = (render.draw({"a": chart().to_json()}, tmp_path / n) for n in "xy")
    assert one == two
    assert (tmp_path / "x/a.png").read_bytes() == (tmp_path / "y/a.png").read_bytes()


def test_notebooks_show_data_without_random_identifiers():
    notebook.begin(language="en")
    one, two = (chart()._repr_mimebundle_() for _ in range(2))
    assert one == two
    assert charts.JUPYTERLAB_TYPE in one


def test_a_chart_that_cannot_be_drawn_is_no_silent_hole(tmp_path):
    with pytest.raises(RuntimeError, match="could not be drawn"):
        render.draw({"broken": "{}"}, tmp_path)


def test_the_page_speaks_for_the_chart_alone():
    group = '<g role="graphics-symbol" aria-label="&quot;x&quot;"><text>a</text></g>'
    svg = f'<svg width="9" height="8">{group}</svg>'
    inside = render.flexible(svg)
    assert "role" not in inside
    assert "aria" not in inside
    assert "<g><text>a</text></g>" in inside


def test_a_script_can_draw_from_any_folder(tmp_path):
    spec = chart().to_json()
    script = "from pathlib import Path\nfrom analysis.report.charts import render\n"
    script += f"render.draw({{'a': {spec!r}}}, Path('.'))"
    environment = os.environ | {"PYTHONPATH": str(Path(charts.__file__).parents[3])}
    run = subprocess.run([sys.executable, "-"], input=script, cwd=tmp_path, env=environment, text=True)
    assert run.returncode == 0
    assert (tmp_path / "a.png").stat().st_size > 1000


def test_what_is_being_drawn_ends_with_the_caller(tmp_path):
    spec = chart().to_json()
    names = "abcdefgh"
    with pytest.raises(ZeroDivisionError), render.drawing(dict.fromkeys(names, spec), tmp_path):
        raise ZeroDivisionError
    assert len(list(tmp_path.glob("*.png"))) < len(names)


def test_signs_that_no_chart_description_holds_are_drawn_with_the_whole_font(tmp_path):
    """The font is reduced to a chart's characters: what Vega writes by itself must be among them."""
    rows = [{"x": x, "name": "灯台の灯台の灯台"} for x in (-0.000004, 1234567.5)]
    axis = {"format": "~s", "titleLimit": 40, "title": "灯台の灯台の灯台の灯台"}
    encoding = {"x": {"field": "x", "type": "quantitative", "axis": axis}, "y": {"field": "name", "type": "nominal"}}
    spec = json.dumps(
        {"data": {"values": rows}, "mark": "point", "encoding": encoding, "config": {"font": "IPAexGothic"}}
    )
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole/a.vl.json").write_text(spec, encoding="utf-8")
    render.draw_one(tmp_path / "whole", "a")
    svg = render.draw({"a": spec}, tmp_path)["a"]
    assert "…" in svg
    assert "M" in svg
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "whole/a.png").read_bytes()


def test_a_mark_has_its_tooltip_as_a_title(tmp_path):
    rows = pl.DataFrame({"name": ["灯台 <1>", "港"], "share": [0.25, 0.5], "note": ["", "a note"]})
    tips = ["name:N", alt.Tooltip("share:Q", format=".0%", title="share"), "note:N"]
    chart = alt.Chart(rows).mark_bar().encode(x="share:Q", y="name:N", tooltip=tips)
    svg = render.draw({"tips": chart.to_json()}, tmp_path)["tips"]
    assert re.findall(r"<title>([^<]*)</title>", svg) == ["灯台 &lt;1&gt; · share: 25%", "港 · share: 50% · a note"]
    assert render.TIP not in svg
    plain = alt.Chart(rows).mark_bar().encode(x="share:Q", y="name:N")
    assert "<title>" not in render.draw({"plain": plain.to_json()}, tmp_path)["plain"]
