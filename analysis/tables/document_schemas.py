"""The tables that say what documents hold: measures, rows of roadmaps, figures, and what each line is."""

import dataframely as dy
import polars as pl

from analysis.tables.categories import (
    CHANGES,
    DOCUMENT_STATUSES,
    FIGURE_KINDS,
    HORIZONS,
    KINDS,
    NATURES,
    PART,
    PLACES,
    ROLES,
    UNREAD_REASONS,
    one_of,
)


class Documents(dy.Schema):
    """The documents of the manifest, one row each, with how much they hold."""

    doc_id = dy.String(primary_key=True, description="identifier of the document, e.g. ip2026")
    edition = dy.Int64(min=1900, max=2200, description="year of the plan")
    kind = dy.String(
        check=one_of(KINDS),
        description="full plan, official summary, article about the plan; or what belongs to a plan, in a file of its "
        "own: roadmap (工程表), annex (別紙)",
    )
    status = dy.String(check=one_of(DOCUMENT_STATUSES), description="decided, or a draft (案)")
    title = dy.String(description="title, as published")
    layout = dy.String(description="the parser that knows the document's layout")
    sha256 = dy.String(regex="^[0-9a-f]{64}$", description="checksum of the document that was read")
    bytes = dy.Int64(min=1, description="size of the document [bytes]")
    lines = dy.Int64(min=1, description="lines of the document, blank ones counted [lines]")
    characters = dy.Int64(min=1, description="characters of the document [characters]")
    measures = dy.Int64(min=0, description="measures or policy items found, a roadmap's rows aside [rows]")
    roadmap_rows = dy.Int64(min=0, description="rows of its roadmap found [rows]")


class Measures(dy.Schema):
    """Measures (施策) of full plans and policy items of summaries, one row each, without their texts."""

    measure_id = dy.String(
        primary_key=True, description="edition and first line, e.g. 2026-0236; b, c … where a line holds several"
    )
    doc_id = dy.String(description="document")
    edition = dy.Int64(description="year of the plan")
    part = dy.String(regex=PART, description="body, a roadmap part (2019, 2018, 2017), or summary")
    section = dy.String(description="section code, e.g. III-1-(1) or 2-(2)-①; for summaries the heading, shortened")
    section_title = dy.String(description="title of the section, shortened")
    subhead = dy.String(
        nullable=True, description="headings below the section, outermost first, joined by ' / ', shortened"
    )
    first_line = dy.Int64(min=1, description="first line in the document (1-based)")
    last_line = dy.Int64(min=1, description="last line in the document (1-based), ministries included")
    page = dy.Int64(nullable=True, min=1, description="page of the PDF that it begins on, where it comes from one")
    characters = dy.Int64(min=1, description="length of the text without white space [characters]")
    text_hash = dy.String(
        regex="^[0-9a-f]{16}$", description="first 16 hex digits of the SHA-256 of the text (NFKC, no white space)"
    )
    horizon = dy.List(
        dy.String(check=one_of(HORIZONS)), description="time horizons: 短期 (short), 中期 (medium), 長期 (long)"
    )
    deadline = dy.String(nullable=True, description="by when, as written, where that is no horizon: 令和9年度末まで")
    deadline_years = dy.List(dy.Int64(), description="the western years that the deadline names or spans")
    ministries = dy.List(dy.String(), description="ministries in charge, as written, groups expanded")
    repeated = dy.Bool(description="marked 【再掲】 (stands elsewhere too)")
    repeats = dy.String(nullable=True, description="the measure that a repeated one repeats, where found")
    repeat_changes = dy.List(dy.String(), description="what the repetition changed, as short pieces old→new")
    confidence = dy.Float64(min=0, max=1, description="how sure the parser is, 0–1: 1 less 0.2 for each doubt")
    doubts = dy.List(dy.String(), description="what makes the parser doubt, e.g. 'no ministries'")

    @dy.rule()
    def lines_in_order(cls) -> pl.Expr:
        return pl.col("first_line") <= pl.col("last_line")


