"""Adding an edition: a file is read, what it holds is shown, and only then is it put into data/raw and the manifest."""

import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType

import polars as pl

from analysis import kpi
from analysis.base import files
from analysis.base.errors import DocumentFaulty, UsageFault, WorkspaceError
from analysis.base.japanese import left_out, normal, shorten, split_lines, visible
from analysis.continuity import sentence_vectors
from analysis.documents import manifest, ocr, text_files
from analysis.documents.manifest import DOC_ID, Document, Source
from analysis.extraction import detect_layout, extract, load_document, recognised
from analysis.extraction.detect_layout import Guess
from analysis.extraction.parsers import plan_roadmap
from analysis.extraction.parsers import profile as profiles
from analysis.tables import headings, ministries
from analysis.tables.categories import DOCUMENT_STATUSES, KINDS, PARTS_OF_A_PLAN
from analysis.tables.labels import label
from analysis.workspace import fetch, indicator_ties, name_entries, publish, renaming_entries, replace_document
from analysis.workspace.replace_document import Replacement, Returning

PUBLISHER = "Intellectual Property Strategy Headquarters (知的財産戦略本部)"
ADDRESS = "/".join(["https://www.kantei.go.jp", "jp/singi/titeki2/"])  # in parts: the plans quote it
LICENCE = "publisher's terms"
AS_IT_IS = 0.02  # a text is flowed anew only where that reads better by this
FIRST_LINES = 30  # in which a title says that the plan is a draft
FULL, ROADMAP, ANNEX = "full", "roadmap", "annex"
ANNEX_LAYOUT = "markdown_plan"
PART_TITLES = {ROADMAP: " 工程表", ANNEX: " 別紙"}
DRAFT_MARK = re.compile(r"[(（]案[)）]")
DRAFT = re.compile(r"[(]案[)]")
SECONDS = 40  # for one file altogether
NOT_SURE = ("forecast", "no_unit", "title")  # reasons for which a person should look at a number
SHOWN = 40  # rows of a list


@dataclass(frozen=True)
class Wanted:
    """What the user says of the document; None is for what the file or the other documents tell."""

    edition: int
    kind: str | None = None  # full, unless it replaces another
    title: str | None = None
    status: str | None = None
    publisher: str | None = None
    address: str | None = None
    licence: str | None = None
    doc_id: str | None = None
    layout: str | None = None
    profile: Path | None = None  # a layout that an analyst edited
    replace: bool = False  # whether it takes the place of the document that the edition has


@dataclass(frozen=True)
class NewDocument:
    """A file as read: the entry it would get, the text that would be stored, and what the parser made of it."""

    document: Document
    content: bytes
    guess: Guess
    others: list[Guess]
    rows: dict[str, pl.DataFrame]
    left_out: dict[str, int] = field(default_factory=dict)
    replacement: Replacement | Returning | None = None
    by_ocr: tuple[int, ...] = ()  # the numbers of a PDF's pages that were read by OCR
    file: str = ""  # as messages name it


Notify = Callable[[str], None]


def read(file: Path, wanted: Wanted, notify: Notify = lambda message: None) -> NewDocument:
    """Read a file as the document that is wanted; `notify` gets a line for each page that OCR reads.

    Raises UsageFault, DocumentFaulty, TableFaulty.
    """
    _check(wanted)
    with in_time(file):
        return replace(_read(file, wanted, notify), file=str(file))


