"""Exhibit of the notebook, without a chart: how far topics, and what could be checked, can be trusted."""

import re

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report.data import ReportData
from analysis.report.exhibit import Cell, Exhibit, Rows
from analysis.tables import editions
from analysis.tables.labels import label

TOPICS = "document_left_out"
WHAT = {
    "coders": N_("coders with each other"),
    TOPICS: N_("topic model, on documents that it did not see"),
    "section_left_out": N_("topic model, on sections that it did not see"),
    "checkability_left_out": N_("rules of grammar, on editions that they were not written on"),
    "checkability_written_on": N_("rules of grammar, on editions that they were written on"),
}
CHECK = re.compile(rf"({'|'.join(WHAT)})(?:_(ip[0-9a-z]+|R?\d{{4}}))?(?:_(act|output|due|quantity))?_accuracy")


def exhibit(data: ReportData) -> Exhibit | None:
    """Return the agreement of model, rules and coders, a row each; None where nothing was coded."""
    checks, _ = dict(data.tables["validity"].iter_rows()), data.gettext
    if f"{TOPICS}_accuracy" not in checks:
        return None
    heads = [_("what"), _("edition"), _("variable"), _("measures"), _("agreement"), _("95% interval"),
             _("Cohen's kappa")]  # fmt: skip
    rows = [_row(check, checks, data) for name in checks if (check := CHECK.fullmatch(name))]
    place = {_(what): n for n, what in enumerate(WHAT.values())}
    rows.sort(key=lambda row: (place[str(row[0])], str(row[1]), str(row[2])))
    values = {name: percent(checks[f"{TOPICS}_{name}"]) for name in ("accuracy", "coverage", "accuracy_of_clear")}
    said = _(
        "Before documents that it did not see, the topic model gives the coders' topic to {accuracy} of {measures} "
        "measures; it is sure enough of {coverage} of them, and right about {accuracy_of_clear} of those.",
        measures=int(checks[f"{TOPICS}_measures"]), **values,
    )  # fmt: skip
    coders = [
        _("Coders who did not know of each other give the same topic to {agreement}.",
          agreement=percent(checks["coders_accuracy"]))
    ] * ("coders_accuracy" in checks)  # fmt: skip
    return Exhibit(
        __name__, "validity", "", "02_topics", rows=Rows(heads, rows, ["validity"]), sentences=[said, *coders]
    )


def _row(check: re.Match[str], checks: dict[str, float], data: ReportData) -> list[Cell]:
    kind, edition, variable = check.groups()
    name = check[0].removesuffix("_accuracy")
    whole = f"{name.removesuffix(f'_{variable}')}_measures"
    ends = [checks.get(f"{check[0]}_{end}") for end in ("low", "high")]
    kappa = checks.get(f"{name}_kappa")
    return [
        data.gettext(WHAT[kind]),
        editions.label(edition.removeprefix("ip"), data.language) if edition else data.gettext("all"),
        label("variable", variable or "topic", data.language),
        int(checks[whole]) if whole in checks else None,
        percent(checks[check[0]]),
        "–" if None in ends else f"{percent(ends[0])}–{percent(ends[1])}",
        "–" if kappa is None else f"{kappa:.2f}",
    ]