class Texts(dy.Schema):
    """Texts of the measures. Not committed: it exists only where the documents are at hand."""

    measure_id = dy.String(primary_key=True, description="measure")
    text = dy.String(description="the whole measure, line wraps closed, footnotes and page furniture removed")
    repaired = dy.String(
        nullable=True,
        description="the text with corrections.csv applied and without footnotes' marks, where that differs",
    )
    section_title = dy.String(description="title of the section, whole")
    subhead = dy.String(nullable=True, description="headings below the section, whole")
    years = dy.List(dy.String(), description="year cells of a roadmap's row, as 'years: text', where they can be told")


class Roadmap(dy.Schema):
    """Rows of a plan's roadmap (工程表): what a measure of the parts 2019, 2018 and 2017 has beside the others."""

    measure_id = dy.String(primary_key=True, description="measure, in a roadmap's part")
    part = dy.String(regex=PART, description="plan that the item comes from: 2019, 2018 or 2017")
    no = dy.Int64(nullable=True, min=1, description="item number (項目番号); empty where 再掲 stands in its place")
    cell = dy.Int64(min=1, description="which of the texts (施策内容) that share the number")
    cells = dy.Int64(min=1, description="how many texts share the number [texts]")
    title = dy.String(nullable=True, description="title (項目名) of an item of the part 2017, shortened")
    carried_to = dy.List(dy.Int64(), description="items of the newest part it was carried to (工程表NNに記載)")


class YearCells(dy.Schema):
    """Year cells of a roadmap's rows, one row each: which years have one, and where it stands. Without their texts."""

    measure_id = dy.String(primary_key=True, description="measure, in a roadmap's part")
    year_cell = dy.Int64(
        primary_key=True, min=1, description="which of its year cells, in the order of years and lines (1-based)"
    )
    years = dy.List(
        dy.Int64(), description="western years that the cell covers; none where its column names none (短期)"
    )
    first_line = dy.Int64(min=1, description="its first line in the document (1-based)")
    last_line = dy.Int64(min=1, description="its last line in the document (1-based)")

    @dy.rule()
    def lines_in_order(cls) -> pl.Expr:
        return pl.col("first_line") <= pl.col("last_line")


class Features(dy.Schema):
    """Countable features of each measure: enough for topics and links, too little to read."""

    measure_id = dy.String(primary_key=True, description="measure")
    terms = dy.List(
        dy.String(), description="content words of the text (SudachiPy, dictionary form), in code-point order"
    )
    term_counts = dy.List(dy.Int64(), description="how often each term occurs [count]")
    names = dy.List(
        dy.String(), description="compound names of two words or more (programmes, laws, bodies), in code-point order"
    )
    heading_terms = dy.List(
        dy.String(), description="content words of the headings it stands under, in code-point order"
    )
    grams = dy.List(dy.Int64(), description="hashed character 2- and 3-grams of the text (buckets 0…2¹⁶-1), ascending")
    gram_counts = dy.List(dy.Int64(), description="how often each bucket occurs [count]")


class Figures(dy.Schema):
    """Figures of a plan: targets, baselines and observations, one row a value, in the document's order."""

    figure_id = dy.String(primary_key=True, description="edition, line and running letter, e.g. 2026-0361a")
    doc_id = dy.String(description="document")
    edition = dy.Int64(description="year of the plan")
    section = dy.String(description="section code, e.g. II-1 or III-1-(2)")
    headings = dy.String(
        nullable=True, description="titles of the sections it stands in, outermost first, joined by ' / ', shortened"
    )
    first_line = dy.Int64(min=1, description="line in the document (1-based)")
    page = dy.Int64(nullable=True, min=1, description="page of the PDF, where it comes from one")
    place = dy.String(
        check=one_of(PLACES),
        description="outlook (a chapter on where things stand), kpi, measure, table, background, footnote or annex",
    )
    measure_id = dy.String(nullable=True, description="the measure that states it, where one does")
    indicator = dy.String(nullable=True, description="what is measured, in the document's words, shortened")
    indicator_id = dy.String(
        nullable=True,
        description="indicator of the register that it belongs to (the first; `ties` has all, and why others have "
        "none); written by 04_kpi",
    )
    kind = dy.String(check=one_of(FIGURE_KINDS), description="target, baseline or observation")
    nature = dy.String(check=one_of(NATURES), description="level, change (difference) or rate (of change)")
    value = dy.Float64(nullable=True, description="the value in `unit`; null where a target names no number")
    unit = dy.String(nullable=True, description="unit as written, multiplier included, e.g. 兆円; 割 is stored in %")
    period = dy.String(nullable=True, description="year, fiscal year (年度), month or span the value belongs to")
    first_year = dy.Float64(
        nullable=True,
        description="first year of the period [year]: months as fractions (2026.25 is April 2026), a fiscal year by "
        "its number, the years to come (今後5年間) from `set_in`, else from the edition; null where undated; written "
        "by 04_kpi",
    )
    last_year = dy.Float64(
        nullable=True,
        description="last year of the period [year]. Targets due by 2030: `kind` is target, `last_year` below 2031",
    )
    set_in = dy.String(nullable=True, description="edition in which a target or baseline was set, where said")
    comparator = dy.String(
        nullable=True, description="以上, 以内, 超, 約, 維持 …, or 範囲下限 / 範囲上限 for the ends of a range"
    )
    against = dy.String(
        nullable=True, description="of a change or rate: the period it compares with, where the text names one (前年比)"
    )
    keeps = dy.Bool(description="a target that holds already and is to be kept (維持), not reached")
    steady = dy.Bool(description="the text says that the value stays about where it was (横ばい)")
    why = dy.List(dy.String(), description="what decided kind, period and nature: words, or where they stand")
    doubts = dy.List(dy.String(), description="where a second reading was near, e.g. two dates before the value")