@contextmanager
def in_time(file: Path | str) -> Iterator[None]:
    """Give up a file that takes too long (where signals can tell: in a program's main thread)."""

    def late(number: int, frame: FrameType | None) -> None:
        raise DocumentFaulty(f"{file} takes longer than {SECONDS} s to read: give --layout, or a part of the file")

    if threading.current_thread() is not threading.main_thread() or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return
    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 1)  # again and again: something may suppress the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _read(file: Path, wanted: Wanted, notify: Notify) -> NewDocument:
    def recognise(file: Path, numbers: list[int]) -> ocr.Recognised:
        left, again = signal.setitimer(signal.ITIMER_REAL, 0)  # OCR has limits of its own
        try:
            return ocr.read(
                file, numbers, lambda at: notify(f"OCR reads page {numbers[at]}, {at + 1} of {len(numbers)}")
            )
        finally:
            signal.setitimer(signal.ITIMER_REAL, left, again)

    source = load_document.read(file, recognise)
    ranked = _ranked(source, wanted)
    best = chosen(source, ranked)
    raw = file.read_bytes()
    same = source.form == "text" and best.document is source.forms[0][1] and source.plain
    content = raw if same else load_document.stored(best.document).encode()
    origin = Source(
        source.form, source.pages, source.tool or "analysis.documents.paragraphs", len(raw), files.checksum(raw)
    )
    kind = wanted.kind or (ROADMAP if best.layout == plan_roadmap.LAYOUT else None)
    before = replace_document.replaced_by(wanted.edition, kind, wanted.doc_id) if wanted.replace else None
    kind = kind or (before.kind if before else FULL)
    doc_id = before.doc_id if before else wanted.doc_id or _doc_id(wanted.edition, kind)
    if not before:
        _check_place(doc_id, wanted.edition, kind)
    plan = next((d for d in manifest.documents() if (d.kind, d.edition) == (FULL, wanted.edition)), None)
    model = before or (plan if kind in PARTS_OF_A_PLAN else None)  # whose title, publisher and licence it has
    status = wanted.status or _status(list(best.document.lines))
    document = Document(
        doc_id=doc_id,
        edition=wanted.edition,
        kind=kind,
        status=status,
        title=wanted.title or _title(model, before, wanted.edition, kind, status),
        publisher=wanted.publisher or (model.publisher if model else PUBLISHER),
        address=wanted.address or (before.address if before else ADDRESS),
        licence=wanted.licence or (model.licence if model else LICENCE),
        layout=doc_id if best.layout == detect_layout.INFERRED else best.layout,
        bytes=len(content),
        sha256=files.checksum(content),
        source=None if same else origin,
    )
    others = [guess for guess in ranked if guess is not best]
    if before:
        replacement = replace_document.read(document, content, before, best.profile)
        return NewDocument(
            document, content, best, others, replacement.rows, source.left_out, replacement, source.by_ocr
        )
    rows = replace_document.checked(extract.rows_of(document, split_lines(content.decode()), best.profile))
    returning = replace_document.returning(document, rows)
    return NewDocument(document, content, best, others, rows, source.left_out, returning, source.by_ocr)


def _ranked(source: load_document.Read, wanted: Wanted) -> list[Guess]:
    """The guesses for a file, the best first; a roadmap is none where another kind is wanted, and the other way
    round."""
    if wanted.profile is not None:
        return detect_layout.with_profile(source.forms, profiles.read(wanted.profile))
    if wanted.layout is None and wanted.kind in (ROADMAP, ANNEX):  # no measures are read in an annex
        return detect_layout.guesses(source.forms, plan_roadmap.LAYOUT if wanted.kind == ROADMAP else ANNEX_LAYOUT)
    other = wanted.layout or wanted.kind is None
    forms = [form for form in source.forms if other or form[0] != plan_roadmap.LAYOUT]
    return detect_layout.guesses(forms, wanted.layout)


def chosen(source: load_document.Read, ranked: list[Guess]) -> Guess:
    """The best guess; of a text, one that takes it as it is where that reads about as well.

    It does not where pages' heads and numbers stand in it that its parser took for words of its sentences.
    """
    best = ranked[0]
    if source.form == "pdf":
        return best
    as_it_is = [guess for guess in ranked if guess.document is source.forms[0][1]]
    flowed = [guess for guess in ranked if guess.document is not source.forms[0][1]]
    if source.left_out and flowed and not (as_it_is and _knows_pages(as_it_is[0], sum(source.left_out.values()))):
        return flowed[0] if flowed[0].sure >= detect_layout.UNSURE else best
    if as_it_is and as_it_is[0].sure >= best.sure - AS_IT_IS and len(as_it_is[0].unfit) <= len(best.unfit):
        return as_it_is[0]
    return best


