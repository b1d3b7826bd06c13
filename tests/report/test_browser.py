"""The report in a real browser: no request leaves the page, nothing is complained of, every chart has its marks, and
people find their way by keyboard, by screen reader, on paper, on a phone, in the dark."""

import re
import shutil
from pathlib import Path

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
CHARTS = 27
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


class Visit:
    """A page that was opened: what it asked for, and what its console says."""

    def __init__(self, browser, file: Path, **how: object) -> None:
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page: Page = browser.new_context(**how).new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(file.as_uri())

    def close(self) -> None:
        self.page.context.close()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_keeps_to_itself_and_draws_every_chart(browser, pages, language):
    visit = Visit(browser, pages[language], viewport=DESK)
    assert visit.said == []
    assert [url for url in visit.asked if not url.startswith("data:")] == [pages[language].as_uri()]
    figures = visit.page.locator("figure").all()
    assert len(figures) == CHARTS
    for figure in figures:
        inside = figure.inner_html()
        assert inside.count("<path") + inside.count("<rect") > 5
        assert re.search(r"<text[^>]*>[^<]*[぀-ヿ一-鿿]", inside) or language == "en"
        box = figure.locator("svg").first.bounding_box()
        assert box["width"] > 100
        assert box["height"] > 50
    visit.close()


def test_a_request_and_an_error_would_be_seen(browser, tmp_path):
    leaky = tmp_path / "leaky.html"
    leaky.write_text('<img src="http://127.0.0.1:9/seen.png"><script>console.error("heard")</script>', encoding="utf-8")
    visit = Visit(browser, leaky)
    assert "heard" in visit.said
    assert "http://127.0.0.1:9/seen.png" in visit.asked
    visit.close()


def violations(visit: Visit) -> list[dict]:
    """What axe finds on the page; of what passes it need not tell where."""
    return Axe().run(visit.page, options={"resultTypes": ["violations"]}).response["violations"]


# each language, scheme and size once: axe takes its time
@pytest.mark.parametrize(("language", "scheme", "size"), [("en", "light", DESK), ("ja", "dark", PHONE)])
def test_axe_finds_no_serious_violation(browser, pages, language, scheme, size):
    visit = Visit(browser, pages[language], viewport=size, color_scheme=scheme, bypass_csp=True)
    serious = [
        (one["id"], node["html"][:200])
        for one in violations(visit)
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    assert serious == []
    visit.close()


def test_axe_would_find_one(browser, tmp_path):
    poor = tmp_path / "poor.html"
    poor.write_text('<!doctype html><html lang="en"><title>x</title><main><img src="data:,"></main>', encoding="utf-8")
    visit = Visit(browser, poor)
    assert "image-alt" in [one["id"] for one in violations(visit)]
    visit.close()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_is_no_wider_than_the_screen(browser, pages, language, size):
    visit = Visit(browser, pages[language], viewport=size)
    wide = visit.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size["width"]
    visit.close()


def test_a_number_leads_to_its_rows_and_they_to_the_measure(browser, pages):
    visit = Visit(browser, pages["en"], viewport=DESK)
    visit.page.locator(".highlights a[href='#rows-together']").first.click()
    rows = visit.page.locator("#rows-together")
    rows.wait_for(state="visible")  # what hides it opens
    first = rows.locator("a[href^='#m-']").first
    key = first.text_content()
    first.click()
    measure = visit.page.locator(f"#m-{key}")
    measure.wait_for(state="visible")
    assert key in measure.text_content()
    visit.close()


def test_the_keyboard_reaches_the_content_first(browser, pages):
    visit = Visit(browser, pages["en"], viewport=DESK)
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.className") == "skip"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "main"
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.closest('.highlights') !== null")
    visit.close()


def test_charts_are_not_cut_on_paper(browser, pages, tmp_path):
    visit = Visit(browser, pages["ja"], viewport=DESK)
    visit.page.emulate_media(media="print")
    visit.page.set_viewport_size({"width": 673, "height": 1000})  # A4 less its margins, at 96 dots an inch
    high = 1002  # 265 mm
    for figure in visit.page.locator("figure").all():
        box, drawn = figure.bounding_box(), figure.locator("svg").first.bounding_box()
        assert drawn["width"] <= box["width"] + 1
        assert box["height"] <= high
    assert not visit.page.locator("nav").is_visible()
    visit.page.pdf(path=tmp_path / "report.pdf", format="A4")
    with pypdfium2.PdfDocument(tmp_path / "report.pdf") as paper:
        assert len(paper) > 5
    visit.close()