class Unread(dy.Schema):
    """Numbers that look like figures and are none, one row each: those with a unit, and in KPI parts and tables those
    without one."""

    number_id = dy.String(primary_key=True, description="edition, line and running number, e.g. 2026-0361-1")
    doc_id = dy.String(description="document")
    edition = dy.Int64(description="year of the plan")
    section = dy.String(description="section code")
    first_line = dy.Int64(min=1, description="line in the document (1-based)")
    place = dy.String(check=one_of(PLACES), description="as in figures")
    number = dy.String(description="the number with its unit, as read")
    reason = dy.String(check=one_of(UNREAD_REASONS), description="why it is no figure")


class Ledger(dy.Schema):
    """Every line of every document with its role; neighbouring lines of one role and item share a row."""

    doc_id = dy.String(primary_key=True, description="document")
    first_line = dy.Int64(primary_key=True, min=1, description="first line of the run (1-based)")
    last_line = dy.Int64(min=1, description="last line of the run (1-based)")
    role = dy.String(check=one_of(ROLES), description="what the lines are")
    item = dy.String(nullable=True, description="the measure that the lines belong to, where there is one")


class Revisions(dy.Schema):
    """What replacing a document changed (`add --replace`), one row for each measure of either file, in the new one's
    order, those that were dropped last; no rows where no document was replaced."""

    doc_id = dy.String(primary_key=True, description="document")
    step = dy.Int64(primary_key=True, min=1, description="which replacement of the document")
    number = dy.Int64(primary_key=True, min=1, description="running number")
    old_sha256 = dy.String(regex="^[0-9a-f]{64}$", description="checksum of the text that was replaced")
    old_status = dy.String(check=one_of(DOCUMENT_STATUSES), description="what that was: decided, or a draft (案)")
    status = dy.String(check=one_of(DOCUMENT_STATUSES), description="what the text is that took its place")
    change = dy.String(
        check=one_of(CHANGES),
        description="unchanged; reattributed: the same text, other ministries or times; reworded; added; dropped; "
        "elsewhere: dropped, and in another file of the edition since",
    )
    measure_id = dy.String(nullable=True, description="measure; empty where it is there no more")
    old_id = dy.String(nullable=True, description="its identifier before; empty where it was added")
    old_hash = dy.String(
        nullable=True, regex="^[0-9a-f]{16}$", description="hash of its text before, as text_hash in measures"
    )
    section = dy.String(description="section code, of a dropped measure the one it had")
    section_title = dy.String(description="title of the section, shortened")
    likeness = dy.Float64(
        nullable=True, min=0, max=1, description="how alike both texts are: Dice of their 2- and 3-grams, 0–1"
    )
    words = dy.List(dy.String(), description="what was reworded, as short pieces old→new, where the texts are at hand")
    attribution = dy.List(dy.String(), description="ministries, horizons or deadlines that changed, as old→new")
    codings = dy.Int64(min=0, description="codings and decisions that went with it, or were set aside with it [rows]")
