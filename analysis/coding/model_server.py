"""A server with an OpenAI-compatible interface: a request and its response, within limits of time and size.

Only `code run` imports this module: the library openai is an extra (`pip install -e .[models]`). What is sent is the
request's body and the headers below, whatever the environment holds for other programs; redirects are not followed.
"""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import openai

from analysis.base.japanese import shorten, visible

RETRIES = 3  # after 408, 409, 429, 5xx, a timeout or a broken connection; openai waits longer each time, or as long
# as Retry-After says, up to two minutes
MOST_BYTES = 5_000_000  # of a response
CONNECT = 10.0  # seconds
WORDS = 200  # characters of what a server says that are shown
HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"}
REFUSED = (401, 403, 404)  # every other request would be answered alike
HIDDEN = "[key]"


class NoResponse(Exception):
    """A request to which the server gave no usable response; `final` where it would give none to others either."""

    def __init__(self, text: str, final: bool = False) -> None:
        super().__init__(text)
        self.final = final


class TooLarge(openai.OpenAIError):
    """A response that is larger than MOST_BYTES."""


class Server:
    """A server, asked for one response at a time. `timeout` is what a response may take as a whole [s]."""

    def __init__(self, base_url: str, api_key: str | None, timeout: float, proxies: bool) -> None:
        self._key, self._timeout, self._ends = api_key, timeout, 0.0
        hooks: dict[str, list[Any]] = {"request": [self._sending], "response": [self._receiving]}
        self._http = httpx2.Client(follow_redirects=False, trust_env=proxies, event_hooks=hooks)
        self._client = openai.OpenAI(
            base_url=base_url, api_key=api_key or "none", max_retries=RETRIES, http_client=self._http,
            timeout=httpx2.Timeout(timeout, connect=min(CONNECT, timeout)),
        )  # fmt: skip

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the response to a request for a chat completion, as JSON without the key. Raises NoResponse."""
        try:
            raw = self._client.post("/chat/completions", cast_to=httpx2.Response, body=request)
            response = self.clean(json.loads(raw.content))
        except openai.APITimeoutError as error:
            final = isinstance(error.__cause__, httpx2.ConnectTimeout)
            raise NoResponse(f"no response within {self._timeout:g} s, {1 + RETRIES} times", final) from None
        except openai.APIConnectionError as error:
            final = isinstance(error.__cause__, httpx2.ConnectError)
            what = "the server cannot be reached" if final else "the connection broke"
            raise NoResponse(f"{what} ({self._shown(str(error.__cause__))})", final) from None
        except openai.APIStatusError as error:
            raise self._refusal(error) from None
        except TooLarge:
            raise NoResponse(f"the response is larger than {MOST_BYTES // 10**6} MB") from None
        except (ValueError, RecursionError):
            raise NoResponse("the response is not JSON") from None
        if not isinstance(response, dict) or not _message(response):
            said = response.get("error") if isinstance(response, dict) else None
            raise NoResponse("the response holds no answer" + (f" ({self._shown(said)})" if said else ""))
        return response

    def clean(self, value: Any) -> Any:
        """Return JSON without the key, should the server repeat it, and without what UTF-8 cannot hold."""
        if isinstance(value, dict):
            return {self.clean(name): self.clean(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.clean(inner) for inner in value]
        if not isinstance(value, str):
            return value
        text = value.encode("utf-8", "replace").decode()
        return text.replace(self._key, HIDDEN) if self._key else text

    def close(self) -> None:
        self._http.close()

    def _sending(self, request: httpx2.Request) -> None:
        for name in request.headers.keys() - HEADERS:
            del request.headers[name]
        request.headers["accept-encoding"] = "identity"  # a small response cannot unpack to a large one
        if self._key:
            request.headers["authorization"] = f"Bearer {self._key}"
        self._ends = time.monotonic() + self._timeout

    def _receiving(self, response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise TooLarge("compressed, though nobody asked for it")
        assert isinstance(response.stream, httpx2.SyncByteStream)
        response.stream = _Limited(response.stream, self._ends)

    def _refusal(self, error: openai.APIStatusError) -> NoResponse:
        status, headers = error.status_code, error.response.headers
        if error.response.is_redirect:
            where = self._shown(headers.get("location"))
            return NoResponse(f"the server sends to another address, which is not followed ({where})", True)
        body: Any = error.body
        said = self._shown((body.get("message") or body) if isinstance(body, dict) else body) if body else ""
        wait = f"; it asks to wait {self._shown(headers['retry-after'])} s" if "retry-after" in headers else ""
        return NoResponse(f"the server answers {status}{f': {said}' if said else ''}{wait}", status in REFUSED)

    def _shown(self, text: Any) -> str:
        """What a server says, as one short line."""
        return shorten(visible(" ".join(str(self.clean(str(text))).split())), WORDS)


class _Limited(httpx2.SyncByteStream):
    """The body of a response, which may be neither too large nor too slow."""

    def __init__(self, stream: httpx2.SyncByteStream, ends: float) -> None:
        self._stream, self._ends = stream, ends

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._stream:
            size += len(part)
            if size > MOST_BYTES:
                raise TooLarge
            if time.monotonic() > self._ends:
                raise httpx2.ReadTimeout("the response takes too long")
            yield part

    def close(self) -> None:
        self._stream.close()


def _message(response: dict[str, Any]) -> bool:
    """Whether a response holds a message, as those of chat completions do."""
    choices = response.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return isinstance(first, dict) and isinstance(first.get("message"), dict)
