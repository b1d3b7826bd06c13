"""Exhibit without a chart: the edition's measures by the horizons they are given."""

from analysis.base.i18n import gettext_noop as N_
from analysis.base.i18n import percent
from analysis.report.data import ReportData
from analysis.report.exhibit import Exhibit, called, rows_of
from analysis.tables import plan_structure
from analysis.tables.labels import label

HEADS = {"horizon": N_("horizon"), "measures": N_("measures"), "measure_ids": N_("which")}


def exhibit(data: ReportData) -> Exhibit | None:
    table = plan_structure.horizons(data.tables["measures"], data.edition)
    if table.is_empty():
        return None

    def named(written: str) -> str:
        """短期・中期 is short and medium."""
        return data.gettext(" and ").join(label("horizon", name, data.language) for name in written.split("・"))

    first = table.row(0, named=True)
    said = data.gettext(
        "{count} of {measures} ({share}) are given the horizon {horizon}.",
        count=first["measures"], measures=data.measures(len(data.counted)),
        share=percent(first["measures"], len(data.counted)), horizon=named(first["horizon"]),
    )  # fmt: skip
    return Exhibit(
        __name__, "horizons", "structure", "01_clean", data.gettext("Measures by horizon"),
        rows=rows_of(table.with_columns(called("horizon", named)), HEADS, ["measures"], data.language),
        sentences=[said],
    )  # fmt: skip
