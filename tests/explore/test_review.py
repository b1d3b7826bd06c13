"""A review is blind before a decision, of any codebook; its panel writes what its buttons say, and a sample's figures
rest on that sample alone."""

import re
import shutil
from html import unescape
from pathlib import Path

import polars as pl
import pytest
import records
from test_review_queue import ONE, OTHER, decided, tables_of

from analysis.base import paths
from analysis.base.errors import UsageFault
from analysis.base.i18n import LANGUAGES
from analysis.coding import codebooks, codings, decisions, record
from analysis.coding.record import PacketRecord
from analysis.continuity import link_model, model_parameters
from analysis.explore import review, review_panel, review_queue
from analysis.report import pair_view
from analysis.report.parameters import MODES
from analysis.tables import store

WHO = "K. Tanaka"
LINKED, TWO = 0.95, "同じ灯台の別の明かり。"
PAIRS = {(1, 1): (LINKED, 0.9), (2, 2): (LINKED, 0.1), (3, 3): (0.1, 0.01), (4, 4): (0.03, 0.01), (4, 3): (0.04, 0.0)}
# words that would say what coders, the model or the run make of a unit
GIVEAWAYS = ("score", "0.95", "0.10", "likeness", "relation", "basis", "Lamps", "continued", "ended", "coder", "topic")
OWN = """
codebook_id = "lamps"
version = "1"
title = "Lamps"
unit = "{unit}"
rules = ["Judge each by itself."]

[[variable]]
variable_id = "light"
question = "Is there <light>?"

[[variable.category]]
category_id = "yes"
name_en = "Yes & more"
name_ja = "はい"
definition = "Some light."

[[variable.category]]
category_id = "no"
name_en = "No"
name_ja = "いいえ"
definition = "None."
absent = {absent}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with the codebooks and nothing coded."""
    shutil.copytree(paths.curated(), tmp_path / "data/curated")
    shutil.rmtree(tmp_path / "data/curated/codings")
    monkeypatch.setenv("IP_PLAN_ROOT", str(tmp_path))
    return tmp_path


def tables(pairs: dict | None = None, texts: bool = True) -> dict[str, pl.DataFrame]:
    made = tables_of(PAIRS if pairs is None else pairs, decided())
    unclear = pl.col("measure_id") == f"{ONE}-0003"
    made["assignments"] = made["assignments"].with_columns(
        topic_id=pl.when(~unclear).then(pl.lit("startup")),
        probability=pl.lit(0.9),
        basis=pl.lit("model"),
        unclear=unclear,
    )
    topics = {"topic_id": ["a", "startup", "ai"], "name_en": ["Lamps"] * 3, "name_ja": ["灯"] * 3}
    made["topics"] = pl.DataFrame(topics)
    keys = made["measures"]["measure_id"].to_list()
    rows = {"measure_id": keys, "text": [f"{key}の灯台。<b>" for key in keys], "repaired": [None] * len(keys)}
    rows |= {"section_title": ["長い題の航路"] * len(keys), "subhead": [None] * len(keys)}
    made["texts"] = (
        pl.DataFrame(rows, schema_overrides={"repaired": pl.String, "subhead": pl.String})
        if texts
        else store.empty("texts")
    )
    return made


def begun(codebook: str = "links", mode: str = "doubtful", made: dict | None = None, **more: object) -> review.Review:
    return review.begin(codebook, mode, ONE, OTHER, tables() if made is None else made, **more)


def panel(asked: review.Review, language: str = "en") -> review_panel.ReviewPanel:
    return review_panel.ReviewPanel(asked, WHO, language)


def shown(at: review_panel.ReviewPanel) -> str:
    """All that the panel shows of a unit, as text."""
    parts = [at.head.value, at.view.value, at.question.value, at.message.value]
    html = re.sub("<style>.*?</style>|</?(?:del|ins)>", "", " ".join(parts), flags=re.DOTALL)
    return unescape(re.sub("<[^>]*>", " ", html))


def choose(at: review_panel.ReviewPanel, variable: str, category: str) -> None:
    button = at.choices[variable][category]
    assert button.layout.display is None
    button.click()


