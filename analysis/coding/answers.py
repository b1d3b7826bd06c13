"""Answers of coders: read from a form or from JSON, checked against their packet, and recorded.

All faults are told at once, and nothing is recorded where there is one.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from analysis.base import curated, files
from analysis.base.errors import UsageFault
from analysis.base.japanese import shorten
from analysis.coding import forms, packets, record, units
from analysis.coding.codebooks import Codebook
from analysis.coding.packets import Packet
from analysis.coding.record import Kind, PacketRecord, Row
from analysis.tables.mention_schemas import LONGEST_NAME

QUOTED = 25  # characters in a row that a reason may not share with a document
SPACE = re.compile(r"\s+")
MOST_BYTES = 20_000_000
FAULTS_SHOWN = 50

Answer = dict[str, Any]  # unit_id, values, why; or unit_id and pairs: to_id, values, why; or names: name, values


def take(
    file: Path, *, coder: str, kind: Kind, model: str | None = None, model_version: str | None = None,
    day: date | None = None, replace: bool = False,
) -> PacketRecord:  # fmt: skip
    """Check the answers in a file and record them; return the packet's row in the record.

    `file` is a filled-in form (XLSX), or JSON or JSON Lines beside its packet.json. `replace` lets answers take the
    place of those that were recorded of the same packet. Raises UsageFault, which names all faults, TableFaulty,
    AlreadyRunning and CannotWrite.
    """
    packet, answers = read(file)
    book = packets.book_of(packet)
    faults = [*record_faults(packet, book, coder, replace), *check(packet, book, answers)]
    for name, text in (("model", model), ("model version", model_version)):
        if fault := record.text_fault(text or ""):
            faults.append(f"{name} {fault[0]}")
    if faults:
        more = [f"… and {len(faults) - FAULTS_SHOWN} more"] if len(faults) > FAULTS_SHOWN else []
        raise UsageFault("\n  ".join([f"{file}: nothing is recorded, for", *faults[:FAULTS_SHOWN], *more]))
    packet_record = PacketRecord(
        packet_id=packet.packet_id, codebook=packet.codebook, version=packet.version, role=packet.role, coder=coder,
        kind=kind, model=model, model_version=model_version,
        prompt_hash=packet.prompt_hash if kind == "language model" else None,
        date=(day or date.today()).isoformat(), seed=str(packet.seed), edition=packet.edition, against=packet.against,
        asked=" ".join(packet.asked) or None,
    )  # fmt: skip
    record.add(book, packet_record, rows(packet, book, answers))
    files.write(record.folder() / "raw" / packet.packet_id / f"answers{file.suffix}", file.read_bytes())
    return packet_record


def read(file: Path) -> tuple[Packet, list[Answer]]:
    """Return a file's packet and answers, unchecked. Raises UsageFault where it is neither a form nor JSON."""
    if not file.is_file():
        raise UsageFault(f"there is no file {file}: name the form or the JSON file with the answers")
    if file.stat().st_size > MOST_BYTES:
        raise UsageFault(f"{file} is larger than {MOST_BYTES // 10**6} MB: that cannot be the answers of a packet")
    if file.suffix == ".xlsx":
        content, rows_of_form = forms.read(file)
        packet = packets.of_json(content, file)
        return packet, _of_form(packet, packets.book_of(packet), rows_of_form)
    return packets.read(file.with_name("packet.json")), of_text(file.read_bytes(), str(file))


def of_text(content: bytes, where: str) -> list[Answer]:
    """Return the answers of JSON ({"answers": [...]} or a list) or JSON Lines. Raises UsageFault."""
    try:
        text = content.decode("utf-8-sig")
        try:
            parsed = json.loads(text)
        except ValueError:
            parsed = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise UsageFault(f"{where} cannot be read ({str(error)[:100]}): it must be JSON, in UTF-8") from error
    answers = parsed.get("answers") if isinstance(parsed, dict) and "answers" in parsed else parsed
    answers = [answers] if isinstance(answers, dict) else answers
    if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
        raise UsageFault(f'{where} holds no answers: {{"answers": [{{"unit_id": …}}, …]}}')
    return answers


