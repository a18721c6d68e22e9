"use strict";
// Draws the cases. Untrusted text goes into the page as text nodes only; nothing is ever parsed as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const PAGE = 50;
  const LONG = 20000; // characters of one text that are drawn at once
  const STORE = `replydesk-corrections:${data.run}`;
  // The same set as marks.py: default-ignorable signs, controls, separators of lines.
  const HIDDEN = /[\p{DI}\p{Cc}\p{Cs}\u2028\u2029]/u;
  const HIDDEN_RUNS = /([\p{DI}\p{Cc}\p{Cs}\u2028\u2029]+)/u;
  const PLAIN = new Set(["\t", "\n", "\r", "\uFE0F"]);
  const NAMES = {
    "\u200B": ["ZWSP", "zero-width space"], "\u200C": ["ZWNJ", "zero-width non-joiner"],
    "\u200D": ["ZWJ", "zero-width joiner"], "\u200E": ["LRM", "left-to-right mark"],
    "\u200F": ["RLM", "right-to-left mark"], "\u202A": ["LRE", "left-to-right embedding"],
    "\u202B": ["RLE", "right-to-left embedding"], "\u202C": ["PDF", "end of direction"],
    "\u202D": ["LRO", "left-to-right override"], "\u202E": ["RLO", "right-to-left override"],
    "\u2060": ["WJ", "word joiner"], "\u2066": ["LRI", "left-to-right isolate"],
    "\u2067": ["RLI", "right-to-left isolate"], "\u2068": ["FSI", "first strong isolate"],
    "\u2069": ["PDI", "end of isolate"], "\u00AD": ["SHY", "soft hyphen"],
    "\uFEFF": ["BOM", "zero-width no-break space"],
  };
  const PICTURE = /\p{Extended_Pictographic}/u;
  const $ = (id) => document.getElementById(id);

  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children); // strings become text nodes
    return node;
  }

  // ---- text -------------------------------------------------------------------------------------------

  const textOf = (cell) => (typeof cell === "number" ? data.texts[cell] : cell);

  function markOf(sign) {
    const point = `U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    const [short, long] = NAMES[sign] ?? [point, "hidden sign"];
    return make("span", { class: "mark", title: `${long}, ${point}` }, short);
  }

  /** The text as nodes; every sign that hides or steers is replaced by a mark that names it. */
  function shown(text) {
    if (!HIDDEN.test(text)) return [text];
    const nodes = [];
    const pieces = text.split(HIDDEN_RUNS);
    pieces.forEach((piece, place) => {
      if (place % 2 === 0) { nodes.push(piece); return; }
      for (const sign of piece) {
        const joins = sign === "\u200D" && PICTURE.test(pieces[place - 1].slice(-2) || "\u00A0")
          && PICTURE.test(pieces[place + 1].slice(0, 2));
        nodes.push(PLAIN.has(sign) || joins ? sign : markOf(sign));
      }
    });
    return nodes;
  }

  /** A block of text; `places` are [start, end, rule] in code points. */
  function block(text, language, places = []) {
    const box = make("div", { class: "text", dir: "auto", lang: language, tabindex: 0 });
    const fill = (all) => {
      const part = all || text.length <= LONG ? text : text.slice(0, LONG);
      box.replaceChildren(...(places.length ? highlighted(part, places) : shown(part)));
      if (part.length < text.length) {
        const words = `Show all ${text.length.toLocaleString("en")} characters`;
        box.append(" … ", make("button", { type: "button", onclick: () => { fill(true); box.focus(); } }, words));
      }
    };
    fill(false);
    return box;
  }

  /** Findings may overlap: the text is cut wherever one starts or ends, and each is named at its end. */
  function highlighted(text, places) {
    const signs = Array.from(text);
    const known = places.filter(([start, end]) => start >= 0 && start < end && end <= signs.length);
    const cuts = [...new Set([0, signs.length, ...known.flatMap(([start, end]) => [start, end])])].sort((a, b) => a - b);
    return cuts.slice(0, -1).flatMap((start, place) => {
      const end = cuts[place + 1];
      const words = shown(signs.slice(start, end).join(""));
      if (!known.some((one) => one[0] <= start && end <= one[1])) return words;
      const rules = [...new Set(known.filter((one) => one[1] === end).map((one) => one[2]))].join(" ");
      return [make("mark", {}, ...words, ...(rules ? [make("span", { class: "rule" }, rules)] : []))];
    });
  }

  // ---- one case ---------------------------------------------------------------------------------------

  const badge = (outcome, words) =>
    make("span", { class: `badge ${outcome}` }, words ?? data.outcomes[outcome]);

  /** A table whose cells know the head of their column, for screens on which rows are stacked. */
  function grid(head, rows) {
    const line = (row) => make("tr", {}, ...row.map((cell, place) => {
      cell.setAttribute("data-head", head[place]);
      return cell;
    }));
    return make("div", { class: "scroll", tabindex: 0 }, make("table", {},
      make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, ...shown(name))))),
      make("tbody", {}, ...rows.map(line))));
  }

  const table = (head, rows, language) => grid(head, rows.map((row) => row.map((cell) =>
    make("td", { dir: "auto", lang: language }, ...shown(textOf(cell).slice(0, LONG))))));

  function pairs(found) {
    return make("dl", { class: "pairs" }, ...found.map(([name, value]) =>
      make("div", {}, make("dt", {}, ...shown(name)),
        make("dd", { dir: "auto" }, ...shown(textOf(value).slice(0, LONG))))));
  }

  function section(one, language) {
    const parts = [make("h4", {}, ...shown(one.title))];
    if (one.text !== undefined) parts.push(block(textOf(one.text), language, one.marks));
    if (one.pairs) parts.push(pairs(one.pairs));
    if (one.rows) parts.push(table(one.head, one.rows, language));
    return make("section", {}, ...parts);
  }

  function scores(found) {
    const cell = (text) => make("td", {}, ...shown(text));
    const rows = found.map((one) => [make("th", { scope: "row" }, ...shown(one.name)), make("td", {}, badge(one.outcome)),
      cell(one.value === undefined ? "" : one.value.toFixed(3)), cell(one.expected ?? ""), cell(one.got ?? ""),
      cell(one.why ?? "")]);
    return make("section", {}, make("h4", {}, "Scores"),
      grid(["Scorer", "Outcome", "Value", "Labelled", "Given", "Why"], rows));
  }

  function trace(one) {
    const parts = [];
    for (const [name, words] of [["error", "Error"], ["unscored", "Not asked"]]) {
      if (one[name]) parts.push(section({ title: words, text: one[name] }));
    }
    parts.push(...one.trace.map((found) => section(found, one.language)));
    if (one.scores.length) parts.push(scores(one.scores));
    parts.push(labelForm(one));
    return make("div", { class: "trace" }, ...parts);
  }

  // ---- corrections ------------------------------------------------------------------------------------

  const keyOf = (one) => `${one.suite}/${one.id}`;
  let kept = true;
  let corrections = {};
  try {
    corrections = JSON.parse(localStorage.getItem(STORE) ?? "{}");
  } catch {
    kept = false;
  }

  function keep() {
    try {
      localStorage.setItem(STORE, JSON.stringify(corrections));
    } catch {
      kept = false;
    }
    const count = Object.keys(corrections).length;
    $("corrected").textContent = String(count);
    $("kept").textContent = kept
      ? "They are kept in this browser; download them to have them applied."
      : "This browser keeps nothing: download them before you close the page.";
    $("corrections").hidden = count === 0;
  }

  /** JSON with one field a line. */
  const spread = (target) => `{\n${Object.entries(target).map(([name, value]) =>
    `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(",\n")}\n}`;

  function labelForm(one) {
    const saved = corrections[keyOf(one)];
    const target = make("textarea", { name: "target", rows: 10, spellcheck: "false" });
    target.value = spread(saved ? saved.target : one.target);
    const note = make("input", { name: "note", maxlength: 2000 });
    note.value = saved?.note ?? "";
    const said = make("p", { role: "status" });
    const remove = make("button", { type: "button" }, "Take the mark back");
    remove.hidden = !saved;
    const form = make("form", { class: "label-form" },
      make("label", {}, "What is right (JSON)", target), make("label", {}, "Why", note),
      make("p", {}, make("button", { type: "submit" }, "Mark the label as wrong"), " ", remove), said);
    const tell = (words, wrong = false) => {
      said.textContent = words;
      said.className = wrong ? "wrong-input" : "";
      target.setAttribute("aria-invalid", String(wrong));
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      let value;
      try {
        value = JSON.parse(target.value);
      } catch (error) {
        tell(`This is no JSON: ${error.message}`, true);
        return;
      }
      if (value === null || typeof value !== "object" || Array.isArray(value)) {
        tell("What is right has to be a JSON object: { … }", true);
        return;
      }
      corrections[keyOf(one)] = { suite: one.suite, id: one.id, target: value, note: note.value, data: one.data };
      keep();
      remove.hidden = false;
      tell("Marked. The download above has it.");
      refreshMark(one);
    });
    remove.addEventListener("click", () => {
      delete corrections[keyOf(one)];
      keep();
      remove.hidden = true;
      target.value = spread(one.target);
      note.value = "";
      tell("The mark is taken back.");
      refreshMark(one);
    });
    return make("details", { open: Boolean(saved) }, make("summary", {}, "Is the label wrong?"), form);
  }

  function refreshMark(one) {
    const mark = document.querySelector(`[data-key="${CSS.escape(keyOf(one))}"] .relabelled`);
    if (mark) mark.hidden = !(keyOf(one) in corrections);
  }

  $("export").addEventListener("click", () => {
    const lines = Object.values(corrections).map((one) => `${JSON.stringify(one)}\n`);
    const address = URL.createObjectURL(new Blob(lines, { type: "application/x-ndjson" }));
    const link = make("a", { href: address, download: `corrections-${data.run}.jsonl` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  });

  // ---- the list ---------------------------------------------------------------------------------------

  const form = $("filters");
  const fields = form.elements;
  let found = data.cases;
  let page = 0;
  let opened = new Set();

  const folded = (text) => text.normalize("NFKC").toLowerCase().replace(/[\p{DI}\p{Cc}]+/gu, " ");
  const foldedTexts = [];
  const foldedCell = (cell) =>
    typeof cell === "number" ? (foldedTexts[cell] ??= folded(data.texts[cell])) : folded(String(cell));

  /** Whether a case holds the words: its id, its trace, what scorers said. */
  function holds(one, words) {
    one.words ??= folded([one.id, one.error, one.unscored, ...one.tags,
      ...one.scores.map((score) => score.why)].filter(Boolean).join("\n"));
    if (one.words.includes(words)) return true;
    return one.trace.some((part) =>
      (part.text !== undefined && foldedCell(part.text).includes(words))
      || [...(part.pairs ?? []), ...(part.rows ?? [])].some((row) =>
        row.some((cell) => foldedCell(cell).includes(words))));
  }

  /** The outcome of a case, or what one scorer says of it; undefined where that scorer has not judged it. */
  function outcomeFor(one, scorer) {
    return scorer ? one.scores.find((score) => score.name === scorer)?.outcome : one.outcome;
  }

  function filter() {
    const wanted = Object.fromEntries(new FormData(form));
    const words = folded(wanted.words).trim();
    found = data.cases.filter((one) => {
      const outcome = outcomeFor(one, wanted.scorer);
      return outcome !== undefined
        && (!wanted.outcome || outcome === wanted.outcome)
        && (!wanted.suite || one.suite === wanted.suite)
        && (!wanted.language || one.language === wanted.language)
        && (!wanted.split || one.split === wanted.split)
        && (!wanted.tag || one.tags.includes(wanted.tag))
        && (!words || holds(one, words));
    });
    page = 0;
    draw();
  }

  function item(one, place) {
    const name = `trace-${place}`;
    const open = opened.has(one);
    const why = one.scores.filter((score) => ["danger", "failed", "doubted"].includes(score.outcome))
      .map((score) => score.name).join(", ");
    const relabelled = make("span", { class: "badge relabelled" }, "label marked");
    relabelled.hidden = !(keyOf(one) in corrections);
    const toggle = make("button", { type: "button", "aria-expanded": String(open), "aria-controls": name },
      badge(one.outcome), relabelled,
      make("span", { class: "id" }, ...shown(`${one.suite} / ${one.id}`)),
      make("span", { class: "facts" }, [one.language, one.split, ...one.tags].join(" · ")),
      make("span", { class: "why" }, ...shown(why)),
      make("span", { class: "excerpt", dir: "auto", lang: one.language }, ...shown(one.excerpt)));
    const body = make("div", { id: name });
    body.hidden = !open;
    if (open) body.append(trace(one));
    toggle.addEventListener("click", () => {
      const opens = body.hidden;
      toggle.setAttribute("aria-expanded", String(opens));
      body.hidden = !opens;
      if (opens) { opened.add(one); body.replaceChildren(trace(one)); } else { opened.delete(one); body.replaceChildren(); }
    });
    return make("li", { "data-key": keyOf(one) }, toggle, body);
  }

  function draw() {
    const start = page * PAGE;
    const part = found.slice(start, start + PAGE);
    $("list").replaceChildren(...part.map((one, place) => item(one, start + place)));
    $("list").setAttribute("start", String(start + 1));
    const count = (number) => number.toLocaleString("en");
    $("range").textContent = part.length
      ? `Cases ${count(start + 1)} to ${count(start + part.length)} of ${count(found.length)}`
      : "No case fits these filters.";
    for (const below of ["", "-below"]) {
      $(`previous${below}`).disabled = page === 0;
      $(`next${below}`).disabled = start + PAGE >= found.length;
    }
  }

  function turn(step, top) {
    page += step;
    opened = new Set();
    draw();
    if (top) $("cases").scrollIntoView();
  }

  /** Follow a link to a case: #case/<suite>/<id>. */
  function follow() {
    const [kind, suite, id] = location.hash.slice(1).split("/").map(decodeURIComponent);
    if (kind !== "case") return;
    const one = data.cases.find((wanted) => wanted.suite === suite && wanted.id === id);
    if (!one) return;
    for (const field of fields) field.value = "";
    found = data.cases;
    page = Math.floor(found.indexOf(one) / PAGE);
    opened = new Set([one]);
    draw();
    const line = document.querySelector(`[data-key="${CSS.escape(keyOf(one))}"]`);
    line.scrollIntoView();
    line.querySelector("button").focus({ preventScroll: true });
  }

  function options() {
    const values = {
      suite: data.cases.map((one) => one.suite),
      outcome: Object.keys(data.outcomes).filter((name) => data.cases.some((one) =>
        one.outcome === name || one.scores.some((score) => score.outcome === name))),
      scorer: data.cases.flatMap((one) => one.scores.map((score) => score.name)),
      language: data.cases.map((one) => one.language).sort(),
      split: data.cases.map((one) => one.split).sort(),
      tag: data.cases.flatMap((one) => one.tags).sort(),
    };
    for (const [name, all] of Object.entries(values)) {
      for (const value of new Set(all)) {
        fields[name].append(make("option", { value }, ...shown(data.outcomes[value] ?? value)));
      }
    }
  }

  let pause;
  form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(filter, 150); });
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  for (const [below, top] of [["", false], ["-below", true]]) {
    $(`previous${below}`).addEventListener("click", () => turn(-1, top));
    $(`next${below}`).addEventListener("click", () => turn(1, top));
  }
  window.addEventListener("hashchange", follow);

  let folds = [];
  window.addEventListener("beforeprint", () => {
    folds = [...document.querySelectorAll("details.opened-in-print:not([open])")];
    for (const one of folds) one.open = true;
  });
  window.addEventListener("afterprint", () => { for (const one of folds) one.open = false; });

  options();
  form.hidden = false;
  for (const bar of document.querySelectorAll(".pager")) bar.hidden = false;
  keep();
  draw();
  follow();
  performance.mark("cases-filled");
})();