def made_by_people(codebook: str = "links") -> list[tuple]:
    book = codebooks.codebook(codebook)
    return decisions.of_people(book).select(*review.key(book), *book.variables, "role", "seed", "why").rows()


def code(codebook: str, said: dict[str, dict[str, str]], role: str = "coder", edition: str | None = ONE) -> None:
    """Record what coders say of measures: {coder: {unit: value of the first variable}}."""
    book = codebooks.codebook(codebook)
    for coder, values in said.items():
        packet = PacketRecord(
            packet_id=f"{codebook}-{coder}", codebook=codebook, version=book.version, role=role, coder=coder,
            kind="person", date="2030-01-01", edition=edition,
        )  # fmt: skip
        empty = dict.fromkeys(record.columns(book), "")
        rows = [
            empty | {"packet_id": packet.packet_id, "unit_id": unit, book.variables[0]: value}
            for unit, value in values.items()
        ]
        record.add(book, packet, rows)


def own_codebook(root: Path, unit: str) -> None:
    text = OWN.format(unit=unit, absent="true" if unit == "pair" else "false")
    (root / "data/curated/codebooks/lamps.toml").write_text(text, encoding="utf-8")


# --- blind


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("codebook", ["links", "topics"])
def test_nothing_is_shown_but_the_documents_before_a_decision(root, codebook, mode):
    records.by_both([(f"{ONE}-0003", f"{OTHER}-0003", "same")])
    records.write([("A", f"{ONE}-0004", f"{OTHER}-0004", "same", "a secret reason")])
    records.write([("B", f"{ONE}-0004", None, "none", "")])
    code("topics", {"C. Sato": {f"{ONE}-0002": "startup"}, "D. Ito": {f"{ONE}-0002": "leak"}})
    made = tables()
    made["read"] = codings.table(made["measures"])
    asked = begun(codebook, mode, made)
    assert list(asked.units().columns) == asked.key
    assert len(asked.units()) > 0
    assert "held" not in repr(asked)
    at = panel(asked)
    while not at.over:
        text = shown(at)
        assert f"{at.unit['unit_id']}の灯台。<b>" in text
        assert "lines 1–2 of d" in text
        assert "長い題の航路" in text
        assert not [word for word in (*GIVEAWAYS, "secret", "Sato") if word in text]
        at.actions["skip"].click()
    assert review.decided(asked, "en").is_empty()


@pytest.mark.parametrize("mode", MODES)
def test_the_order_is_one_of_the_seed_alone(root, mode):
    asked = begun(mode=mode, seed="1")
    orders = {tuple(begun(mode=mode, seed=seed).units().rows()) for seed in "123456789"}
    assert len({order[0] for order in orders}) > 1
    assert len({tuple(sorted(order)) for order in orders}) == 1
    assert begun(mode=mode, seed="1").units().equals(asked.units())


def test_of_a_doubtful_unit_the_rest_is_told_after_the_decision(root):
    records.write([("A", f"{ONE}-0003", f"{OTHER}-0003", "same", "why"), ("B", f"{ONE}-0003", None, "none", "")])
    records.write([("C", f"{ONE}-0003", f"{OTHER}-0003", "related", "why")])
    made = tables({(3, 3): (0.1, 0.01)})
    made["read"] = codings.table(made["measures"])
    asked = begun(made=made)
    assert asked.units().rows() == [(f"{ONE}-0003", f"{OTHER}-0003")]
    at = panel(asked)
    choose(at, "relation", "none")
    assert at.message.value.endswith(
        "held before: No link · coders: Same initiative; not named · adjudicator: Same subject only · model: 0.10 · "
        "asked because: coders differed, or a text has changed since"
    )


def test_a_sample_stays_blind_to_its_end(root):
    at = panel(begun(mode="sample"))
    choose(at, "relation", "same")
    assert re.fullmatch(r"20\d\d-\d+ → 20\d\d-\d+: Same initiative \(K\. Tanaka\)\.", at.message.value)
    at.actions["back"].click()
    assert not [word for word in GIVEAWAYS if word in shown(at)]