def check(packet: Packet, book: Codebook, answers: list[Answer]) -> list[str]:
    """Return what is wrong with the answers: units that are missing, unknown or there twice, categories, reasons."""
    known = {unit.unit_id for unit in packet.units}
    counts = Counter(str(answer.get("unit_id")) for answer in answers)
    faults = [f"{key}: not a unit of this packet" for key in sorted(counts.keys() - known)]
    faults += [f"{key}: coded {count} times" for key, count in sorted(counts.items()) if count > 1 and key in known]
    faults += [f"{key}: not coded" for key in sorted(known - counts.keys())]
    quoted = _runs(packet)
    for answer in answers:
        if (key := str(answer.get("unit_id"))) in known:
            told = {"measure": _values_faults, "pair": _pair_faults, "name": _name_faults}[book.unit]
            faults += [f"{key}: {fault}" for fault in told(packet, book, answer, quoted)]
    return faults


def rows(packet: Packet, book: Codebook, answers: list[Answer]) -> list[Row]:
    """Return the rows of the record that sound answers make."""
    hash_of = {unit.unit_id: unit.text_hash for unit in (*packet.others, *packet.units)}
    result = []
    for answer in answers:
        unit_id = answer["unit_id"]
        rows_of_answer = {"measure": [answer], "pair": answer.get("pairs", []), "name": answer.get("names") or [{}]}
        for values in rows_of_answer[book.unit]:
            row = {"packet_id": packet.packet_id, "unit_id": unit_id, "text_hash": hash_of[unit_id]}
            row |= {name: values.get(name) or "" for name in (*book.variables, "why")}
            if book.unit == "pair":
                to_id = values.get("to_id") or ""
                row |= {"to_id": to_id, "to_hash": hash_of.get(to_id, "")}
            if book.unit == "name":
                row["name"] = shorten(curated.tidy(values.get("name") or ""), LONGEST_NAME)
            result.append(row)
    return result


def _values_faults(packet: Packet, book: Codebook, answer: Answer, quoted: set[str]) -> Iterable[str]:
    asked = packet.variables(book)
    for name in sorted(answer.keys() - {"unit_id", *asked, "why"})[:1]:
        what = "is not asked" if name in book.variables else f"is no variable of codebook {book.codebook_id}"
        yield f"{curated.plain(name)} {what}"
    values = {name: answer.get(name) for name in asked}
    if strange := [name for name, value in values.items() if not isinstance(value, str | None)]:
        yield f"{strange[0]} must be text"
    elif fault := book.fault(packet.held(str(answer.get("unit_id"))) | values, packet.asked):
        yield fault
    if fault := _reason_fault(answer.get("why"), quoted):
        yield fault


def _pair_faults(packet: Packet, book: Codebook, answer: Answer, quoted: set[str]) -> Iterable[str]:
    pairs = answer.get("pairs")
    if not isinstance(pairs, list) or not pairs or not all(isinstance(pair, dict) for pair in pairs):
        yield 'no pairs: where nothing comes near, one with "to_id": null'
        return
    if len(pairs) > book.most:
        yield f"{len(pairs)} pairs: at most {book.most}"
    offered = set(packet.offers(answer["unit_id"]))
    named = Counter(str(pair.get("to_id")) for pair in pairs)
    yield from (f"{key} is named {count} times" for key, count in sorted(named.items()) if count > 1)
    for pair in pairs:
        to_id = pair.get("to_id")
        if to_id is not None and (not isinstance(to_id, str) or to_id not in offered):
            yield f"{curated.plain(to_id)} is not among the units it can be paired with"
        if to_id is None and len(pairs) > 1:
            yield "names pairs and says that nothing comes near"
        yield from _values_faults(packet, book, {key: v for key, v in pair.items() if key != "to_id"}, quoted)
        absent = book.absent(book.variables[0])
        if to_id is None and absent and pair.get(book.variables[0]) != absent[-1]:
            yield f"{book.variables[0]} must be {absent[-1]} where nothing is named"
    if packet.proposed and set(named) != offered:
        yield f"decide about each of {', '.join(sorted(offered))}, and no other"


