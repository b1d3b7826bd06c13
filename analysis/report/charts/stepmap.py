"""A Stepmap: initiatives as rows, editions as columns, a mark for each measure, coloured by how it came about.

The form is that of NISTEP's Stepmap (科学技術・学術政策研究所, 2013), which was drawn by hand.
"""

import re
from typing import Any, cast

import altair as alt
import polars as pl

from analysis.report.charts.base import BLUE, GREEN, GREY, ORANGE, described, tips
from analysis.tables import editions
from analysis.tables.labels import label

ROW, COLUMN = 19, 78  # pixels
COLOURS = {
    "first": GREEN,
    "split": "#7cb48f",
    "evolved": ORANGE,
    "kept": "#1d4468",
    "moved": BLUE,
    "reworded": "#6fa8d6",
}
SECOND_LINE = 20  # pixels below the first line of an edition's name
LONGEST_NAME = 400  # pixels


def chart(rows: pl.DataFrame, columns: list[str], title: str, subtitle: str, language: str) -> alt.LayerChart:
    """Return the chart.

    rows: a measure each: initiative (name, in the order of the rows), edition_id, step (of COLOURS), measure_id,
    heading; `columns` are the editions shown, in the order of time.
    """
    heads = {edition_id: re.sub(r" ?([(（])", r"\n\1", editions.label(edition_id, language)) for edition_id in columns}
    names = {kind: label("step", kind, language) for kind in COLOURS}
    used = [kind for kind in COLOURS if kind in set(rows["step"])]
    domain = [names[kind] for kind in used]
    shown = rows.with_columns(
        column=pl.col("edition_id").replace_strict(heads), kind=pl.col("step").replace_strict(names)
    )
    order = shown["initiative"].unique(maintain_order=True).to_list()
    base = alt.Chart(shown).encode(
        y=alt.Y("initiative:N", sort=None, scale=alt.Scale(domain=order), title=None,
                axis=alt.Axis(labelLimit=LONGEST_NAME, grid=True, ticks=False, domain=False)),
        x=alt.X("column:N", sort=None, scale=alt.Scale(domain=list(heads.values())), title=None,
                axis=alt.Axis(orient="top", labelAngle=0, labelExpr=r"split(datum.label, '\n')", ticks=False,
                              labelPadding=SECOND_LINE, domain=False)),
    )  # fmt: skip
    lines = base.mark_line(color=GREY, strokeWidth=2).encode(detail=alt.Detail("initiative:N"))
    points = base.mark_point(filled=True, size=95, opacity=1, stroke="white").encode(
        color=alt.Color("kind:N", title=None, scale=alt.Scale(domain=domain, range=[COLOURS[kind] for kind in used]),
                        legend=alt.Legend(orient="top", columns=3, symbolType="circle")),
        shape=alt.Shape("kind:N", title=None, legend=None,
                        scale=alt.Scale(domain=domain, range=[SHAPES[kind] for kind in used])),
        tooltip=tips("initiative:N", "column:N", "kind:N", "measure_id:N", "heading:N"),
    )  # fmt: skip
    told = [
        f"{name}: {', '.join(own['column'])}" for (name,), own in shown.group_by(["initiative"], maintain_order=True)
    ]
    size: dict[str, Any] = {"width": COLUMN * len(columns), "height": alt.Step(ROW)}
    whole = alt.layer(
        lines, points, title=alt.TitleParams(title, subtitle=subtitle, anchor="start", frame="group"),
        description=described(title, told, language), **size,
    )  # fmt: skip
    return cast(alt.LayerChart, whole)


SHAPES = {
    "first": "circle", "split": "triangle-right", "evolved": "diamond", "kept": "square", "moved": "square",
    "reworded": "square",
}  # fmt: skip