def by_the_model(pairs: dict) -> dict[str, pl.DataFrame]:
    """The tables, with candidates that have the model's own score, by features that make it doubtful."""
    made = tables(pairs)
    rows = made["candidates"].with_columns(lead=pl.lit(0.4))
    made["candidates"] = link_model.score(rows, model_parameters.link_model())
    return made


def test_why_the_model_would_link_a_pair_is_shown_after_the_decision_alone(root):
    near = model_parameters.link_model().between("2030", "2031").link_from
    asked = begun(made=by_the_model({(1, 1): (near, 0.1), (2, 2): (near, 0.1)}))
    at = panel(asked)
    first = at.unit
    assert "waterfall" not in at.message.value + at.view.value
    assert review.why(asked, first, "en") != ""
    choose(at, "relation", "same")
    assert 'class="waterfall"' in at.message.value
    assert "What holds rests on: a person&#39;s decision." in at.message.value
    assert "waterfall" not in at.view.value
    at.actions["skip"].click()  # the next unit is not decided
    assert "waterfall" not in at.message.value
    at.actions["back"].click()
    assert "waterfall" not in at.message.value
    at.actions["back"].click()
    assert at.unit == first
    assert 'class="waterfall"' in at.message.value
    at.actions["withdraw"].click()
    assert "waterfall" not in at.message.value


@pytest.mark.parametrize(("codebook", "mode"), [("links", "sample"), ("topics", "doubtful"), ("topics", "sample")])
def test_of_samples_and_of_topics_no_waterfall_is_shown_even_then(root, codebook, mode):
    made = by_the_model({(1, 1): (0.5, 0.1), (2, 2): (0.5, 0.1)})
    at = panel(begun(codebook, mode, made))
    if codebook == "links":
        assert pair_view.explained(*at.unit.values(), made) is not None
    button = next(iter(at.choices[at.review.variable].values()))
    unit = at.unit
    button.click()
    assert review.why(at.review, unit, "en") == ""
    assert "waterfall" not in at.message.value + at.view.value


# --- the panel


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_reviewer_there_is_no_panel(root, capsys, language):
    assert review_panel.show(begun(), " ", language) is None
    assert "reviewer" in capsys.readouterr().out
    assert made_by_people() == []


def test_the_buttons_write_what_they_say(root):
    near = 1.1 * model_parameters.link_model().between("2030", "2031").link_from
    at = panel(begun(made=tables({(1, 1): (near, 0.1), (2, 2): (near, 0.1)})))
    first, second = at.units
    assert "1 of 2 · 0 decided" in at.head.value
    assert (at.actions["back"].disabled, at.actions["withdraw"].disabled) == (True, True)
    at.why.value = "other <object>"
    choose(at, "relation", "none")
    assert f"{first['unit_id']} → {first['to_id']}: No link (K. Tanaka). other &lt;object&gt;" in at.message.value
    assert second["unit_id"] in at.view.value
    assert at.why.value == ""
    at.why.value = "=1+1"
    choose(at, "relation", "same")
    assert "why begins with" in at.message.value
    assert second["unit_id"] in at.view.value
    at.why.value = ""  # a decision needs no reason
    choose(at, "relation", "successor")
    assert at.view.value == ""
    assert "No further unit waits" in at.head.value
    assert [button.layout.display for button in at.choices["relation"].values()] == ["none"] * 4
    assert sorted(made_by_people(), key=lambda row: row != (*first.values(), *row[2:])) == [
        (*first.values(), "none", "reviewer", None, "other <object>"),
        (*second.values(), "successor", "reviewer", None, None),
    ]
    assert len(decisions.table(tables()["measures"])) == 2  # the next run obeys


def test_a_decision_can_be_taken_back_or_replaced(root):
    asked = begun(mode="sample", seed="7")
    decisions.decide(*asked.units().row(0), "confirm", "same", who="M. Abe", measures=tables()["measures"])
    at = panel(asked, "ja")
    first, second = at.units[:2]
    choose(at, "relation", "same")
    choose(at, "relation", "none")
    at.actions["withdraw"].click()  # the last one
    assert at.unit == second
    assert "判断を取り消した" in at.message.value
    at.actions["back"].click()
    assert at.unit == first
    assert "同一の施策" in at.message.value
    choose(at, "relation", "related")
    assert [row for row in made_by_people() if row[3] == "sample"] == [
        (*first.values(), "related", "sample", "7", None)
    ]
    at.actions["withdraw"].click()
    assert at.unit == first
    assert at.actions["withdraw"].disabled
    # another's decision in a review is another's
    assert [row[3] for row in made_by_people()] == ["reviewer"]


