"""The report in a real browser: no request leaves the page, nothing is complained of, every chart has its marks."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis import report

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
CHARTS = 14


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    return report.build(2026, 2019, "ja", tmp_path_factory.mktemp("report"))


def browse(page: Path, folder: Path, *options: str) -> tuple[str, str, set[str]]:
    """The page's elements after it was drawn, what the console says, and the addresses that were asked for."""
    log = folder / "net.json"
    command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
               "--disable-background-networking", "--disable-component-update", "--no-first-run",
               f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", *options, page.as_uri()]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    # the browser's own pages, which start with it, complain where the machine is slow
    heard = [line for line in done.stderr.splitlines() if "CONSOLE" in line and "source: chrome://" not in line]
    said = "\n".join(heard)
    events = json.loads(log.read_text(encoding="utf-8", errors="replace"))["events"]
    asked = {event["params"]["url"] for event in events if "url" in event.get("params", {})}
    # the browser itself calls home for its dictionary and updates
    own = {url for url in asked if re.match(r"https?:", url) and not re.match(r"https?://[^/]*(google|gvt1)", url)}
    return done.stdout, said, own


def test_the_page_keeps_to_itself_and_draws_every_chart(page, tmp_path):
    elements, said, asked = browse(page, tmp_path, "--dump-dom")
    assert said == ""
    assert asked == set()
    figures = re.findall(r"<figure id=.*?</figure>", elements, flags=re.DOTALL)
    assert len(figures) == CHARTS
    for figure in figures:
        assert figure.count("<path") + figure.count("<rect") > 5
        assert re.search(r"<text[^>]*>[^<]*[぀-ヿ一-鿿]", figure)


def test_a_request_would_be_seen(tmp_path):
    leaky = tmp_path / "leaky.html"
    leaky.write_text('<img src="http://127.0.0.1:9/seen.png"><script>console.error("heard")</script>', encoding="utf-8")
    _, said, asked = browse(leaky, tmp_path, "--dump-dom")
    assert "heard" in said
    assert asked == {"http://127.0.0.1:9/seen.png"}