def _knows_pages(guess: Guess, edges: int) -> bool:
    """Whether a parser took all of a text's page numbers for what they are, and there are no heads beside them."""
    furniture = {
        number - 1 for part in guess.reading.paragraphs if part.role == "furniture" for number, _ in part.lines
    }
    numbers = text_files.page_numbers(list(guess.document.lines))
    return edges <= len(numbers) and numbers <= furniture


def record(new: NewDocument, forced: bool = False) -> None:
    """Store the text and its manifest entry.

    Raises UsageFault where no parser knows the layout, DocumentFaulty where no measure is read (both unless forced),
    UsageFault where the edition has another full plan, AlreadyRunning beside a run, CannotWrite.
    """
    if new.guess.sure < detect_layout.UNSURE and not forced and new.document.kind != ANNEX:
        raise UsageFault(
            f"no parser knows this layout ({new.guess.layout} comes closest, {new.guess.sure:.0%}): give --layout "
            f"{new.guess.layout} to take it all the same, or write its layout (docs/layouts.md) and give --profile FILE"
        )
    if not forced:
        refuse_without_measures(new)
    if other := _other_plan(new.document.doc_id, new.document.edition, new.document.kind):
        raise UsageFault(_second(other))
    layout = _layout_to_keep(new)
    if new.replacement:
        replace_document.record(new.document, new.content, new.replacement, layout)
        return
    with publish.exclusive():
        for file, text in layout.items():  # before the document: an unused one does no harm
            files.write(file, text)
        fetch.add(new.document, new.content)


def keep_vectors(new: NewDocument, notify: Notify = lambda message: None) -> str:
    """Make the sentence vectors of a recorded document's measures; return what became of that in a line.

    A fault is told and not raised, since the document is recorded and `vectors` can make them later. Nothing is said
    where no other document has any. `notify` gets a line from time to time.
    """
    try:
        with publish.exclusive():
            made = sentence_vectors.add(new.rows["measures"], new.rows["texts"], notify)
    except WorkspaceError as fault:
        return f"links will be told without sentence vectors: {fault}" if sentence_vectors.kept_in().exists() else ""
    return f"{made} sentence vectors made" if made else ""


def write_layout(new: NewDocument, folder: Path) -> None:
    """Write the layout that the document was read with, for an analyst to edit."""
    files.write(folder / "layout.toml", profiles.as_toml(new.guess.profile, new.document.title))


def _layout_to_keep(new: NewDocument) -> dict[Path, str]:
    """The file of a layout that was inferred, kept under the document's name; none where it is known."""
    if new.guess.layout != detect_layout.INFERRED:
        return {}
    file = profiles.folder() / f"{new.document.layout}.toml"
    other = profiles.layouts().get(new.document.layout, new.guess.profile) != new.guess.profile
    if other and not isinstance(new.replacement, Replacement):  # that of a document that goes goes with it
        raise UsageFault(f"{file} holds another layout: give another --doc-id, or take it away")
    return {file: profiles.as_toml(new.guess.profile, new.document.title)}


