// Answers back: search, filters and sorting of measures, downloads, links and citations to copy, and where one is.
// Everything it shows it takes from the page, as text: nothing is made into markup. The page is whole without it.
"use strict";
(() => {
  const find = document.getElementById("find-form");
  const words = find.dataset;
  const FIRST = 50;

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  // One form of a word however it is set: width, case, and the spaces that OCR left between kanji.
  const JAPANESE = "[\\u3040-\\u30ff\\u3400-\\u9fff\\uff66-\\uff9f]";
  const GAP = new RegExp(`(?<=${JAPANESE})\\s+(?=[\\u3040-\\u30ff\\u3400-\\u9fffa-z0-9])|(?<=[a-z0-9])\\s+(?=${JAPANESE})`, "g");
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(GAP, "");

  // --- search --------------------------------------------------------------------------------------------------

  const FILTERS = [...find.querySelectorAll("select")].map((select) => select.name);
  const renamed = JSON.parse(words.renamings).map((pair) => pair.map(plain));
  let records = null;

  const listed = () => {
    records ??= [...document.querySelectorAll("article.measure")].map((article, place) => {
      const text = article.querySelector(".text");
      const heading = article.parentElement.closest("details")?.dataset.heading ?? "";
      const initiative = article.querySelector(".initiative")?.textContent ?? "";
      const row = { place, id: article.id.slice(2), text: text.textContent, heading, initiative };
      for (const name of FILTERS) row[name] = article.dataset[name].split("|");
      row.all = plain([article.id.slice(2), heading, article.dataset.edition, ...article.querySelectorAll(":scope > p")]
        .map((part) => part.textContent ?? part).join(" ")) + plain(article.dataset.body);
      return row;
    });
    return records;
  };

  // Words that stand for one another: what was renamed is found by its old name and by its new one.
  const alternatives = (word) => {
    const others = renamed.filter((pair) => pair.includes(word)).flat();
    return [...new Set([word, ...others])];
  };
  const asked = (query) => {
    const parts = query.match(/"[^"]*"?|\S+/g) ?? [];
    return parts.map((part) => plain(part.replaceAll('"', "").trim())).filter(Boolean).map(alternatives);
  };

  // A Latin word is found where a word begins, a short one as a whole word: AI is not in "main" or "aid".
  const patterns = new Map();
  const contains = (text, word) => {
    if (!/^[a-z]+$/.test(word)) return text.includes(word);
    if (!patterns.has(word))
      patterns.set(word, new RegExp(`(?<![a-z])${word}${word.length < 4 ? "(?![a-z])" : ""}`));
    return patterns.get(word).test(text);
  };

  const label = (name, value) => {
    const options = [...find.elements[name].options];
    return options.find((option) => option.value === value)?.textContent ?? value;
  };
  const shown = (row, name) => row[name].filter(Boolean).map((value) => label(name, value)).join(", ");
  const columns = () => [
    ["id", words.measure, (row) => row.id],
    ["text", words.content, (row) => row.heading],
    ...FILTERS.map((name) => [name, words[name], (row) => shown(row, name)]),
  ];

  const excerpt = (row, wanted) => {
    const text = row.text.trim();
    const lower = plain(text).length === text.length ? plain(text) : text.toLowerCase();
    const hits = wanted.flat().map((word) => [lower.indexOf(word), word.length]).filter(([at]) => at >= 0);
    const [at, length] = hits.sort((one, other) => one[0] - other[0])[0] ?? [0, 0];
    const start = Math.max(0, at - 20);
    const cell = make("td", { lang: "ja" }, make("span", { class: "place" }, row.initiative || row.heading), make("br"));
    cell.append((start ? "…" : "") + text.slice(start, at));
    if (length) cell.append(make("mark", {}, text.slice(at, at + length)));
    cell.append(text.slice(at + length, at + length + 70) + (text.length > at + length + 70 ? "…" : ""));
    return cell;
  };

  let all = false;
  const answer = () => {
    const wanted = asked(find.elements.q.value);
    const chosen = FILTERS.filter((name) => find.elements[name].value);
    const result = document.getElementById("find-result");
    const active = wanted.length || chosen.length;
    let rows = active ? listed().filter((row) =>
      chosen.every((name) => row[name].includes(find.elements[name].value)) &&
      wanted.every((words) => words.some((word) => contains(row.all, word)))) : [];
    // a measure that is asked for by its identifier stands first
    const named = (row) => wanted.some((words) => words.includes(row.id.toLowerCase()));
    rows = [...rows.filter(named), ...rows.filter((row) => !named(row))];
    const key = find.elements.sort.value.replace("-", "");
    const by = columns().find(([name]) => name === key);
    if (by) {
      const order = find.elements.sort.value.startsWith("-") ? -1 : 1;
      const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
      rows = rows.map((row) => [by[2](row), row]).sort((one, other) =>
        order * collator.compare(one[0], other[0]) || one[1].place - other[1].place).map(([, row]) => row);
    }
    const others = wanted.flatMap((words) => words.slice(1));
    const count = active ? words.count.replace("{count}", rows.length).replace("{total}", listed().length) : "";
    document.getElementById("find-count").textContent =
      count + (others.length ? ` ${words.also.replace("{words}", others.join(", "))}` : "");
    result.replaceChildren();
    if (rows.length) result.append(tabled(all ? rows : rows.slice(0, FIRST), wanted));
    if (!all && rows.length > FIRST) {
      const more = make("button", { type: "button" }, words.all.replace("{count}", rows.length));
      more.addEventListener("click", () => { all = true; answer(); });
      result.append(more);
    }
  };

  const tabled = (rows, wanted) => {
    const table = make("table", { id: "found" });
    const heads = columns().map(([name, head]) => {
      const sort = find.elements.sort.value;
      const state = sort === name ? "ascending" : sort === `-${name}` ? "descending" : "none";
      const button = make("button", { type: "button", "data-sort": name }, head);
      button.addEventListener("click", () => {
        find.elements.sort.value = state === "ascending" ? `-${name}` : name;
        changed();
        find.parentElement.querySelector(`[data-sort="${name}"]`)?.focus();
      });
      return make("th", { scope: "col", "aria-sort": state }, button);
    });
    const body = rows.map((row) => make("tr", {},
      make("td", {}, make("a", { href: `#m-${row.id}` }, row.id)),
      excerpt(row, wanted),
      ...FILTERS.map((name) => make("td", {}, shown(row, name)))));
    table.append(make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...body));
    const save = make("button", { type: "button", class: "tool" }, "CSV");
    save.addEventListener("click", () => download("measures.csv", csv(table)));
    return make("div", {}, save,
      make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words.found }, table));
  };

  // --- the view in the address ---------------------------------------------------------------------------------

  const state = () => {
    const kept = [...new FormData(find)].filter(([, value]) => value);
    return kept.length ? `#find?${new URLSearchParams(kept)}` : "#find";
  };
  const changed = () => {
    all = false;
    history.replaceState(null, "", state());
    answer();
  };
  // What is folded away opens when a link leads into it.
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target?.scrollIntoView();
  };
  const restore = () => {
    if (!location.hash.startsWith("#find?")) { unfold(); return; }
    const kept = new URLSearchParams(location.hash.slice("#find?".length));
    for (const name of ["q", "sort", ...FILTERS]) find.elements[name].value = kept.get(name) ?? "";
    answer();
    document.getElementById("find").scrollIntoView();
  };
  let waiting = 0;
  find.addEventListener("submit", (event) => { event.preventDefault(); changed(); });
  find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(changed, 60); });
  find.addEventListener("reset", () => setTimeout(changed));
  addEventListener("hashchange", restore);

  // --- to take away --------------------------------------------------------------------------------------------

  const download = (name, address) => {
    const link = make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
  };
  // A spreadsheet takes a cell that begins so for a formula.
  const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
  const cell = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll("summary").forEach((summary) => summary.remove());
    copy.querySelectorAll("br").forEach((line) => line.replaceWith(" "));
    const text = copy.textContent.replace(/\s+/g, " ").trim();
    const safe = FORMULA.test(text) ? `'${text}` : text;
    return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = (...tables) => {
    const rows = tables.flatMap((table, place) => [...table.rows].slice(place && table.tHead ? 1 : 0));
    const lines = rows.map((row) => [...row.cells].map(cell).join(","));
    return `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${lines.join("\r\n")}\r\n`)}`;
  };
  const svg = (drawing) => {
    const copy = drawing.cloneNode(true);
    const [, , width, height] = copy.getAttribute("viewBox").split(" ");
    for (const [name, value] of Object.entries({ width, height, xmlns: "http://www.w3.org/2000/svg" }))
      copy.setAttribute(name, value);
    copy.removeAttribute("style");
    return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  };

  const copied = async (button, text) => {
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch { done = false; }
    if (!done) {
      const area = make("textarea", { readonly: "" });
      area.value = text;
      button.after(area);
      area.select();
      return;
    }
    const before = button.textContent;
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = before; }, 1500);
  };
  const address = (id) => `${location.href.split("#")[0]}#${id}`;
  const tool = (text, act) => {
    const button = make("button", { type: "button", class: "tool" }, text);
    button.addEventListener("click", () => act(button));
    return button;
  };
  const tools = (id, name, ...more) => make("span", { class: "tools" }, ...more,
    tool(words.link, (button) => copied(button, address(id))),
    tool(words.cite, (button) => copied(button, `${words.citation} ${name}. ${address(id)}`)));

  // On a narrow screen a chart is as wide as the screen: all of it is seen, and its words once it is enlarged.
  const enlarge = (figure) => {
    const button = tool(words.enlarge, () => {
      button.setAttribute("aria-pressed", figure.classList.toggle("wide"));
    });
    button.classList.add("enlarge");
    button.setAttribute("aria-pressed", "false");
    return button;
  };
  for (const figure of document.querySelectorAll("figure")) {
    const drawing = figure.querySelector("svg");
    const name = figure.querySelector("[aria-label]").getAttribute("aria-label").split(/[.:\u3002\uff1a]/)[0];
    figure.querySelector("figcaption").append(" ", tools(figure.id, name,
      tool("SVG", () => download(`${figure.id}.svg`, svg(drawing))), enlarge(figure)));
  }
  for (const rows of document.querySelectorAll("[id^=rows-], [id^=outcome-], #indicators, .table")) {
    const tables = [...rows.querySelectorAll("table")];
    const name = rows.closest("details")?.querySelector("summary").textContent ?? rows.getAttribute("aria-label") ?? rows.id;
    if (tables.length) rows.before(tools(rows.id, name, tool("CSV", () => download(`${rows.id}.csv`, csv(...tables)))));
  }
  // A measure gets its buttons when somebody looks at it: there are many.
  const equip = (article) => {
    if (article.querySelector(".tools")) return;
    const id = article.id.slice(2);
    article.append(tools(article.id, words.one.replace("{measure}", id)));
  };
  const seen = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting)
    .forEach((entry) => { equip(entry.target); seen.unobserve(entry.target); }));
  document.querySelectorAll("article.measure").forEach((article) => seen.observe(article));

  // --- where one is --------------------------------------------------------------------------------------------

  const entries = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
  const heads = [...entries.keys()].map((id) => document.getElementById(id));
  const mark = () => {
    const passed = heads.filter((head) => head.getBoundingClientRect().top < innerHeight / 3);
    const here = entries.get((passed.at(-1) ?? heads[0]).id);
    if (here.hasAttribute("aria-current")) return;
    for (const link of entries.values()) link.removeAttribute("aria-current");
    here.setAttribute("aria-current", "location");
    here.closest("ol").scrollLeft = here.offsetLeft - 40; // on a narrow screen the contents are one line
  };
  let drawn = false;
  addEventListener("scroll", () => {
    if (drawn) return;
    drawn = true;
    requestAnimationFrame(() => { drawn = false; mark(); });
  }, { passive: true });

  find.hidden = false;
  document.getElementById("find-without").remove();
  document.documentElement.classList.add("answers");
  mark();
  restore();
})();