def test_keys_stand_on_the_buttons_and_no_two_are_the_same(root):
    at = panel(begun("topics", "sample"))
    at.place.every = True
    at._ask()
    shown_buttons = [
        button for group in (*at.choices.values(), at.actions) for button in group.values()
        if button.layout.display is None
    ]  # fmt: skip
    keys = [name for button in shown_buttons for name in button._dom_classes if name.startswith("review-key-")]
    assert len(keys) == len(set(keys)) == 17 + 2  # every topic, and to skip by Enter and s
    assert at.choices["topic"]["edu"].description == "IP education and creative talent (1)"
    assert at.choices["topic"]["none"].description == "None of these (h)"
    assert at.actions["skip"].description == "Skip (Enter, s)"


def test_units_without_their_texts_say_so(root):
    at = panel(begun(made=tables(texts=False)))
    assert "The document is not at hand" in shown(at)
    assert "灯台守" in shown(at)
    single = panel(begun("topics", "sample", tables(texts=False)))
    assert "The document is not at hand" in shown(single)


def test_what_the_panel_shows_is_not_what_a_notebook_saves(root):
    box = review_panel.show(begun(), WHO, "en")
    assert "の灯台" in box.children[1].value
    assert "灯台" not in str(box._repr_mimebundle_())


def test_what_was_decided_is_not_asked_again_unless_its_text_changed(root):
    asked = begun(mode="sample")
    at = panel(asked)
    first = at.unit
    choose(at, "relation", "same")
    again = begun(mode="sample")
    assert len(again.units()) == len(asked.asked) - 1
    assert tuple(first.values()) not in again.units().rows()
    assert begun(mode="sample", seed="2").units().height == len(asked.asked)  # another sample asks for itself
    made = tables()
    made["measures"] = made["measures"].with_columns(
        text_hash=pl.when(measure_id=first["to_id"]).then(pl.lit("new")).otherwise("text_hash")
    )
    changed = begun(mode="sample", made=made)
    assert tuple(first.values()) in changed.units().rows()
    assert review.decided(changed, "en").is_empty()


# --- topics, and codebooks of one's own


def test_topics_are_labelled_with_one_key_and_more_only_where_asked(root):
    at = panel(begun("topics", "sample"))
    first, second, third = at.units[:3]
    choose(at, "topic", "startup")  # has no sub-categories: decided
    assert at.unit == second
    choose(at, "topic", "univ")  # has some: one more key
    assert at.unit == second
    assert [name for name, button in at.choices["sub_topic"].items() if button.layout.display is None] == [
        "univ-transfer",
        "univ-open",
    ]
    assert at.choices["sub_topic"]["univ-open"].description.endswith("(2)")
    choose(at, "sub_topic", "univ-open")
    assert at.unit == third
    at.actions["more"].click()
    choose(at, "topic", "std")
    assert at.choices["second_topic"]["std"].layout.display == "none"  # no second topic repeats the first
    at.actions["empty"].click()
    choose(at, "sub_topic", "std-people")
    assert sorted(made_by_people("topics")) == sorted(
        [
            (first["unit_id"], "startup", None, None, "sample", "1", None),
            (second["unit_id"], "univ", None, "univ-open", "sample", "1", None),
            (third["unit_id"], "std", None, "std-people", "sample", "1", None),
        ]
    )