def _check(wanted: Wanted) -> None:
    """Raise UsageFault for what the manifest could not hold."""
    choices = {
        "kind": (wanted.kind, KINDS),
        "status": (wanted.status, DOCUMENT_STATUSES),
        "layout": (wanted.layout, [*profiles.layouts(), detect_layout.INFERRED]),
    }
    for name, (value, known) in choices.items():
        if value is not None and value not in known:
            raise UsageFault(f"{name} {value!r} does not exist: choose one of {', '.join(known)}")
    if not 1900 <= wanted.edition <= 2200:
        raise UsageFault(f"edition {wanted.edition} is no year of a plan: give one between 1900 and 2200")
    if wanted.doc_id is not None and not DOC_ID.fullmatch(wanted.doc_id):
        raise UsageFault(
            f"doc-id {wanted.doc_id!r} does not do: it may hold only a-z, 0-9, _ and -, 64 of them at most"
        )
    if wanted.replace:
        replace_document.replaced_by(wanted.edition, wanted.kind, wanted.doc_id)
    elif wanted.kind or wanted.doc_id:  # else the file tells what it is
        _check_place(wanted.doc_id or _doc_id(wanted.edition, wanted.kind or FULL), wanted.edition, wanted.kind)
    for name in ("title", "publisher", "address", "licence"):
        value = getattr(wanted, name)
        if value is not None and (not value.strip() or not value.isprintable() or len(value) > 500):
            raise UsageFault(f"{name} must be printable text of 500 characters at most, on one line")
    if wanted.address is not None and not wanted.address.startswith("https://"):
        raise UsageFault(f"address {wanted.address!r} does not do: it must begin with https://")


def _check_place(doc_id: str, edition: int, kind: str | None) -> None:
    """Raise UsageFault where a document's identifier is taken."""
    if doc_id in {document.doc_id for document in manifest.documents()}:
        if other := _other_plan(None, edition, kind):
            raise UsageFault(_second(other))
        raise UsageFault(f"the manifest has {doc_id}: give another --doc-id, or add --replace to put this in its place")


def _other_plan(doc_id: str | None, edition: int, kind: str | None) -> Document | None:
    """The full plan that an edition has besides this document, where this is one, too."""
    plans = (d for d in manifest.documents() if kind == d.kind == FULL and d.edition == edition and d.doc_id != doc_id)
    return next(plans, None)


def _second(plan: Document) -> str:
    return (
        f"the manifest has a full plan of {plan.edition}, {plan.doc_id}: add --replace to put this one in its place, "
        "or say with --kind that it is something else"
    )


def _doc_id(edition: int, kind: str) -> str:
    return f"ip{edition}_{kind}" if kind in PARTS_OF_A_PLAN else f"ip{edition}"


def _title(model: Document | None, before: Document | None, edition: int, kind: str, status: str) -> str:
    """The title of a document that says none: that of the one it replaces (a decided plan is no draft any more), or
    the plan that it belongs to."""
    title = model.title if model else f"知的財産推進計画{edition}"
    title = DRAFT_MARK.sub("", title) if status == "decided" else title
    return title if before else title + PART_TITLES.get(kind, "")


def _status(lines: list[str]) -> str:
    filled = [line for line in lines if line.strip()][:FIRST_LINES]
    return "draft" if any(DRAFT.search(normal(line)) for line in filled) else "decided"


# --- the summary ------------------------------------------------------------------------------------------------


