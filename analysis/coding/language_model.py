"""Language models as coders: packets are sent to a server with an OpenAI-compatible interface, answers recorded.

What is sent is the packet's prompt and the schema of its answers. Every response is kept in the packet's folder by the
hash of what was sent, and answers are judged from what is kept: whatever ends a run, the next one sends nothing again.
Answers that are not sound (`answers.check`) go back once with their faults. What a server says is text from outside:
it chooses among identifiers and categories, and is shown and recorded shortened, without control characters.
"""

import ipaddress
import json
import math
import os
import re
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from analysis.base import files
from analysis.base.errors import ModelFailed, UsageFault
from analysis.base.japanese import shorten, visible
from analysis.coding import answers, packets, prompts, record
from analysis.coding.answers import Answer
from analysis.coding.codebooks import Codebook
from analysis.coding.packets import Packet

if TYPE_CHECKING:
    from analysis.coding.model_server import Server

ADDRESS = re.compile(
    r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?(/[a-z0-9._~/-]*)?", re.ASCII | re.IGNORECASE
)
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
KEY = re.compile(r"[!-~]{1,500}")  # what a header can hold
REQUESTS = 2  # for a packet: a second one names the faults of the first answer
WIDE = "\u2e7f"  # characters behind it (kana, ideographs) are about a token each, of others three make one
ANSWER = 150  # tokens of an answer about a unit or pair, with its reason
PAIRS = 3  # that a coder names for a unit, at a guess
FAULTS_TOLD = 30  # to the model; to people FAULTS_SHOWN
FAULTS_SHOWN = 3
FAULT = 200  # characters
ECHOED = 40_000  # characters of a faulty answer that go back with its faults
VERSION = 100  # characters of what a server reports of its model

Messages = list[dict[str, str]]
Notify = Callable[[str], None]


@dataclass(frozen=True)
class Model:
    """The model that is asked, and how."""

    name: str
    temperature: float | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Task:
    """A packet to be coded, and its folder."""

    place: Path
    packet: Packet
    book: Codebook
    prompt: str

    @property
    def reserved(self) -> int:
        """Tokens that its answers may take."""
        return ANSWER * len(self.packet.units) * (min(self.book.most, PAIRS) if self.book.unit != "measure" else 1)


@dataclass(frozen=True)
class Standing:
    """How far a packet has come: `messages` to be sent next, or what the last response says and its faults."""

    messages: Messages = field(default_factory=list)
    response: dict[str, Any] = field(default_factory=dict)
    day: date | None = None
    coded: list[Answer] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


# --- before anything is sent --------------------------------------------------------------------------------------


