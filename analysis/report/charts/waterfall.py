"""Why the link model gives a pair its probability: a bar for what each similarity feature adds to the log-odds."""

import altair as alt
import polars as pl

from analysis.base.i18n import gettext
from analysis.continuity.explanation import Explanation
from analysis.report import pair_view
from analysis.report.charts.base import BLUE, GREEN, GREY, ORANGE, RED, finished
from analysis.tables.labels import label

WIDTH, STEP, LABEL_LIMIT = 420, 22, 420  # [pixels]


def chart(
    from_id: str, to_id: str, tables: dict[str, pl.DataFrame], language: str, strictness: float = 1.0
) -> alt.LayerChart | None:
    """Return the waterfall of a pair from the intercept to the log-odds, with the threshold of its editions as a rule.

    tables: those of `pair_view.decides` and `pair_view.explained`; strictness: of the run that made them. None where
    the model says nothing of the pair: it is no candidate, or the parameters were fitted anew since.
    """
    model = pair_view.explained(from_id, to_id, tables, strictness)
    if model is None:
        return None
    basis = pair_view.decides(from_id, to_id, tables)
    data = _data(model, language)
    labels = alt.Axis(labelLimit=LABEL_LIMIT, ticks=False)
    base = alt.Chart(data).encode(y=alt.Y("label:N", sort=data["label"].to_list(), title=None, axis=labels))
    tooltip = [
        alt.Tooltip("label:N", title=gettext("similarity feature", language)),
        alt.Tooltip("value:N", title=gettext("value", language)),
        alt.Tooltip("weight:N", title=gettext("weight", language)),
        alt.Tooltip("log_odds:N", title=gettext("log-odds", language)),
    ]
    bars = base.mark_bar(height={"band": 0.7}).encode(
        x=alt.X("start:Q", title=gettext("log-odds", language)), x2=alt.X2("end:Q"),
        color=alt.Color("colour:N", scale=None), tooltip=tooltip,
    )  # fmt: skip
    numbers = base.mark_text(align="left", dx=4, color="#333").encode(x=alt.X("right:Q"), text=alt.Text("log_odds:N"))
    reached = gettext("threshold: probability {threshold}", language, threshold=pair_view.chance(model.link_from))
    rule = alt.Chart(pl.DataFrame({"x": [model.threshold], "name": [reached]}))
    rules = rule.mark_rule(color=RED, strokeDash=[5, 4]).encode(x=alt.X("x:Q"), tooltip=alt.Tooltip("name:N"))
    name = rule.mark_text(color=RED, dy=-6, baseline="bottom").encode(
        x=alt.X("x:Q"), y=alt.value(0), text=alt.Text("name:N")
    )
    title = gettext("Why the model would link {pair}, or not", language, pair=f"{from_id} → {to_id}")
    told = [f"{row['label']} {row['log_odds']}" for row in data.iter_rows(named=True)]
    sentences = pair_view.model_sentences(model, basis, language)
    result: alt.LayerChart = finished(
        bars + rules + numbers + name, title, sentences, [*sentences, *told, reached], language,
        width=WIDTH, height=alt.Step(STEP), offset=26,
    )  # fmt: skip
    return result


def _data(model: Explanation, language: str) -> pl.DataFrame:
    """The bars from the intercept to the sum: label, value, weight, log_odds (as words), start, end, right, colour."""
    rows = []
    for part, start, end in pair_view.steps(model):
        intercept = part.feature == "intercept"
        rows.append(
            {
                "label": label("similarity", part.feature, language),
                "value": "" if intercept else pair_view.feature_value(part, language),
                "weight": "" if intercept else pair_view.signed(part.weight),
                "log_odds": pair_view.signed(part.log_odds), "start": start, "end": end,
                "colour": GREY if intercept else BLUE if end > start else ORANGE,
            }
        )  # fmt: skip
    probability = pair_view.chance(model.probability)
    total = gettext("the model alone: probability {probability}", language, probability=probability)
    rows.append(
        {"label": total, "value": "", "weight": "", "log_odds": pair_view.signed(model.log_odds), "start": 0.0,
         "end": model.log_odds, "colour": GREEN if model.linked else GREY}
    )  # fmt: skip
    return pl.DataFrame(rows).with_columns(right=pl.max_horizontal("start", "end"))
