"""The report in a real browser: no request leaves the page, nothing is complained of, every chart has its marks, and
people find their way by keyboard, by screen reader, on paper, on a phone, in the dark."""

import csv
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from analysis.export import sanitise

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
CHARTS = 26
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


# Of what is made from one pattern a sample is enough: axe takes minutes for all measures and rows.
SAMPLE = """for (const [kind, kept] of [['article.measure', 40], ['div.measure', 40]])
    [...document.querySelectorAll(kind)].slice(kept).forEach(one => one.remove());
for (const body of document.querySelectorAll('main tbody')) [...body.rows].slice(12).forEach(row => row.remove());"""


def violations(visit: Visit) -> list[dict]:
    """What axe finds on the page; of what passes it need not tell where."""
    visit.page.evaluate(SAMPLE)
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
    rows.locator("summary").first.click()  # of many measures, which stand folded
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
    assert visit.page.evaluate("document.activeElement.closest('.scoreboard') !== null")
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


# --- the page's own script -----------------------------------------------------------------------------------------


@pytest.fixture
def visit(browser, pages):
    opened = Visit(browser, pages["en"], viewport=DESK, permissions=["clipboard-read", "clipboard-write"])
    yield opened
    assert opened.said == []
    opened.close()


def found_ids(visit: Visit) -> list[str]:
    return visit.page.locator("#found tbody a").all_text_contents()


def seek(visit: Visit, words: str) -> None:
    visit.page.fill("#find-form [name=q]", words)
    visit.page.keyboard.press("Enter")


# what a researcher looks for: a subject, an acronym with a space of OCR, a body in Japanese on the English page, an
# identifier, words in English, a renamed thing, a phrase, an initiative, full width, an edition's heading
SOUGHT = [
    "海賊版",
    "生成 AI",
    "特許庁",
    "2019-0484",
    "piracy",
    "ベンチャー",
    '"標準化 活動"',
    "I0001",
    "ＡＩ",
    "クールジャパン戦略",
]


def test_what_a_researcher_looks_for_is_there(visit):
    for words in SOUGHT:
        seek(visit, words)
        ids = found_ids(visit)
        assert ids, words
        assert visit.page.locator("#find-count").text_content().startswith(f"{len(ids)} of ") or len(ids) == 50
        if words == "2019-0484":
            assert ids[0] == words
        visit.page.locator("#found tbody a").first.click()
        visit.page.locator(f"#m-{ids[0]}").wait_for(state="visible")


def test_what_stands_nowhere_is_not_there(visit):
    seek(visit, "zzzz")
    assert found_ids(visit) == []
    assert visit.page.locator("#find-count").text_content().startswith("0 of ")


def test_a_latin_word_is_found_where_a_word_begins(visit):
    counts = []
    for words in ("AI", "生成AI", "iracy"):
        seek(visit, words)
        counts.append(int(visit.page.locator("#find-count").text_content().split()[0]))
    whole, generative, within = counts
    assert generative < whole < visit.page.locator("article.measure").count() / 4
    assert within == 0  # piracy does not begin so


def test_filters_narrow_sorting_orders_and_the_address_keeps_both(browser, pages, visit):
    seek(visit, "海賊版")
    every = found_ids(visit)
    visit.page.select_option("#find-form [name=edition]", "2026")
    visit.page.wait_for_url("**edition=2026**")
    ids = found_ids(visit)
    assert ids == [key for key in every if key.startswith("2026-")]
    assert 0 < len(ids) < len(every)
    visit.page.click("#found th button[data-sort=id]")
    visit.page.click("#found th button[data-sort=id]")
    assert found_ids(visit) == sorted(ids, reverse=True)
    again = Visit(browser, pages["en"], viewport=DESK)
    again.page.goto(visit.page.url)
    again.page.reload()
    assert found_ids(again) == sorted(ids, reverse=True)
    again.close()