def test_doubtful_topics_are_those_coders_differ_about_and_those_the_model_alone_is_unsure_of(root):
    code(
        "topics",
        {
            "A": {f"{ONE}-0001": "startup", f"{ONE}-0002": "startup"},
            "B": {f"{ONE}-0001": "ai", f"{ONE}-0002": "startup"},
        },
    )
    made = tables()
    asked = begun("topics", made=made)
    assert sorted(asked.units()["unit_id"]) == [f"{ONE}-0001", f"{ONE}-0003"]
    reasons = dict(asked.asked.select("unit_id", "reasons").iter_rows())
    assert reasons == {f"{ONE}-0001": ["contested"], f"{ONE}-0003": ["unsure"]}
    at = panel(asked)
    choose(at, "topic", "agri")
    choose(at, "topic", "agri")
    assert begun("topics", made=made).units().is_empty()
    # what an adjudicator decided is not asked
    code("topics", {"C": {f"{ONE}-0001": "ai"}}, role="adjudicator")
    for row in made_by_people("topics"):
        decisions.take_back(codebooks.codebook("topics"), {"unit_id": row[0]})
    assert begun("topics", made=made).units()["unit_id"].to_list() == [f"{ONE}-0003"]
    assert (
        begun("topics", made=made, number=5).population.row(by_predicate=pl.col("unit_id") == f"{ONE}-0001")[1] == "ai"
    )


def test_what_holds_of_a_topic_is_never_a_persons_decision(root):
    code("topics", {"A": {f"{ONE}-0002": "startup"}, "B": {f"{ONE}-0002": "ai"}})
    made = tables()
    decided_by_people = pl.col("measure_id") == f"{ONE}-0001"
    made["assignments"] = made["assignments"].with_columns(
        topic_id=pl.when(decided_by_people).then(pl.lit("ai")).otherwise("topic_id"),
        basis=pl.when(decided_by_people).then(pl.lit("decision")).otherwise("basis"),
    )
    held = dict(begun("topics", made=made).population.select("unit_id", "held").iter_rows())
    assert held[f"{ONE}-0001"] is None
    assert held[f"{ONE}-0002"] == "startup"  # coders differ: the run takes what the model says
    assert held[f"{ONE}-0003"] is None  # unclear
    assert held[f"{ONE}-0004"] == "startup"


@pytest.mark.parametrize("unit", ["measure", "pair"])
def test_a_codebook_of_ones_own_needs_no_code(root, unit):
    own_codebook(root, unit)
    asked = begun("lamps", "sample")
    at = panel(asked)
    assert "Is there &lt;light&gt;?" in at.question.value
    count = len(at.units)
    choose(at, "light", "yes")
    assert "Yes &amp; more" in at.message.value
    assert len(made_by_people("lamps")) == 1
    assert len(begun("lamps", "sample").units()) == count - 1
    assert begun("lamps").units().is_empty()  # nobody coded: nobody differs
    assert review.sentences(asked, "ja")


def test_a_codebook_may_be_about_measures_of_a_status_only(root):
    made = tables()
    ended = made["statuses"].filter(status="ended", edition_id=ONE)["measure_id"]
    assert len(ended) > 0
    asked = begun("endings", "sample", made)
    assert sorted(asked.units()["unit_id"]) == sorted(ended)


def test_pairs_of_ones_own_codebook_are_asked_where_coders_differ(root):
    own_codebook(root, "pair")
    book = codebooks.codebook("lamps")
    for coder, to_id in (("A", f"{OTHER}-0005"), ("B", None)):
        packet = PacketRecord(
            packet_id=f"lamps-{coder}", codebook="lamps", version="1", role="coder", coder=coder, kind="person",
            date="2030-01-01", edition=ONE, against=OTHER,
        )  # fmt: skip
        row = {"packet_id": packet.packet_id, "unit_id": f"{ONE}-0001", "to_id": to_id or ""}
        record.add(book, packet, [dict.fromkeys(record.columns(book), "") | row | {"light": "yes" if to_id else "no"}])
    asked = begun("lamps")
    assert asked.units().rows() == [(f"{ONE}-0001", f"{OTHER}-0005")]
    at = panel(asked)
    choose(at, "light", "no")
    assert "held before: Yes &amp; more · coders: Yes &amp; more; not named" in at.message.value
    assert begun("lamps").units().is_empty()
    assert "yes" in begun("lamps", "sample").asked["stratum"].to_list()


# --- estimates