def summary(new: NewDocument) -> list[str]:
    """Return what the file holds, for an analyst to look at before anything is published."""
    document, guess = new.document, new.guess
    measures = new.rows["measures"]
    body = measures.filter(pl.col("part").is_in(["body", "summary"]))
    lines = [
        f"{document.doc_id}: {document.title} ({document.kind}, {document.status}), edition {document.edition}",
        f"layout {guess.layout}, {_how_sure(guess.sure)} ({guess.sure:.0%}); {_runners_up(new.others, guess)}",
    ]
    if other := _other_plan(document.doc_id, document.edition, document.kind):
        lines.append(f"NOT recorded like this: {_second(other)}")
    if guess.layout == detect_layout.INFERRED:
        lines += [f"  {line}" for line in profiles.as_toml(guess.profile).splitlines()]
        lines.append("to change it: edit layout.toml of --tables (docs/layouts.md), and give it as --profile")
    if document.source:
        origin = document.source
        pages = f"{origin.pages} pages, " if origin.pages else ""
        lines.append(f"text taken from {origin.form} ({pages}{origin.tool}), sha256 {origin.sha256[:16]}…")
    if new.by_ocr:
        what = f"{len(new.by_ocr)} of {document.source.pages if document.source else 0} pages are pictures"
        lines.append(
            f"{what} and were read by OCR: each of their rows is doubted; compare names and numbers with the page"
        )
    lines += [f"left out: {_left_out(new)}"] if new.left_out else []
    if isinstance(new.replacement, Replacement):
        lines += ["", *replace_document.summary(document, new.replacement), ""]
    elif new.replacement:
        lines.append(new.replacement.summary())
    row = new.rows["documents"].row(0, named=True)
    lines.append(
        f"{row['lines']} lines, {guess.unknown:.1%} of them unknown; {body.height} measures, "
        f"{measures.height - body.height} rows of the roadmap, {new.rows['figures'].height} figures"
    )
    lines += ["", "measures by section:", *_sections(measures)]
    lines += ["", *_listed("unknown ministries (data/curated/ministries.toml)", _unknown(measures))]
    lines += ["", *_listed("headings without English (data/curated/headings.csv)", headings.missing(measures))]
    renamings = renaming_entries.look_for(document, new.rows)
    if proposals := renaming_entries.summary(renamings, document, list(guess.document.lines)):
        lines += ["", *proposals]
    lines += ["", *name_entries.summary(new.rows["mentions"])]
    lines += ["", *_listed("cut, since no line or measure is so long", _cut(new))]
    lines += ["", *_listed("rows to check", _to_check(measures, renamings))]
    lines += ["", *_unread(new.rows["unread"])]
    if document.kind == FULL:
        above = new.rows["figures"]["headings"].unique().to_list()
        missing = "headings of data/curated/indicators.toml below which no figure stands"
        lines += ["", *_listed(missing, kpi.missing_headings(above))]
    lines += ["", *_series(indicator_ties.look_for(document, new.rows["figures"]))]
    unfit = [f"line {number}: {shorten(text)}" for number, text in guess.unfit]
    lines += ["", *_listed("lines that did not fit", unfit)]
    return [visible(line) for line in lines]


def _series(tied: indicator_ties.Tied) -> list[str]:
    """List the series that go on by likeness alone, those that do not, and the figures that no indicator took."""
    if tied.fault:
        return [f"indicators: not looked for ({tied.fault})"]
    lines = []
    if tied.against is not None:
        lines += _listed(f"indicators of {tied.against} with no figure in this one", indicator_ties.ended(tied))
    lines += _listed("figures tied to an indicator by likeness (score)", indicator_ties.by_likeness(tied))
    if patterns := indicator_ties.patterns(tied):
        what = "to tie them by their words, where they are right, put into data/curated/indicators.toml:"
        lines += [f"  {what}", "", *patterns, ""]
    missing = "KPIs and targets without an indicator or a reason in data/curated/indicators.toml"
    return [*lines, *_listed(missing, indicator_ties.untied(tied))]


def _left_out(new: NewDocument) -> str:
    return "; ".join(f"{count} {what}" for what, count in new.left_out.items())


def _how_sure(sure: float) -> str:
    if sure >= detect_layout.SURE:
        return "sure"
    return "fairly sure" if sure >= detect_layout.UNSURE else "NOT sure: no parser knows this layout"


def _runners_up(others: list[Guess], best: Guess) -> str:
    rest = [guess for guess in others if guess.layout != best.layout]
    return f"next {rest[0].layout} ({rest[0].sure:.0%})" if rest else "as asked for"


def _sections(measures: pl.DataFrame) -> list[str]:
    counts = measures.group_by("section", "section_title", maintain_order=True).len()
    return [f"  {count:4}  {section} {title}" for section, title, count in counts.iter_rows()] or ["     0"]


def _unknown(measures: pl.DataFrame) -> list[str]:
    names: Counter[str] = Counter()
    first: dict[str, int] = {}
    for line, listed in measures.select("first_line", "ministries").iter_rows():
        for name in listed:
            if not ministries.known(name):
                names[name] += 1
                first.setdefault(name, line)
    return [f"{name} ({count}, first in line {first[name]})" for name, count in names.most_common()]