def test_each_table_and_chart_can_be_saved_from_the_page_alone(visit):
    visit.page.locator("#chart-sections").get_by_role("button", name="SVG").scroll_into_view_if_needed()
    with visit.page.expect_download() as saved:
        visit.page.locator("#chart-sections").get_by_role("button", name="SVG").click()
    drawing = ElementTree.parse(saved.value.path()).getroot()
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(drawing.iter("{http://www.w3.org/2000/svg}path"))) > 5
    visit.page.locator("#chart-sections + details summary").first.click()
    with visit.page.expect_download() as saved:
        visit.page.locator("#chart-sections + details").get_by_role("button", name="CSV").click()
    with saved.value.path().open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0][:3] == ["section", "heading", "measures"]
    assert sum(int(row[2]) for row in rows[1:]) == visit.page.locator("article[data-edition='2026']").count()
    unsaved = "[...document.querySelectorAll('main table')].filter(table => !table.closest('.pair') && " \
        "!table.closest('[id^=rows-], [id^=outcome-], #indicators, .table')).length"  # fmt: skip
    assert visit.page.evaluate(unsaved) == 0


def test_what_is_saved_holds_no_formula(visit):
    names = list(visit.page.evaluate("[...document.querySelectorAll('[id^=rows-]')].map(one => one.id)"))
    risky = "[...document.querySelectorAll('#NAME td')].some(cell => /^[=+@-]/.test(cell.textContent.trim()))"
    name = next(name for name in names if visit.page.evaluate(risky.replace("NAME", name)))
    button = f"document.getElementById('{name}').previousElementSibling.querySelector('.tool').click()"
    with visit.page.expect_download() as saved:
        visit.page.evaluate(button)
    cells = [cell for row in csv.reader(saved.value.path().open(encoding="utf-8-sig", newline="")) for cell in row]
    assert any(cell.startswith("'") for cell in cells)
    assert not any(cell[:1] in tuple(sanitise.FORMULA_STARTS) for cell in cells if cell)


def test_a_link_and_a_citation_can_be_copied(visit):
    key = visit.page.locator("article.measure").first.get_attribute("id")
    visit.page.evaluate(f"location.hash = '#{key}'")
    article = visit.page.locator(f"#{key}")
    article.get_by_role("button", name="Copy link").click()
    assert visit.page.evaluate("navigator.clipboard.readText()").endswith(f"report.html#{key}")
    article.get_by_role("button", name="Copy citation").click()
    cited = visit.page.evaluate("navigator.clipboard.readText()")
    assert key.removeprefix("m-") in cited
    assert "version" in cited


def test_the_contents_say_where_one_is(visit):
    assert visit.page.locator("nav [aria-current]").all_text_contents() == ["At a glance"]
    visit.page.evaluate("document.getElementById('kpis').scrollIntoView()")
    visit.page.locator("nav a[href='#kpis'][aria-current]").wait_for()
    assert visit.page.locator("nav [aria-current]").count() == 1
    assert visit.page.locator("nav").bounding_box()["y"] >= 0  # it stays in sight


def test_a_chart_is_whole_on_a_phone_and_can_be_enlarged(browser, pages):
    visit = Visit(browser, pages["ja"], viewport=PHONE)
    for figure in visit.page.locator("figure").all():
        assert figure.locator("svg").first.bounding_box()["width"] <= figure.bounding_box()["width"] + 1
    first = visit.page.locator("figure").first
    before = first.locator("svg").bounding_box()["width"]
    first.get_by_role("button", name="拡大").click()
    assert first.locator("svg").bounding_box()["width"] > 1.5 * before
    visit.close()


def test_a_mark_says_what_it_is(browser, pages):
    visit = Visit(browser, pages["en"], viewport=DESK)
    titles = visit.page.locator("#chart-ministries path > title").all_text_contents()
    assert len(titles) > 10
    assert any("Cabinet Office" in title for title in titles)
    visit.close()


def test_without_its_script_the_page_is_whole(browser, pages):
    visit = Visit(browser, pages["en"], viewport=DESK, java_script_enabled=False)
    assert visit.said == []
    assert not visit.page.locator("#find-form").is_visible()
    assert visit.page.locator("#find-without").is_visible()
    assert visit.page.locator("article.measure").count() > 900
    visit.close()


def test_another_script_does_not_run(browser, pages, tmp_path):
    html = pages["en"].read_text(encoding="utf-8").replace("</main>", "<script>document.title = 'run'</script></main>")
    (tmp_path / "altered.html").write_text(html, encoding="utf-8")
    visit = Visit(browser, tmp_path / "altered.html")
    assert visit.page.title() != "run"
    assert "Content Security Policy" in visit.said[0]
    visit.close()