def test_a_sample_says_how_many_links_are_right_and_found(root):
    asked = begun(mode="sample", seed="3")
    at = panel(asked)
    truth = {(f"{ONE}-0001", f"{OTHER}-0001"): "same", (f"{ONE}-0003", f"{OTHER}-0003"): "same"}
    while not at.over:
        choose(at, "relation", truth.get(tuple(at.unit.values()), "none"))
    rows = {row["figure"]: row for row in review.estimates(asked).iter_rows(named=True) if row["of"] == "link"}
    assert (rows["precision"]["estimate"], rows["recall"]["estimate"]) == (0.5, 0.5)  # 1 of 2 right, 1 of 2 found
    assert rows["recall"]["decided"] == rows["recall"]["units"] == len(PAIRS)
    said = " ".join(review.sentences(asked, "en"))
    assert "50.0% (95%: 50.0%–50.0%) is one (precision)" in said  # all were decided
    assert "never a candidate" in said
    # neither doubtful decisions nor another sample's change it, nor does a run that obeys them
    other = {(f"{ONE}-0002", f"{OTHER}-0002"): "same"}
    for pair in other:
        decisions.decide(*pair, "confirm", "same", who=WHO, measures=tables()["measures"])
    assert review.estimates(begun(mode="sample", seed="3")).equals(review.estimates(asked))
    assert review.estimates(begun(mode="sample", seed="4"))["estimate"].is_null().all()
    after = tables_of(PAIRS, decisions.table(tables()["measures"]))
    obeyed = begun(mode="sample", seed="3", made=tables() | {name: after[name] for name in ("links", "statuses")})
    assert review.estimates(obeyed).equals(review.estimates(asked))
    table = review.decided(asked, "en")
    assert set(table["relation"]) == {"Same initiative", "No link"}
    assert table.filter(pl.col("held") != pl.col("relation")).height == 2


def test_doubtful_decisions_give_no_estimate(root):
    asked = begun()
    at = panel(asked)
    choose(at, "relation", "none")
    assert review.estimates(asked).is_empty()
    assert len(review.sentences(asked, "en")) == 1


def test_the_accuracy_of_topics_is_about_what_holds_without_people(root):
    code("topics", {"A": {f"{ONE}-0001": "ai"}, "B": {f"{ONE}-0001": "ai"}})
    asked = begun("topics", "sample")
    at = panel(asked)
    while not at.over:
        choose(at, "topic", "startup")
    (row,) = review.estimates(asked).iter_rows(named=True)
    # ten measures: one is coded otherwise, one fits nothing by the model and holds no topic
    assert (row["figure"], row["estimate"], row["decided"], row["units"]) == ("accuracy", 8 / 9, 9, 9)
    assert "88.9%" in " ".join(review.sentences(asked, "en"))
    assert review.estimates(begun("topics", "sample")).row(0)[2] == 8 / 9  # the coders' word, not the person's own


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_say_what_is_missing(root, language):
    asked = begun(mode="sample")
    said = review.sentences(asked, language)
    assert len(said) == 4
    assert all(sentence.endswith((".", "。")) for sentence in said)
    assert f"{len(asked.asked)}" in said[0]


# --- faults


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"mode": "all"}, "choose doubtful or sample"),
        ({"codebook": "lights"}, "choose one of"),
        ({"earlier": OTHER, "later": ONE}, "no earlier one"),
        ({"seed": " "}, "a seed"),
        ({"number": 0}, "from 1 on"),
    ],
)
def test_what_does_not_exist_is_refused(root, values, says):
    asked = {"codebook": "links", "mode": "sample", "earlier": ONE, "later": OTHER, "tables": tables()} | values
    with pytest.raises(UsageFault, match=says):
        review.begin(**asked)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("codebook", ["links", "topics"])
def test_the_committed_tables_can_be_reviewed(codebook, mode):
    made = review_queue.load() | {"texts": store.empty("texts")}
    asked = review.begin(codebook, mode, "2019", "2026", made)
    assert 0 <= len(asked.units()) <= 100 + 5 * 6
    assert mode == "doubtful" or len(asked.units()) == 100
    for unit in asked.units().head(2).to_dicts():
        assert review.said(asked, unit, "ja")