def _name_faults(packet: Packet, book: Codebook, answer: Answer, quoted: set[str]) -> Iterable[str]:
    names = answer.get("names")
    if not isinstance(names, list) or not all(isinstance(name, dict) for name in names):
        yield "no names: an empty list where the unit names nothing"
        return
    if len(names) > book.most:
        yield f"{len(names)} names: at most {book.most}"
    text = next(_squeezed(unit.text) for unit in packet.units if unit.unit_id == answer["unit_id"])
    counts = Counter(_squeezed(str(name.get("name"))) for name in names)
    yield from (f"{key} is named {count} times" for key, count in sorted(counts.items()) if count > 1)
    for values in names:
        name = values.get("name")
        if not isinstance(name, str) or not _squeezed(name) or _squeezed(name) not in text:
            yield f"{curated.plain(name)} is not in the text"
        elif fault := record.text_fault(name):
            yield f"name {fault[0]}"
        yield from _values_faults(packet, book, {key: v for key, v in values.items() if key != "name"}, quoted)


def _reason_fault(why: Any, quoted: set[str]) -> str | None:
    if why is not None and not isinstance(why, str):
        return "why must be text"
    if not why:
        return None
    if fault := record.text_fault(why):
        return f"why {fault[0]}; {fault[1]}"
    text = _squeezed(why)
    if any(text[at : at + QUOTED] in quoted for at in range(len(text) - QUOTED + 1)):
        return f"why repeats {QUOTED} characters or more of a document: say it in other words"
    return None


def _runs(packet: Packet) -> set[str]:
    """Every run of QUOTED characters of the packet's texts."""
    texts = [_squeezed(unit.text) for unit in (*packet.units, *packet.others)]
    return {text[at : at + QUOTED] for text in texts for at in range(len(text) - QUOTED + 1)}


def _squeezed(text: str) -> str:
    return SPACE.sub("", unicodedata.normalize("NFKC", text))


def record_faults(packet: Packet, book: Codebook, coder: str, replace: bool) -> Iterable[str]:
    """Say what speaks against recording a packet's answers, whatever they are."""
    if fault := record.text_fault(coder) if coder.strip() else ("is empty", ""):
        yield f"coder {fault[0]}"
    present = units.hashes()
    for unit in (*packet.units, *packet.others):
        if present.get(unit.unit_id) != unit.text_hash:
            what = "has changed" if unit.unit_id in present else "is gone"
            yield f"{unit.unit_id}: the measure {what} since the packet was made: make a new packet"
    known = record.codings(book)
    if not replace and packet.packet_id in set(known["packet_id"]):
        yield f"{packet.packet_id} is recorded already: say --replace to put these answers in its place"
    if packet.role == "adjudicator":
        by_same = known.filter(role="coder", coder=coder)["unit_id"].to_list()
        if both := sorted({unit.unit_id for unit in packet.units} & set(by_same)):
            yield f"{coder} coded {both[0]}: somebody else must decide where coders differ"


def _of_form(packet: Packet, book: Codebook, rows_of_form: list[dict[str, str | None]]) -> list[Answer]:
    """The answers of a form. Rows of a pair's unit in which nothing is filled in say nothing."""
    names = [*packet.variables(book), "why"]
    if book.unit == "measure":
        return [
            {name: row.get(name) for name in ("unit_id", *names)}
            for row in rows_of_form
            if any(row.get(name) for name in ("unit_id", *names))
        ]
    answers: dict[str, Answer] = {}
    listed, names = ("pairs", ["to_id", *names]) if book.unit == "pair" else ("names", ["name", *names[:-1]])
    for row in rows_of_form:
        unit_id = row.get("unit_id")
        if any(row.get(name) for name in ("unit_id", *names)):
            rows_of_unit = answers.setdefault(str(unit_id), {"unit_id": unit_id, listed: []})[listed]
            if any(row.get(name) for name in names):
                rows_of_unit.append({name: row.get(name) for name in names})
    return list(answers.values())
