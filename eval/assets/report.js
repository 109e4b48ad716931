"use strict";
// Everything an article or a question says is put in as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const words = key => data.labels[key] || [key, key];
  const kept = name => { try { return localStorage.getItem("isnad-report-" + name) } catch { return null } };
  const keep = (name, value) => { try { localStorage.setItem("isnad-report-" + name, value) } catch { /* a file may keep nothing */ } };

  const make = (tag, style, ...inside) => {
    const node = document.createElement(tag);
    if (style) node.className = style;
    node.append(...inside);
    return node;
  };
  const say = key => {
    const both = document.createDocumentFragment();
    ["en", "ar"].forEach((language, place) => {
      const part = make("span", "in-" + language, words(key)[place]);
      part.lang = language;
      both.append(part);
    });
    return both;
  };
  const free = text => { const node = make("bdi", "", text); node.dir = "auto"; return node };

  function speak(language) {
    root.lang = language;
    root.dir = language === "ar" ? "rtl" : "ltr";
    document.querySelectorAll("select").forEach(select => [...select.options].forEach(option => {
      if (option.dataset.key) option.textContent = words(option.dataset.key)[language === "ar" ? 1 : 0];
    }));
    keep("language", language);
  }
  function colour(name) { root.dataset.colours = name; keep("colours", name) }
  document.getElementById("language").addEventListener("click", () => speak(root.lang === "ar" ? "en" : "ar"));
  document.getElementById("colours").addEventListener("click", () => colour(root.dataset.colours === "dark" ? "light" : "dark"));

  const cellKey = name => {
    if (data.labels["cell." + name]) return "cell." + name;
    const [pair, label] = name.split(" "), [asked, documents] = pair.split("→");
    if (data.labels[asked] && data.labels[documents]) {
      const [a, d, m] = [words(asked), words(documents), label ? words(label) : null];
      data.labels["cell." + name] = [`${a[0]} → ${d[0]}${m ? ", " + m[0] : ""}`, `${a[1]} ← ${d[1]}${m ? "، " + m[1] : ""}`];
      return "cell." + name;
    }
    return name;
  };
  const suiteKey = name => data.labels["suite." + name] ? "suite." + name : name;

  // ---- filters
  const chosen = { suite: "", cell: "", show: "failures", words: "" };
  const filters = document.getElementById("filters");
  function select(name, key, options) {
    const box = make("select");
    options.forEach(([value, label]) => {
      const option = make("option", "", words(label)[0]);
      option.value = value;
      option.dataset.key = label;
      box.append(option);
    });
    box.value = chosen[name];
    box.addEventListener("change", () => { chosen[name] = box.value; shown = PAGE; draw() });
    const label = make("label", "", say(key), box);
    filters.append(label);
  }
  const distinct = name => [...new Set(data.rows.map(row => row[name]))];
  if (distinct("s").length > 1) select("suite", "f.suite", [["", "f.all"], ...distinct("s").map(name => [name, suiteKey(name)])]);
  if (distinct("c").length > 1) select("cell", "f.cell", [["", "f.all"], ...distinct("c").map(name => [name, cellKey(name)])]);
  const faults = ["other_first", "no_evidence", "abstained", "hallucinated", "invalid", "language", "error"]
    .filter(name => data.rows.some(row => row.F.includes(name)));
  if (!faults.length) chosen.show = "";
  select("show", "f.show", [
    ["", "f.all"], ["failures", "f.failures"], ...faults.map(name => ["fault:" + name, "fault." + name]), ["none", "f.unanswerable"],
    ...(data.compared ? [["changed", "f.changed"], ["lost", "f.lost"], ["gained", "f.gained"]] : []),
  ]);
  const search = make("input");
  search.type = "search";
  search.dir = "auto";
  search.addEventListener("input", () => { chosen.words = search.value; shown = PAGE; draw() });
  filters.append(make("label", "wide", say("f.search"), search));

  const plain = text => text.toLowerCase().replace(/[\u064b-\u0652\u0640]/g, "").replace(/[أإآ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه");
  const texts = data.rows.map(row => plain([row.q, row.i, row.x || ""].join(" ")));
  const passes = (row, place) =>
    (!chosen.suite || row.s === chosen.suite) && (!chosen.cell || row.c === chosen.cell) &&
    (!chosen.words || plain(chosen.words).split(/\s+/).every(word => texts[place].includes(word))) &&
    ({ "": () => true, failures: () => row.F.length, none: () => !row.a, changed: () => row.d, lost: () => row.d === -1, gained: () => row.d === 1 }[chosen.show]
      || (() => row.F.includes(chosen.show.slice(6))))();

  // ---- cards
  const chip = (style, ...inside) => make("span", "chip " + style, ...inside);
  function quote(one, holds) {
    const mark = "g" in one && holds ? [one.g ? make("b", "", "✓ ", say("card.holds")) : say("card.holds_not"), " · "] : [];
    const text = make("div", "", one.t || "…");
    text.dir = "auto";
    return make("blockquote", one.g && holds ? "holds" : "", text, make("footer", "", ...mark, make("bdi", "", one.f + (one.p === undefined ? "" : ":" + one.p))));
  }
  function card(row) {
    const question = make("div", "q", free(row.q));
    question.dir = "auto";
    const tone = row.st === "uncertain" ? "doubt" : row.F.length ? "" : "good";
    const chips = make("div", "chips");
    if (row.st) chips.append(chip(tone, say(row.st), ` ${row.cf.toFixed(2)}`));
    row.F.forEach(name => chips.append(chip("bad", say("fault." + name))));
    if (row.d) chips.append(chip(row.d > 0 ? "good" : "bad", say(row.d > 0 ? "f.gained" : "f.lost")));
    chips.append(make("span", "", say(cellKey(row.c))), make("bdi", "", row.y === "isnad" ? row.i : row.y + " · " + row.i));
    const node = make("details", "card" + (row.F.length ? " fault" : ""), make("summary", "", question, chips));
    node.addEventListener("toggle", () => { if (node.open && node.children.length === 1) node.append(inside(row)) });
    return node;
  }
  function inside(row) {
    const left = make("div"), right = make("div");
    if (row.e) left.append(make("h4", "", say("error")), make("p", "error", row.e));
    if (row.x) { const p = make("p", "", free(row.x)); left.append(make("h4", "", say("card.expected")), p) }
    left.append(make("h4", "", say("card.gold")));
    if (row.g) row.g.forEach(one => left.append(quote(one, false)));
    else left.append(make("p", "", say(row.a ? "card.open" : "card.nothing")));
    if (row.r) {
      const list = make("p");
      Object.entries(row.r).forEach(([system, rank], place) =>
        list.append(place ? " · " : "", make("bdi", "", make("bdi", "", system), " ", rank ? make("b", "", String(rank)) : say("card.notfound"))));
      left.append(make("h4", "", say("card.ranks")), list);
    }
    if (row.Q) {
      right.append(make("h4", "", say(row.st === "abstained" ? "card.closest" : "card.quotes")));
      row.Q.forEach(one => right.append(quote(one, Boolean(row.g))));
      if (!row.Q.length) right.append(make("p", "dim", "–"));
    }
    if (row.H && row.H.length) {
      const found = make("details", "", make("summary", "", say("card.found")), ...row.H.map(one => quote(one, Boolean(row.g))));
      right.append(found);
    }
    if (row.t) { const text = make("pre", "", row.t); text.dir = "auto"; right.append(make("details", "", make("summary", "", say("card.answer")), text)) }
    return make("div", "inside", left, right);
  }

  const PAGE = 30;
  let shown = PAGE;
  const cards = document.getElementById("cards"), count = document.getElementById("count");
  function draw() {
    const found = data.rows.filter(passes);
    cards.replaceChildren(...found.slice(0, shown).map(card));
    count.replaceChildren(make("b", "", String(found.length)), " ", say("f.of"), ` ${data.rows.length}`);
    if (!found.length) cards.append(make("p", "dim", say("f.none")));
    if (found.length > shown) {
      const more = make("button", "", say("f.more"));
      more.type = "button";
      more.addEventListener("click", () => { shown += PAGE; draw() });
      cards.append(more);
    }
  }
  draw();
  speak(kept("language") || (navigator.language.startsWith("ar") ? "ar" : "en"));
  colour(kept("colours") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
})();