def _to_check(measures: pl.DataFrame, renamings: renaming_entries.Renamings) -> list[str]:
    """List the doubtful measures; all that are doubted only since a body has a new name are one thing to check."""
    doubtful = extract.doubtful(measures).join(measures.select("measure_id", "page", "ministries"), on="measure_id")
    rows = renaming_entries.to_check(renamings, measures)
    if by_ocr := sum(recognised.BY_OCR in doubts for doubts in measures["doubts"]):
        rows.append(f"{by_ocr} rows that were read by OCR; those with other doubts, too, are listed")
    for row in doubtful.sort("confidence", "measure_id").iter_rows(named=True):
        if doubts := [
            doubt
            for doubt in row["doubts"]
            if doubt != recognised.BY_OCR and not renamings.explains(doubt, row["ministries"])
        ]:
            page = f" (page {row['page']})" if row["page"] else ""
            lines = f"lines {row['first_line']}-{row['last_line']}{page}"
            rows.append(f"{row['measure_id']}  {lines}  {'; '.join(doubts)}")
    return rows


def _cut(new: NewDocument) -> list[str]:
    """Name the lines and measures whose middle was left out."""
    rows = [
        f"line {number}: {count} characters left out"
        for number, text in enumerate(new.guess.document.lines, 1)
        if (count := left_out(text))
    ]
    texts = dict(new.rows["texts"].select("measure_id", "text").iter_rows())
    for measure_id, first, last in new.rows["measures"].select("measure_id", "first_line", "last_line").iter_rows():
        if count := left_out(texts[measure_id]):
            rows.append(f"{measure_id}  lines {first}-{last}: {count} characters of its text left out")
    return rows


def refuse_without_measures(new: NewDocument) -> None:
    """Raise DocumentFaulty, which says what was read instead, where a document gives no measure at all."""
    if not new.rows["measures"].is_empty() or new.document.kind == ANNEX:
        return
    roles = Counter(paragraph.role for paragraph in new.guess.reading.paragraphs)
    read_as = ", ".join(f"{count} {role}" for role, count in roles.most_common(3)) or "none"
    unfit = "".join(f"; line {number} does not fit: {shorten(text)}" for number, text in new.guess.unfit[:1])
    besides = f" (left out: {_left_out(new)})" if new.left_out else ""
    guess, lines = new.guess, len(new.guess.document.lines)
    raise DocumentFaulty(
        f"no measure is read in the {lines} line{'s' * (lines > 1)} of {new.file or new.document.doc_id}"
        f"{besides}: the layout that comes closest ({guess.layout}, {guess.sure:.0%}) takes its paragraphs for "
        f"{read_as}{unfit}; give another --layout, or --tables FOLDER to see what each line is taken for"
    )


def _unread(unread: pl.DataFrame) -> list[str]:
    """Count the numbers that are no figures by reason, and list those of KPI parts and tables."""
    counts = unread.group_by("reason").len().sort("len", "reason", descending=[True, False])
    reasons = "; ".join(f"{count} {label('unread', reason, 'en')}" for reason, count in counts.iter_rows())
    main = unread.filter(
        pl.col("place").is_in(["kpi", "table", "outlook", "measure"]), pl.col("reason").is_in(NOT_SURE)
    )
    rows = [f"line {line}: {number} ({label('unread', reason, 'en')})" for line, number, reason in
            main.select("first_line", "number", "reason").iter_rows()]  # fmt: skip
    return [f"numbers that are no figures: {reasons or 'none'}", *_listed("of these to look at", rows)]


def _listed(what: str, rows: list[str]) -> list[str]:
    more = [f"  … and {len(rows) - SHOWN} more"] if len(rows) > SHOWN else []
    return [f"{what}: {len(rows) or 'none'}", *(f"  {row}" for row in rows[:SHOWN]), *more]


def baseline(edition: int) -> str:
    """The option that names the newest full plan before an edition, where there is one."""
    earlier = [document.edition for document in manifest.documents() if document.kind == FULL]
    known = [year for year in earlier if year < edition]
    return f" BASELINE={max(known)}" if known else ""
