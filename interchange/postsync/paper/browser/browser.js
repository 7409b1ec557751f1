"use strict";
// The list is in the page already; this filters, sorts and colours it, and shows the details of one cue.
(() => {
  const $ = (id) => document.getElementById(id);
  const list = $("list");
  if (!list) return;
  const data = JSON.parse($("data").textContent);
  const words = data.words;
  const body = list.tBodies[0];
  const PAGE = 12;

  // One record for each cue: its row, its box in the strip, and what the filters ask for.
  const boxesOf = [...document.querySelectorAll("#wide svg")].map((svg) => [...svg.querySelectorAll(".q")]);
  const reels = [...document.querySelectorAll("#wide .reel")];
  const next = boxesOf.map(() => 0);
  const LETTERS = { ł: "l", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe", ı: "i", ς: "σ" }; // Those that do not come apart.
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[łøđßæœıς]/g, (letter) => LETTERS[letter]);
  const cues = [...body.rows].map((row, place) => {
    const [uid, reel, character, status, open, byNumber, marks, facts, takes, history] = data.cues[place];
    const box = boxesOf[reel][next[reel]++];
    const cue = { place, row, box, uid, reel, character, status, open, byNumber, marks, facts, takes, history };
    return Object.assign(cue, { text: null, shown: true });
  });
  const ofRow = new Map(cues.map((cue) => [cue.row, cue]));
  const ofBox = new Map(cues.map((cue) => [cue.box, cue]));
  const searched = (cue) => {
    // Made when the first search asks for it: folding thousands of lines would hold up the opening.
    cue.text ??= plain([...cue.row.cells].map((cell) => cell.textContent).join("\n")
      + "\n" + cue.facts.map((fact) => fact[1]).join("\n"));
    return cue.text;
  };

  // ---- choosing one
  let chosen = null;
  let order = cues;
  const visible = () => order.filter((cue) => cue.shown);

  function choose(cue, { focus = false, scroll = true } = {}) {
    if (chosen) {
      chosen.row.removeAttribute("aria-selected");
      chosen.row.removeAttribute("tabindex");
      chosen.box.classList.remove("on");
    }
    chosen = cue;
    if (entrance) enter(null);
    if (!cue) { $("details").hidden = true; return; }
    cue.row.setAttribute("aria-selected", "true");
    cue.row.tabIndex = 0;
    cue.box.classList.add("on");
    cue.box.parentNode.append(cue.box); // Above its neighbours, so that its outline is seen.
    showDetails(cue);
    if (scroll) {
      cue.row.scrollIntoView({ block: "nearest" });
      const strip = $("scroll"), at = cue.box.getBoundingClientRect(), frame = strip.getBoundingClientRect();
      if (at.left < frame.left || at.right > frame.right) strip.scrollLeft += at.left - frame.left - frame.width / 2;
      if (at.top < frame.top || at.bottom > frame.bottom) strip.scrollTop += at.top - frame.top - frame.height / 2;
    }
    if (focus) cue.row.focus({ preventScroll: true });
    history.replaceState(null, "", "#" + encodeURIComponent(cue.uid));
  }

  // Where nothing is chosen, Tab comes to the first row: one row is in the order of tabs, the arrows do the rest.
  let entrance = null;
  function enter(cue) {
    if (entrance && entrance !== chosen) entrance.row.removeAttribute("tabindex");
    entrance = cue;
    if (cue) cue.row.tabIndex = 0;
  }

  function step(by, how) {
    const seen = visible();
    if (!seen.length) return;
    const at = seen.indexOf(chosen);
    const to = at < 0 ? 0 : Math.min(seen.length - 1, Math.max(0, at + by));
    choose(seen[to], how);
  }

  function otherReel(by) {
    const reels = [...new Set(visible().map((cue) => cue.reel))].sort((a, b) => a - b);
    const at = reels.indexOf(chosen ? chosen.reel : reels[0]);
    const reel = reels[Math.min(reels.length - 1, Math.max(0, at + by))];
    const first = visible().find((cue) => cue.reel === reel);
    if (first) choose(first, { focus: true });
  }

  // ---- details
  function made(tag, text, give = {}) {
    const element = document.createElement(tag);
    if (text !== undefined) { element.textContent = text; element.dir = "auto"; }
    return Object.assign(element, give);
  }

  function showDetails(cue) {
    const cell = (name) => list.tHead.querySelector("th." + name);
    const text = (name) => { const head = cell(name); return head ? cue.row.cells[head.cellIndex].textContent : ""; };
    const parts = [
      made("h2", text("number") || "–", { className: "number" }),
      made("p", text("character"), { className: "who" }),
      made("p", [text("in"), text("out")].filter(Boolean).join(" – "), { className: "times" }),
      made("p", text("line"), { className: "line-text" }),
    ];
    const facts = made("dl");
    const add = (label, value) => { if (value) facts.append(made("dt", label), made("dd", value)); };
    add(words["status"], text("status"));
    add(words["reel"], text("reel"));
    add(words["reasons"], text("reasons"));
    for (const [field, value] of cue.facts) add(data.headings[field], value);
    parts.push(facts);
    if (cue.takes.length) parts.push(made("h3", words["takes"]), takeTable(cue.takes));
    if (cue.history.length) {
      const lines = made("ul");
      lines.append(...cue.history.map((line) => made("li", line)));
      parts.push(made("h3", words["history"]), lines);
    }
    const back = made("button", words["back"], { type: "button" });
    back.addEventListener("click", () => cue.row.focus());
    parts.push(back);
    $("details").replaceChildren(...parts);
    $("details").hidden = false;
  }

  function takeTable(takes) {
    const table = made("table"), head = table.createTHead().insertRow(), rows = table.createTBody();
    const names = ["take", "choice", "microphone", "file", "comment"];
    const used = names.map((_, place) => place).filter((place) => takes.some((take) => take[place]));
    head.append(...used.map((place) => made("th", words[names[place]], { scope: "col" })));
    for (const take of takes) {
      const row = rows.insertRow();
      row.append(...used.map((place) => made("td", take[place])));
    }
    return table;
  }

  // ---- filters and order
  const filters = ["reel", "character", "status", "mark"].map((name) => [name, $("by-" + name)]).filter(([, one]) => one);

  function matches(cue, asked, sought) {
    if (asked.reel && String(cue.reel) !== asked.reel) return false;
    if (asked.character && String(cue.character) !== asked.character) return false;
    if (asked.status && (asked.status === "open" ? !cue.open : cue.status !== asked.status)) return false;
    if (asked.mark && !cue.marks.includes(Number(asked.mark))) return false;
    return sought.every((word) => searched(cue).includes(word));
  }

  function filter() {
    const asked = Object.fromEntries(filters.map(([name, select]) => [name, select.value]));
    const sought = plain($("search").value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const cue of cues) {
      cue.shown = matches(cue, asked, sought);
      count += cue.shown;
      if (cue.row.hidden === cue.shown) {
        cue.row.hidden = !cue.shown;
        cue.box.classList.toggle("off", !cue.shown);
      }
    }
    // Reels of which nothing is shown would only push the list down; where nothing at all is shown they stay.
    const seen = new Set(cues.filter((cue) => cue.shown).map((cue) => cue.reel));
    reels.forEach((reel, place) => { reel.hidden = seen.size > 0 && !seen.has(place); });
    $("count").textContent = words["shown"].replace("{shown}", count).replace("{count}", cues.length);
    for (const [kind, value] of [["character", asked.character], ["status", asked.status]]) {
      for (const chip of $("of-" + kind).querySelectorAll("button")) {
        chip.setAttribute("aria-pressed", String(value !== "" && chip.value === value));
      }
    }
    if (chosen && !chosen.shown) choose(null);
    if (!chosen) enter(visible()[0]);
  }

  const cellText = (cue, place) => cue.row.cells[place].textContent;
  function sort(head) {
    const name = head.className, place = head.cellIndex;
    const compare = name === "number" ? (a, b) => a.byNumber - b.byNumber
      : name === "in" || name === "reel" || name === "out" ? (a, b) => a.place - b.place
        : (a, b) => cellText(a, place).localeCompare(cellText(b, place), undefined, { numeric: true }) || a.place - b.place;
    order = [...cues].sort(compare);
    body.append(...order.map((cue) => cue.row));
    for (const other of list.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", "ascending");
  }

  function colourBy(kind) {
    document.body.className = "by-" + kind;
    $("colour").value = kind;
  }

  // ---- what people do
  document.querySelector(".controls").hidden = false;
  document.querySelector(".tools").hidden = false;
  list.setAttribute("role", "grid");
  for (const head of list.tHead.rows[0].cells) {
    const button = made("button", head.textContent, { type: "button" });
    button.addEventListener("click", () => sort(head));
    head.replaceChildren(button);
  }
  list.tHead.querySelector("th.in").setAttribute("aria-sort", "ascending");

  for (const [, select] of filters) select.addEventListener("change", filter);
  let waiting = 0;
  $("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  document.querySelector(".controls").addEventListener("submit", (event) => event.preventDefault());
  document.querySelector(".controls").addEventListener("reset", () => setTimeout(filter));
  $("print").addEventListener("click", () => window.print());
  $("keys").addEventListener("click", () => $("help").showModal());
  $("colour").addEventListener("change", (event) => colourBy(event.target.value));
  $("zoom").addEventListener("input", (event) => { $("wide").style.width = event.target.value * 100 + "%"; });
  for (const kind of ["character", "status"]) {
    $("of-" + kind).addEventListener("click", (event) => {
      const chip = event.target.closest("button");
      if (!chip) return;
      const select = $("by-" + kind);
      select.value = select.value === chip.value ? "" : chip.value;
      filter();
    });
  }
  body.addEventListener("click", (event) => {
    const cue = ofRow.get(event.target.closest("tr"));
    if (cue && !String(getSelection())) choose(cue, { focus: true, scroll: false });
  });
  $("wide").addEventListener("click", (event) => {
    const cue = ofBox.get(event.target);
    if (cue) { if (!cue.shown) $("clear").click(); setTimeout(() => choose(cue)); }
  });
  $("wide").addEventListener("pointerover", (event) => {
    const cue = ofBox.get(event.target);
    $("wide").title = cue ? [...cue.row.cells].map((cell) => cell.textContent).filter(Boolean).join(" · ") : "";
  });

  const listKeys = {
    ArrowDown: () => step(1, { focus: true }), ArrowUp: () => step(-1, { focus: true }),
    PageDown: () => step(PAGE, { focus: true }), PageUp: () => step(-PAGE, { focus: true }),
    Home: () => step(-Infinity, { focus: true }), End: () => step(Infinity, { focus: true }),
    Enter: () => { if (!chosen) step(0, { focus: true }); $("details").focus(); },
    " ": () => step(0, { focus: true }),
    "/": () => $("search").focus(),
    c: () => colourBy($("colour").value === "character" ? "status" : "character"),
    "[": () => otherReel(-1), "]": () => otherReel(1),
  };
  const stripKeys = { ArrowRight: () => step(1), ArrowLeft: () => step(-1), Home: listKeys.Home, End: listKeys.End };
  const answer = (keys) => (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("button, a")) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); }
  };
  list.addEventListener("keydown", answer(listKeys));
  $("scroll").addEventListener("keydown", answer(stripKeys));
  $("details").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chosen) { event.preventDefault(); chosen.row.focus(); }
  });
  body.addEventListener("focusin", (event) => {
    const cue = ofRow.get(event.target);
    if (cue && cue !== chosen) choose(cue, { scroll: false });
  });

  filter();
  const wanted = decodeURIComponent(location.hash.slice(1));
  const start = cues.find((cue) => cue.uid && cue.uid === wanted);
  if (start) choose(start);
})();