def is_loopback(base_url: str) -> bool:
    """Say whether an address leads to this machine: an address of 127.0.0.0/8, ::1, or localhost if it is one of these.

    Other names do not count, wherever they lead today. Raises UsageFault for what is no address.
    """
    if not (parts := ADDRESS.fullmatch(base_url)):
        raise UsageFault("--base-url is no address: write it like http://127.0.0.1:8080/v1, without a name or a key")
    host = parts[1].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        if host.lower() != "localhost":
            return False
    try:
        places = {str(place[4][0]) for place in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return all(ipaddress.ip_address(place.partition("%")[0]).is_loopback for place in places)


def key_from(variable: str | None) -> str | None:
    """Return the key that an environment variable holds. Raises UsageFault, which shows neither."""
    if variable is None:
        return None
    if not VARIABLE.fullmatch(variable):
        raise UsageFault("--api-key-env takes the name of an environment variable that holds the key, not the key")
    key = os.environ.get(variable, "").strip()
    if not KEY.fullmatch(key):
        raise UsageFault("the environment variable that --api-key-env names holds no key: export it first")
    return key


def tasks(folders: Iterable[Path], coder: str, model: Model, replace: bool) -> tuple[list[Task], list[str]]:
    """Return the packets in these folders that are to be coded, and the names of those that this coder has recorded.

    Raises UsageFault, which names all faults, where there are none or one cannot be coded by this coder.
    """
    result, recorded, faults = [], [], []
    if fault := record.text_fault(model.name) if model.name.strip() else ("is empty", ""):
        faults.append(f"--model {fault[0]}")
    for place in _places(folders):
        packet = packets.read(place / "packet.json")
        book = packets.book_of(packet)
        known = record.packets().filter(packet_id=packet.packet_id, coder=coder, model=model.name)
        if not replace and len(known) and packet.packet_id in set(record.codings(book)["packet_id"]):
            recorded.append(packet.packet_id)
            continue
        faults += answers.record_faults(packet, book, coder, replace)
        result.append(Task(place, packet, book, _prompt(place, packet)))
    faults += _twice(result, coder)
    if faults:
        raise UsageFault("\n  ".join(["nothing is sent, for", *_shown(faults, answers.FAULTS_SHOWN)]))
    return result, recorded


def check_context(work: Iterable[Task], context: int) -> None:
    """Raise UsageFault where a packet and its answers would not fit a context of so many tokens."""
    faults = []
    for task in work:
        size = len(task.packet.units)
        shown = sum(tokens(str(unit.shown)) for unit in task.packet.units)
        need, of_unit = _sent(task) + REQUESTS * task.reserved, (shown + REQUESTS * task.reserved) / size
        if need > context:
            most = math.floor((context - need + size * of_unit) / of_unit)
            remedy = f"pack with --share {most}" if most >= 1 else "not even one unit would fit: pack with --best"
            faults.append(f"{task.packet.packet_id}: about {need:,} tokens with its answers; {remedy}")
    if faults:
        what = f"nothing is sent, for --context {context} is too small (or serve the model with a larger one)"
        raise UsageFault("\n  ".join([f"{what}:", *_shown(faults, answers.FAULTS_SHOWN)]))


def estimate(work: Iterable[Task], model: Model, server: "Server") -> tuple[int, int, int]:
    """Return how many packets must be sent, and about how many tokens that takes there and back."""
    opened = [(task, stand) for task in work if (stand := standing(task, model, server)).messages]
    there = sum(_sent(task) + sum(tokens(part["content"]) for part in stand.messages[1:]) for task, stand in opened)
    return len(opened), there, sum(task.reserved for task, _ in opened)


def tokens(text: str) -> int:
    """Return about how many tokens a text takes; each model counts in its own way."""
    wide = sum(char > WIDE for char in text)
    return wide + math.ceil((len(text) - wide) / 3)


@contextmanager
def server(base_url: str, key: str | None, timeout: float, local: bool) -> Iterator["Server"]:
    """Yield the server at an address; one on this machine is reached past any proxy. Raises UsageFault."""
    try:
        from analysis.coding.model_server import Server
    except ImportError as error:
        what = f"language models need a library that is missing ({error.name})"
        raise UsageFault(f"{what}: python -m pip install -e '.[models]'") from error
    connection = Server(base_url, key, timeout, proxies=not local)
    try:
        yield connection
    finally:
        connection.close()


# --- sending and judging ------------------------------------------------------------------------------------------


def run(work: Iterable[Task], model: Model, server: "Server", coder: str, replace: bool, notify: Notify) -> list[str]:
    """Let the model code the packets, and record each whose answers are sound; return a line for each that failed.

    Raises ModelFailed where the server would answer no further request, AlreadyRunning and CannotWrite.
    """
    from analysis.coding.model_server import NoResponse

    failed: list[str] = []
    silent = 0
    for task in work:
        packet_id = task.packet.packet_id
        try:
            used = _code(task, model, server, coder, replace)
            notify(f"{packet_id}: recorded{used}")
            silent = 0
        except UsageFault as error:
            failed.append(packet_id)
            notify(f"{packet_id}: {error}")
        except NoResponse as error:
            failed.append(packet_id)
            silent += 1
            notify(f"{packet_id}: {error}")
            if error.final or silent == REQUESTS:
                raise ModelFailed(
                    f"the rest is not sent, for the server gives no answer ({error}): mend that and run the same "
                    "command again; what it answered is kept"
                ) from None
    return failed


def standing(task: Task, model: Model, server: "Server") -> Standing:
    """Return how far a packet has come, from the responses that are kept in its folder."""
    messages: Messages = [{"role": "user", "content": task.prompt}]
    stand = Standing(messages)
    for _ in range(REQUESTS):
        kept = _kept(task, request(task, model, messages))
        if kept is None:
            return Standing(messages)
        stand = _judged(task, server, *kept)
        if not stand.faults:
            break
        said = "\n".join(["This cannot be recorded:", *(f"- {fault}" for fault in _shown(stand.faults, FAULTS_TOLD))])
        remedy = "Answer again, about all units, with the JSON alone."
        messages = [
            messages[0],
            {"role": "assistant", "content": _content(stand.response)[:ECHOED]},
            {"role": "user", "content": f"{said}\n{remedy}"},
        ]
    return stand


def request(task: Task, model: Model, messages: Messages) -> dict[str, Any]:
    """Return what is sent: model, messages, the schema of the answers, and the parameters that are given."""
    schema = {"name": "answers", "strict": True, "schema": prompts.schema(task.packet, task.book)}
    parameters = {"temperature": model.temperature, "seed": model.seed}
    return {
        "model": model.name, "messages": messages, "response_format": {"type": "json_schema", "json_schema": schema},
        **{name: value for name, value in parameters.items() if value is not None},
    }  # fmt: skip


def version(response: dict[str, Any]) -> str:
    """Return the model and its build, as the server reports them, fit for a table."""
    parts = [response.get(name) for name in ("model", "system_fingerprint")]
    text = " ".join(" ".join(part for part in parts if isinstance(part, str)).split())
    text = shorten(visible(text), VERSION)
    while text and record.text_fault(text):  # a spreadsheet would take it for a formula
        text = text[1:]
    return text or record.NOT_RECORDED


def _code(task: Task, model: Model, server: "Server", coder: str, replace: bool) -> str:
    """Code a packet and record it; return what to say of the tokens. Raises NoResponse and UsageFault."""
    used = 0, 0
    stand = standing(task, model, server)
    for _ in range(REQUESTS):
        if stand.messages:
            sent = request(task, model, stand.messages)
            response = server.ask(sent)
            about = {name: value for name, value in sent.items() if name not in ("messages", "response_format")}
            content = {"request": about, "date": date.today().isoformat(), "response": response}
            files.write(_cache(task, sent), json.dumps(content, ensure_ascii=False) + "\n")
            used = used[0] + _count(response, "prompt_tokens"), used[1] + _count(response, "completion_tokens")
            stand = standing(task, model, server)
    if stand.messages:  # never send without end, whatever becomes of files
        raise UsageFault(f"responses that are written to {task.place / 'responses'} cannot be read there")
    if stand.faults:
        faults = "; ".join(_shown(stand.faults, FAULTS_SHOWN))
        kept = task.place / "responses"
        raise UsageFault(f"no sound answers in {REQUESTS} responses, which are in {kept}: {faults}")
    place = task.place / "answers.json"
    files.write(place, json.dumps({"answers": stand.coded}, ensure_ascii=False, indent=1) + "\n")
    answers.take(
        place, coder=coder, kind="language model", model=model.name, model_version=version(stand.response),
        day=stand.day, replace=replace,
    )  # fmt: skip
    return f" ({used[0]:,} tokens sent, {used[1]:,} received, as the server counts)" if any(used) else ""


def _judged(task: Task, server: "Server", response: dict[str, Any], day: date) -> Standing:
    """The answers of a response, and what is wrong with them."""
    text = _content(response).rpartition("</think>")[2]
    coded: list[Answer] = []
    faults = ["the answer was cut off where the server ends answers"] if _reason(response) == "length" else []
    try:
        if not (shown := text[text.find("{") : text.rfind("}") + 1]):  # some models write around the JSON
            raise UsageFault("the answer holds no JSON")
        coded = server.clean(answers.of_text(shown.encode(), "the answer"))
        faults += answers.check(task.packet, task.book, coded)
    except UsageFault as error:
        faults.append(str(error))
    return Standing(response=response, day=day, coded=coded, faults=faults)


def _kept(task: Task, sent: dict[str, Any]) -> tuple[dict[str, Any], date] | None:
    """The response to what was sent, and its day; None where there is none, or what is kept was spoiled."""
    try:
        content = json.loads(_cache(task, sent).read_text(encoding="utf-8"))
        response = content["response"]
        return (response, date.fromisoformat(content["date"])) if isinstance(response, dict) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _cache(task: Task, sent: dict[str, Any]) -> Path:
    digits = files.checksum(json.dumps(sent, sort_keys=True).encode())
    return task.place / "responses" / f"{digits[: packets.HASH_DIGITS]}.json"


def _content(response: dict[str, Any]) -> str:
    """The text of a response; empty where there is none."""
    choices = response.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    return content if isinstance(content, str) else ""


def _reason(response: dict[str, Any]) -> Any:
    choices = response.get("choices")
    return choices[0].get("finish_reason") if isinstance(choices, list) and choices else None


def _count(response: dict[str, Any], name: str) -> int:
    usage = response.get("usage")
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0


def _places(folders: Iterable[Path]) -> list[Path]:
    """The folders of packets in these folders, each once."""
    places: dict[Path, Path] = {}
    for folder in folders:
        inside = sorted(file.parent for file in folder.rglob("packet.json"))
        if not inside:
            raise UsageFault(f"{folder} holds no packet: name a folder that `code pack` or `code adjudicate` wrote")
        places |= {place.resolve(): place for place in inside}
    return list(places.values())


def _prompt(place: Path, packet: Packet) -> str:
    """The prompt of a packet, as it was written. Raises UsageFault where it is another now."""
    try:
        content = (place / "prompt.md").read_bytes()
    except OSError as error:
        raise UsageFault(f"{place} holds no prompt.md: make a new packet") from error
    if files.checksum(content)[: packets.HASH_DIGITS] != packet.prompt_hash:
        raise UsageFault(f"{place / 'prompt.md'} was changed since the packet was made: make a new packet")
    return content.decode()


def _twice(work: list[Task], coder: str) -> Iterable[str]:
    """Units that one coder would code in two packets: those are another coder's."""
    seen: dict[tuple[str | None, ...], str] = {}
    for task in work:
        packet, book = task.packet, task.book
        if packet.role == "coder" and packet.codebook not in {key[0] for key in seen}:
            known = record.codings(book).filter(role="coder", coder=coder, version=packet.version)
            names = known.select(
                pl.lit(packet.codebook), "edition", "against", "asked", "unit_id", "packet_id"
            ).unique()
            seen |= {row[:5]: row[5] for row in names.iter_rows()}
        for unit in packet.units if packet.role == "coder" else ():
            key = packet.codebook, packet.edition, packet.against, " ".join(packet.asked) or None, unit.unit_id
            if (before := seen.setdefault(key, packet.packet_id)) != packet.packet_id:
                yield f"{unit.unit_id} stands in {before} and {packet.packet_id}: shares of two coders; run each alone"
                break


def _sent(task: Task) -> int:
    """About how many tokens a packet's first request takes."""
    return tokens(task.prompt) + tokens(json.dumps(prompts.schema(task.packet, task.book)))


def _shown(faults: list[str], most: int) -> list[str]:
    more = [f"… and {len(faults) - most} more"] if len(faults) > most else []
    return [*(shorten(visible(fault), FAULT) for fault in faults[:most]), *more]
