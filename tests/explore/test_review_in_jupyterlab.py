"""The review panel in a real JupyterLab: one key decides, and no key does anything else."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import REPO, copy_tables
from playwright.sync_api import Page, expect, sync_playwright

from analysis.coding import codebooks, decisions

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
WHO = "K. Tanaka"
CASES = [("links", "doubtful", "en"), ("topics", "sample", "ja")]
READY = """() => {
    const context = window.jupyterapp.shell.currentWidget?.sessionContext;
    return context?.isReady && context.session?.kernel?.status === 'idle';
}"""
PATIENCE = 60_000  # milliseconds: a kernel starts on a busy machine


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with invented texts and, of each case, a notebook with a reviewer."""
    root = tmp_path_factory.mktemp("workspace")
    shutil.copytree(REPO / "data/curated", root / "data/curated")
    (root / "data/processed").mkdir(parents=True)
    copy_tables(root / "data/processed")
    keys = pl.read_ndjson(root / "data/processed/measures.jsonl", infer_schema_length=None)["measure_id"]
    text = {"repaired": None, "section_title": "灯台", "subhead": None, "years": []}
    rows = [{"measure_id": key, "text": f"灯台{key}の明かりを新しい光源に取り替える。"} | text for key in keys]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (root / "data/processed/texts.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    book = nbformat.read(REPO / "notebooks/review.ipynb", as_version=4)
    for codebook, mode, language in CASES:
        at = next(n for n, cell in enumerate(book.cells) if "parameters" in cell.metadata.get("tags", []))
        values = {"codebook": codebook, "mode": mode, "language": language, "reviewer": WHO}
        lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
        own = nbformat.from_dict(json.loads(json.dumps(book)))
        own.cells[at].source += "\n" + "\n".join(lines)
        nbformat.write(own, root / f"{codebook}.ipynb")
    return root


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[str]:
    """The address of a JupyterLab whose kernels work in the workspace."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "IP_PLAN_ROOT": str(root), "PYTHONPATH": str(REPO), "JUPYTER_CONFIG_DIR": str(root / "config"),
        "JUPYTER_DATA_DIR": str(root / "share"), "JUPYTER_RUNTIME_DIR": str(root / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(root / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(root / "workspaces"),
    }  # fmt: skip
    environment.pop("IP_PLAN_PROCESSED", None)
    options = ["--no-browser", f"--port={port}", "--port-retries=0", "--IdentityProvider.token=", "--allow-root"]
    command = [sys.executable, "-m", "jupyterlab", *options, "--expose-app-in-browser", f"--notebook-dir={root}"]
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=(root / "server.log").open("wb")
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, (root / "server.log").read_text()
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def lab(browser, server) -> Iterator[Page]:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(f"{server}/lab")
    yield page
    page.context.close()


def opened(page: Page, name: str):
    """Open a notebook, run it, and return its panel."""
    page.goto(page.url.split("/lab")[0] + f"/lab/tree/{name}.ipynb?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(READY)
    page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    panel = page.locator(".review-panel")
    panel.wait_for()
    expect(panel).to_have_attribute("data-keys", "on")
    return panel


def made(root: Path, codebook: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """The decisions in the workspace: unit, first variable, role, seed, why."""
    monkeypatch.setenv("IP_PLAN_ROOT", str(root))
    book = codebooks.codebook(codebook)
    rows = decisions.of_people(book).select("unit_id", book.variables[0], "role", "seed", "why")
    return rows.rows()


def press(page: Page, panel, key: str) -> None:
    """Press a key and wait until the panel has answered."""
    turn = panel.locator("[data-turn]").get_attribute("data-turn")
    page.keyboard.press(key)
    expect(panel.locator("[data-turn]")).not_to_have_attribute("data-turn", turn)


def test_keys_decide_about_pairs(lab, root, monkeypatch):
    panel = opened(lab, "links")
    cells = lab.locator(".jp-Notebook .jp-Cell").count()
    first = panel.locator("article strong").inner_text()
    assert "score" not in panel.inner_text()
    assert panel.locator("button.review-key-1").inner_text() == "Same initiative (1)"
    panel.focus()
    lab.screenshot(path=os.environ.get("SHOTS", str(root)) + "/links.png")
    press(lab, panel, "4")
    second = panel.locator("article strong").inner_text()
    assert second != first
    message = panel.locator(".review-message")
    assert message.get_attribute("role") == "status"
    expect(message).to_contain_text(f"{first}: No link ({WHO}).")
    expect(message).to_contain_text("coders: ")
    assert [row[1:] for row in made(root, "links", monkeypatch)] == [("none", "reviewer", None, None)]
    lab.screenshot(path=os.environ.get("SHOTS", str(root)) + "/links-decided.png")

    # what is typed as a reason is a reason
    lab.keyboard.press("r")
    expect(panel.locator("textarea")).to_be_focused()
    lab.keyboard.type("zbs1 its goal")
    assert panel.locator("article strong").inner_text() == second
    lab.keyboard.press("Escape")
    press(lab, panel, "2")
    assert sorted(row[1:] for row in made(root, "links", monkeypatch))[1][:1] == ("successor",)
    assert "zbs1 its goal" in [row[4] for row in made(root, "links", monkeypatch)]
    assert panel.locator("textarea").input_value() == ""

    press(lab, panel, "z")
    assert panel.locator("article strong").inner_text() == second
    press(lab, panel, "b")
    assert panel.locator("article strong").inner_text() == first
    expect(message).to_contain_text("No link")
    press(lab, panel, "z")
    assert made(root, "links", monkeypatch) == []
    press(lab, panel, "Enter")
    press(lab, panel, "s")
    assert "3 of" in panel.inner_text()
    for key in "axddm":  # of no button here: they would insert, cut, delete and convert cells
        lab.keyboard.press(key)
    press(lab, panel, "s")
    assert lab.locator(".jp-Notebook .jp-Cell").count() == cells


def test_two_presses_at_once_are_one_and_the_mouse_leaves_enter_alone(lab, root, monkeypatch):
    panel = opened(lab, "links")
    panel.focus()
    turn = panel.locator("[data-turn]").get_attribute("data-turn")
    lab.evaluate("""() => {
        const panel = document.querySelector('.review-panel');
        for (const key of ['3', '3', '4']) panel.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    }""")
    expect(panel.locator("[data-turn]")).not_to_have_attribute("data-turn", turn)
    time.sleep(1)  # were there others, they would be here
    assert [row[1] for row in made(root, "links", monkeypatch)] == ["related"]
    turn = panel.locator("[data-turn]").get_attribute("data-turn")
    panel.locator("button.review-key-1").click()
    expect(panel.locator("[data-turn]")).not_to_have_attribute("data-turn", turn)
    press(lab, panel, "Enter")
    assert sorted(row[1] for row in made(root, "links", monkeypatch)) == ["related", "same"]
    # a reason is whole, however soon the button is pressed after it
    lab.keyboard.press("r")
    lab.keyboard.type("its goal and its desk")
    turn = panel.locator("[data-turn]").get_attribute("data-turn")
    panel.locator("button.review-key-2").click()
    expect(panel.locator("[data-turn]")).not_to_have_attribute("data-turn", turn)
    assert "its goal and its desk" in [row[4] for row in made(root, "links", monkeypatch)]
    # by keyboard alone the focus stays on its button
    button = panel.locator("button.review-key-1")
    button.focus()
    press(lab, panel, "Space")
    expect(button).to_be_focused()
    # with a modifier a key is the browser's or JupyterLab's
    turn = panel.locator("[data-turn]").get_attribute("data-turn")
    lab.keyboard.press("Control+3")
    time.sleep(1)
    assert panel.locator("[data-turn]").get_attribute("data-turn") == turn


def test_topics_by_keys_in_japanese_with_second_and_sub_category(lab, root, monkeypatch):
    panel = opened(lab, "topics")
    panel.focus()
    lab.screenshot(path=os.environ.get("SHOTS", str(root)) + "/topics.png")
    first = panel.locator("article strong").inner_text()
    press(lab, panel, "2")  # startup has no sub-categories: decided
    assert panel.locator("article strong").inner_text() != first
    press(lab, panel, "w")
    press(lab, panel, "3")  # univ, then a second topic, then its sub-category
    lab.screenshot(path=os.environ.get("SHOTS", str(root)) + "/topics-second.png")
    press(lab, panel, "2")
    press(lab, panel, "1")
    rows = made(root, "topics", monkeypatch)
    assert sorted(row[1:4] for row in rows) == [("startup", "sample", "1"), ("univ", "sample", "1")]
    book = codebooks.codebook("topics")
    second = decisions.of_people(book).filter(topic="univ").select("second_topic", "sub_topic").row(0)
    assert second == ("startup", "univ-transfer")
    assert "取り消" in panel.inner_text()
    lab.screenshot(path=os.environ.get("SHOTS", str(root)) + "/topics-decided.png")


def test_axe_finds_no_serious_violation_in_the_panel(lab, root):
    opened(lab, "topics")
    results = Axe().run(lab, context=".review-panel", options={"resultTypes": ["violations"]}).response
    serious = [
        (one["id"], node["html"][:200])
        for one in results["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    assert serious == []


def test_the_saved_notebook_holds_no_text(lab, root):
    opened(lab, "links")
    lab.evaluate("void window.jupyterapp.commands.execute('docmanager:save')")
    time.sleep(2)
    saved = (root / "links.ipynb").read_text(encoding="utf-8")
    assert "widget-view" in saved
    assert "明かり" not in saved
