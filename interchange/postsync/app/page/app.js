"use strict";
// The page of the app: asks the program on this computer, shows what it says. Texts are its own; nothing is put in as HTML.
(() => {
  const $ = (id) => document.getElementById(id);
  const STORE = "postsync-token";
  const PATIENCE = 300;
  const DOUBLE_CLICK = 900; // The longest that systems let people set.
  let token = "";
  let start = null;
  // A field may name two forms of its noun, `{count:clip|clips}`, and then counts by itself.
  const FIELD = /\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g;
  const say = (key, facts = {}) => (start?.words[key] ?? key.split(".").pop().replaceAll(/[-_]/g, " ")).replace(
    FIELD, (field, name, one, many) => !(name in facts) ? field
      : one === undefined ? facts[name] : `${facts[name]} ${Number(facts[name]) === 1 ? one : many}`);

  function made(tag, text, give = {}) {
    const element = document.createElement(tag);
    if (text !== undefined && text !== null) element.textContent = text;
    for (const [name, value] of Object.entries(give)) {
      if (name in element) element[name] = value; else element.setAttribute(name, value);
    }
    return element;
  }

  // Only the steps that are shown are counted.
  function step(id, shown) {
    $(id).hidden = !shown;
    const heads = document.querySelectorAll("main > section:not([hidden]) > h2");
    heads.forEach((head, place) => { head.dataset.step = `${place + 1}. `; });
  }

  // ---- asking
  class Refused extends Error {}

  async function ask(method, path, body) {
    let answer;
    try {
      answer = await fetch("/ask/" + path, {
        method, headers: { "X-Postsync-Token": token, ...(body ? { "Content-Type": "application/json" } : {}) },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch {
      throw new Refused($("trouble").dataset.lost);
    }
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(said.error ?? String(answer.status));
    return said;
  }

  // A file on its way tells how much of it has arrived, which fetch does not.
  function put(path, file, told) {
    return new Promise((give, refuse) => {
      const way = new XMLHttpRequest();
      way.open("PUT", "/ask/" + path);
      way.setRequestHeader("X-Postsync-Token", token);
      way.upload.addEventListener("progress", (event) => { if (event.lengthComputable) told(event.loaded / event.total); });
      way.addEventListener("error", () => refuse(new Refused($("trouble").dataset.lost)));
      way.addEventListener("load", () => {
        let said = {};
        try { said = JSON.parse(way.responseText); } catch { /* The status says enough. */ }
        if (way.status === 200) give(said); else refuse(new Refused(said.error ?? String(way.status)));
      });
      way.send(file);
    });
  }

  function trouble(text) { $("trouble").textContent = text; $("trouble").hidden = !text; }
  const guarded = (act) => async (...given) => {
    try { trouble(""); await act(...given); } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      trouble(fault.message);
    }
  };

  async function enter() {
    const given = new URLSearchParams(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
    if (given.get("token")) token = given.get("token");
    else if (given.get("code")) token = (await ask("POST", "enter", { code: given.get("code") })).token;
    else token = sessionStorage.getItem(STORE) ?? "";
    start = await ask("GET", "start");
    sessionStorage.setItem(STORE, token);
  }

  // ---- files
  const items = new Map(); // id → { item, look }
  let selected = null;

  const sending = (text) => { $("sending").textContent = text; };

  async function sendFile(file, name) {
    sending(say("sending", { name }));
    const item = await ask("POST", "items", { name, folder: false, size: file.size });
    await send(item, file, "");
    await take(item);
  }

  async function send(item, file, inside) {
    let tenths = 0;
    const told = (part) => { // In tenths, since each is read out.
      if (part >= 1 || Math.floor(part * 10) === tenths) return;
      tenths = Math.floor(part * 10);
      sending(`${say("sending", { name: inside || item.name })}: ${tenths * 10} %`);
    };
    try { await put(`items/${item.id}?inside=${encodeURIComponent(inside)}`, file, told); } catch (fault) {
      await ask("DELETE", `items/${item.id}`);
      throw fault;
    }
  }

  async function sendFolder(entry) {
    const files = await filesOf(entry, "");
    const size = files.reduce((sum, [, file]) => sum + file.size, 0);
    const item = await ask("POST", "items", { name: entry.name, folder: true, size });
    for (const [inside, file] of files) {
      sending(say("sending", { name: inside }));
      await send(item, file, inside);
    }
    await take(item);
  }

  async function filesOf(folder, before) {
    const reader = folder.createReader(), found = [];
    for (;;) { // A reader gives a hundred at a time.
      const entries = await new Promise((give, refuse) => reader.readEntries(give, refuse));
      if (!entries.length) return found;
      for (const entry of entries.filter((one) => !one.name.startsWith("."))) {
        if (entry.isDirectory) found.push(...await filesOf(entry, before + entry.name + "/"));
        else found.push([before + entry.name, await new Promise((give, refuse) => entry.file(give, refuse))]);
      }
    }
  }

  async function take(item, settings = {}) {
    sending(say("reading", { name: item.name }));
    items.set(item.id, { item, settings, look: await ask("POST", `items/${item.id}/look`, settings) });
    if (items.get(item.id).look.role === "project") await readAgain(item);
    sending("");
    drawItems();
    select(item.id);
    drawJob();
  }

  // New settings of the show take the place of earlier ones, and what lies beside them reads otherwise.
  async function readAgain(project) {
    for (const [id, one] of [...items]) {
      if (one.item.dropped && id !== project.id && one.look.role === "project") items.delete(id);
      else if (one.item.dropped && id !== project.id) one.look = await ask("POST", `items/${id}/look`, one.settings);
    }
  }

  const drop = guarded(async (transfer) => {
    // Entries must be asked for before the first pause: afterwards the drop is over.
    const entries = [...transfer.items].map((one) => one.webkitGetAsEntry?.()).filter(Boolean);
    const files = [...transfer.files];
    try {
      if (!entries.length) for (const file of files) await sendFile(file, file.name);
      for (const entry of entries) {
        if (entry.isDirectory) await sendFolder(entry);
        else { const file = await new Promise((give, refuse) => entry.file(give, refuse)); await sendFile(file, file.name); }
      }
    } finally { sending(""); }
  });

  function summary({ item, look }) {
    const parts = [say("role." + look.role)];
    if (look.format) parts.push(look.format);
    if (look.sounds > 1 || look.role === "folder") parts.push(say("facts.sounds", { count: look.sounds }));
    if (look.cues.length) parts.push(say("tab.cues", { count: look.cues.length + look.more_cues }));
    if (look.findings.length) parts.push(say("tab.findings", { count: look.findings.length }));
    parts.push(item.dropped ? say("dropped") : item.place);
    return parts.join(" · ");
  }

  function drawItems() {
    const rows = [...items.values()].map((one) => {
      const row = made("li", null, { className: one.item.id === selected ? "on" : "" });
      const button = made("button", null, { type: "button", className: "name", "aria-pressed": String(one.item.id === selected) });
      button.append(made("b", one.item.name, { dir: "auto" }), made("span", summary(one), { className: one.look.fault ? "bad" : "soft" }));
      button.addEventListener("click", () => select(one.item.id));
      const gone = made("button", "×", { type: "button", className: "remove", "aria-label": say("remove", { name: one.item.name }) });
      gone.addEventListener("click", guarded(async () => {
        await ask("DELETE", `items/${one.item.id}`);
        items.delete(one.item.id);
        if (selected === one.item.id) select(items.keys().next().value ?? null); else drawItems();
        drawJob();
        $("choose-files").focus();
      }));
      row.append(button, gone);
      return row;
    });
    $("items").replaceChildren(...(rows.length ? rows : [made("li", say("no-files"), { className: "none soft" })]));
  }

  // ---- what is in one
  let tab = "facts";

  function select(id) {
    selected = id;
    drawItems();
    step("inside", id !== null);
    if (id === null) return;
    const { item, look } = items.get(id);
    $("inside-title").textContent = say("inside", { name: item.name });
    const names = [...new Set(look.timelines.map((one) => one.name))];
    $("timeline-asked").hidden = names.length < 2;
    $("timeline").replaceChildren(...names.map((name) => made("option", name, { value: name })),
      made("option", say("timeline.all"), { value: "" }));
    $("timeline").value = look.chosen;
    $("rate-asked").hidden = look.needs !== "rate";
    $("tab-facts").textContent = say("tab.facts");
    $("tab-cues").textContent = say("tab.cues", { count: look.cues.length + look.more_cues });
    $("tab-findings").textContent = say("tab.findings", { count: look.findings.length });
    show(tab);
  }

  function show(name) {
    tab = name;
    for (const one of ["facts", "cues", "findings"]) {
      const button = $("tab-" + one);
      button.setAttribute("aria-selected", String(one === name));
      button.tabIndex = one === name ? 0 : -1;
    }
    $("panel").setAttribute("aria-labelledby", "tab-" + name);
    const { look } = items.get(selected);
    $("panel").replaceChildren(...{ facts: factsPanel, cues: cuesPanel, findings: findingsPanel }[name](look));
  }

  function clock(seconds) {
    const whole = Math.round(seconds);
    return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, "0")).join(":");
  }

  function factsPanel(look) {
    const lines = [];
    if (look.fault) lines.push(made("p", look.fault, { className: "error" }));
    if (look.role === "project") lines.push(made("p", say("facts.project")));
    if (look.producer) lines.push(made("p", say("facts.format", { format: look.format, producer: look.producer })));
    else if (look.format) lines.push(made("p", look.format));
    if (look.sounds) lines.push(made("p", say("facts.sounds", { count: look.sounds })));
    for (const one of look.timelines) {
      const rate = shownRate(one.rate) + (one.drop_frame ? " " + say("drop-frame") : "");
      lines.push(made("p", say("facts.timeline", {
        name: one.name ?? "–", rate, start: one.start, length: clock(one.seconds), clips: one.clips, sound: one.sound_tracks,
        picture: one.picture_tracks, markers: one.markers,
      }), { dir: "auto" }));
      if (one.offline) lines.push(made("p", say("facts.offline", { count: one.offline }), { className: "warning" }));
    }
    if (look.losses.length) {
      const list = made("ul");
      list.append(...look.losses.map((line) => made("li", line)));
      lines.push(made("h3", say("losses")), list);
    }
    if (look.notes) lines.push(made("p", say("facts.notes", { count: look.notes }), { className: "soft" }));
    return lines;
  }

  function shownRate(text) {
    const [above, below] = text.split("/").map(Number);
    return String(Math.round(1000 * above / below) / 1000);
  }

  function table(heads, rows, mark) {
    const element = made("table"), head = element.createTHead().insertRow(), body = element.createTBody();
    head.append(...heads.map((text) => made("th", text, { scope: "col" })));
    for (const row of rows) {
      const line = body.insertRow();
      row.forEach((text, place) => {
        const cell = made("td", text, { dir: "auto" });
        if (mark && place === 0) cell.className = mark(row) ?? "";
        line.append(cell);
      });
    }
    return element;
  }

  const CUE_HEADS = ["number", "in", "out", "character", "line", "reason", "status"];
  function cuesPanel(look) {
    const parts = [];
    const one = items.get(selected);
    if (look.markers) {
      const box = made("input", null, { type: "checkbox", checked: one.settings.all_markers === true });
      const label = made("label", null, { className: "switch" });
      label.append(box, " " + say("all-markers"));
      box.addEventListener("change", guarded(() => take(one.item, { ...one.settings, all_markers: box.checked })));
      parts.push(label);
    }
    if (!look.cues.length) return [...parts, made("p", say("no-cues"))];
    parts.push(table(CUE_HEADS.map((name) => say("head." + name)), look.cues));
    if (look.more_cues) parts.push(made("p", say("more-cues", { count: look.more_cues })));
    return parts;
  }

  function findingsPanel(look) {
    if (!look.findings.length) return [made("p", say("no-findings"))];
    const rows = look.findings.map(([severity, ...rest]) => [say("severity." + severity), ...rest]);
    const severities = new Map(look.findings.map((one, place) => [rows[place], one[0]]));
    return [table(["severity", "where", "what", "remedy"].map((name) => say("head." + name)), rows, (row) => severities.get(row))];
  }

  // ---- jobs
  let task = null;
  let into = "";
  const answers = {}; // by task and field
  const fillings = {}; // by task and slot: ids

  function drawJobs() {
    for (const one of start.tasks) {
      const label = made("label"), radio = made("input", null, { type: "radio", name: "job", value: one.name });
      radio.addEventListener("change", () => { task = one; drawJob(); });
      label.append(radio, " ", made("b", say("task." + one.name)), made("small", say(`task.${one.name}.why`)));
      $("jobs").append(label);
    }
  }

  function fitting(slot) {
    return [...items.values()].filter(({ look }) => slot.roles.includes(look.role));
  }

  // What stands in a slot until the person chooses: of an optional one only what is certainly meant for it.
  function guess(slot, taken) {
    const free = fitting(slot).filter(({ item, look }) => !taken.has(item.id) && (!slot.optional || look.role === slot.roles[0]));
    const best = [...free].sort((a, b) => slot.roles.indexOf(a.look.role) - slot.roles.indexOf(b.look.role));
    return (slot.many ? best : best.slice(0, 1)).map(({ item }) => item.id);
  }

  function filling(slot, kept, taken) {
    const still = kept.ids.filter((id) => items.has(id));
    if (kept.chosen && (still.length || slot.optional)) return still;
    return slot.optional && slot.name !== "cues" ? still : guess(slot, taken);
  }

  function drawJob() {
    $("job").hidden = !task;
    if (!task) return;
    const kept = fillings[task.name] ??= {}, taken = new Set();
    for (const slot of task.slots) {
      const before = kept[slot.name] ??= { ids: [], chosen: false };
      before.ids = filling(slot, before, taken);
      before.ids.forEach((id) => taken.add(id));
    }
    $("slots").replaceChildren(...task.slots.map(slotPart));
    $("fields").replaceChildren(...task.fields.map(fieldPart));
    $("into-part").hidden = !task.writes;
    $("into").textContent = into || say("into.none");
    $("missing").textContent = "";
  }

  function slotPart(slot) {
    const kept = fillings[task.name][slot.name];
    const choices = fitting(slot);
    if (slot.many) {
      const group = made("fieldset", null, { className: "asked many" });
      group.append(made("legend", say("slot." + slot.name)));
      for (const { item } of choices) {
        const label = made("label"), box = made("input", null, { type: "checkbox", checked: kept.ids.includes(item.id) });
        box.addEventListener("change", () => {
          kept.chosen = true;
          kept.ids = box.checked ? [...kept.ids, item.id] : kept.ids.filter((id) => id !== item.id);
        });
        label.append(box, " " + item.name);
        group.append(label);
      }
      if (!choices.length) group.append(made("span", say("slot.none"), { className: "soft" }));
      return group;
    }
    const label = made("label", null, { className: "asked" }), list = made("select");
    list.append(made("option", say(slot.optional ? "slot.none" : "slot.fill"), { value: "" }));
    list.append(...choices.map(({ item }) => made("option", item.name, { value: item.id })));
    list.value = kept.ids[0] ?? "";
    list.addEventListener("change", () => { kept.chosen = true; kept.ids = list.value ? [list.value] : []; });
    label.append(made("span", say("slot." + slot.name)), list);
    return label;
  }

  function fieldPart(field) {
    const kept = answers[task.name] ??= {};
    kept[field.name] ??= field.kind === "folders" ? [] : field.usual;
    if (field.kind === "folders") return foldersPart(field, kept);
    const label = made("label", null, { className: field.kind === "switch" ? "switch" : "asked" });
    if (field.kind === "switch") {
      const box = made("input", null, { type: "checkbox", checked: kept[field.name] });
      box.addEventListener("change", () => { kept[field.name] = box.checked; });
      label.append(box, " " + say("field." + field.name));
      return label;
    }
    const input = field.kind === "choice" ? made("select") : made("input", null, { type: "text" });
    if (field.kind === "choice") {
      input.append(...field.choices.map((choice) => made("option", choiceText(field.name, choice), { value: choice })));
    }
    input.value = kept[field.name];
    input.addEventListener("change", () => { kept[field.name] = input.value; });
    label.append(made("span", say("field." + field.name)), input);
    return label;
  }

  function choiceText(field, choice) {
    const own = `choice.${field}.${choice}`;
    return own in start.words ? start.words[own] : say(`choice.application.${choice}`);
  }

  function foldersPart(field, kept) {
    const group = made("fieldset", null, { className: "asked many" });
    group.append(made("legend", say("field." + field.name)));
    for (const path of kept[field.name]) {
      const row = made("div", path + " ");
      const gone = made("button", "×", { type: "button", "aria-label": say("remove", { name: path }) });
      gone.addEventListener("click", () => { kept[field.name] = kept[field.name].filter((one) => one !== path); drawJob(); });
      row.append(gone);
      group.append(row);
    }
    const add = made("button", say("field.search.add"), { type: "button" });
    add.addEventListener("click", async () => {
      const [path] = await choosePlace({ files: false, write: false });
      if (path && !kept[field.name].includes(path)) { kept[field.name].push(path); drawJob(); }
    });
    group.append(add);
    return group;
  }

  let beginning = false; // Who clicks a button twice, as on a desktop, wants the job once.
  const begin = guarded(async () => {
    if (beginning) return;
    const given = Object.fromEntries(Object.entries(fillings[task.name]).map(([name, one]) => [name, one.ids]));
    const empty = task.slots.find((slot) => !slot.optional && !given[slot.name].length);
    $("missing").textContent = empty ? say("missing.slot", { slot: say("slot." + empty.name) })
      : task.writes && !into ? say("missing.into") : "";
    if ($("missing").textContent) return;
    beginning = true;
    setTimeout(() => { beginning = false; }, DOUBLE_CLICK);
    const { id } = await ask("POST", "runs", { task: task.name, items: given, answers: answers[task.name] ?? {}, into });
    follow(id);
    $("results-title").focus();
  });

  // ---- results
  async function follow(id) {
    step("results", true);
    const box = made("article", null, { className: "run" });
    $("runs").prepend(box);
    const bar = made("progress"), said = made("p", "", { role: "status" }), head = made("h3"), state = made("span", "");
    const stop = made("button", say("stop"), { type: "button" });
    stop.addEventListener("click", guarded(async () => { stop.disabled = true; await ask("POST", `runs/${id}/stop`, {}); }));
    for (;;) {
      let run;
      try { run = await ask("GET", "runs/" + id); } catch (fault) { trouble(fault.message); return; }
      bar.setAttribute("aria-label", run.name);
      state.textContent = say("state." + run.state);
      state.className = "state " + run.state;
      if (!head.childNodes.length) { head.append(run.name, state); box.append(head, bar, said, stop); }
      if (run.total) { bar.max = run.total; bar.value = run.done; }
      said.textContent = run.what ? `${run.what} ${run.done}/${run.total}` : "";
      if (!["waiting", "running"].includes(run.state)) {
        bar.remove(); stop.remove();
        said.textContent = run.outcome ? run.outcome.lines[0] : run.error;
        if (run.state === "failed") said.className = "error";
        if (run.outcome) box.append(...outcome(run));
        return;
      }
      await new Promise((give) => setTimeout(give, PATIENCE));
    }
  }

  function outcome(run) {
    const done = run.outcome, parts = done.lines.slice(1).map((line) => made("p", line, { dir: "auto" }));
    const list = (title, lines) => {
      const element = made("ul");
      element.append(...lines.map((line) => made("li", line, { dir: "auto" })));
      parts.push(made("h3", say(title)), element);
    };
    if (done.waits.length) list("waits", done.waits);
    if (run.folder) {
      const row = made("p", run.folder + " "), open = made("button", say("open.folder"), { type: "button" });
      open.addEventListener("click", guarded(() => ask("POST", `runs/${run.id}/open`, {})));
      row.append(open);
      const files = made("ul");
      files.append(...done.files.map((file, number) => {
        const line = made("li"), button = made("button", file.name, { type: "button", "aria-label": say("open.file", { name: file.name }) });
        button.addEventListener("click", guarded(() => ask("POST", `runs/${run.id}/open`, { file: number })));
        line.append(button, " " + file.what, file.how ? made("small", file.how) : "");
        return line;
      }));
      parts.push(made("h3", say("made")), row, files);
    }
    if (done.losses.length) list("losses", done.losses);
    if (done.notes) parts.push(made("p", say("facts.notes", { count: done.notes }), { className: "soft" }));
    if (done.table.length) {
      const more = made("details", null, { open: done.table.length < 40 }), scroll = made("div", null, { className: "scroll", tabIndex: 0 });
      scroll.append(table(done.table[0], done.table.slice(1)));
      more.append(made("summary", say("table")), scroll);
      parts.push(more);
    }
    return parts;
  }

  // ---- choosing on this computer: gives the chosen paths, none where it was cancelled
  let placed = null;
  let lastPlace = "";

  function choosePlace({ files, write }) {
    $("place-title").textContent = say(files ? "place.file" : "place.folder");
    $("place-new").hidden = !write;
    $("place-usual").replaceChildren(made("option", "", { value: "" }), ...start.usual.map((one) => made("option", one.name, { value: one.path })));
    $("place-usual").value = "";
    placed = { files, write, here: null, marked: new Set(), give: null };
    const chosen = new Promise((give) => { placed.give = give; });
    $("place").showModal();
    goTo(into && write ? into : lastPlace);
    return chosen;
  }

  async function goTo(path) {
    const asked = placed.asked = (placed.asked ?? 0) + 1;
    try {
      const here = await ask("POST", "place", { path, files: placed.files });
      if (asked !== placed.asked) return; // A later wish overtook this one.
      placed.here = here;
      lastPlace = here.path;
      placed.marked.clear();
      $("place-path").value = here.path;
      $("place-trouble").textContent = placed.write && !here.writable ? say("place.locked") : "";
      $("place-take").disabled = placed.write && !here.writable;
      $("place-up").disabled = !here.parent;
      drawPlace(here);
    } catch (fault) { $("place-trouble").textContent = fault.message; }
  }

  const below = (here, name) => here.path.endsWith(here.separator) ? here.path + name : here.path + here.separator + name;

  function drawPlace(here) {
    const rows = here.folders.map((name) => {
      const row = made("li"), button = made("button", name + " ", { type: "button" });
      button.append(made("small", say("place.folder-mark")));
      button.addEventListener("click", () => goTo(below(here, name)));
      row.append(button);
      return row;
    });
    rows.push(...here.files.map((name) => {
      const row = made("li"), label = made("label"), box = made("input", null, { type: "checkbox" });
      box.addEventListener("change", () => { placed.marked[box.checked ? "add" : "delete"](below(here, name)); });
      label.append(box, " " + name);
      row.append(label);
      return row;
    }));
    $("place-list").replaceChildren(...rows);
    $("place-list").setAttribute("aria-label", say("place.inside"));
  }

  function endPlace(paths) { $("place").close(); const give = placed?.give; placed.give = null; give?.(paths); }

  // ---- what people do
  function listen() {
    $("quit").addEventListener("click", guarded(async () => {
      await ask("POST", "quit", {});
      $("main").hidden = true; $("quit").hidden = true;
      trouble(say("ended"));
    }));
    $("choose-files").addEventListener("click", () => $("picked").click());
    $("picked").addEventListener("change", guarded(async () => {
      const files = [...$("picked").files];
      try { for (const file of files) await sendFile(file, file.name); } finally { sending(""); $("picked").value = ""; }
    }));
    $("choose-here").addEventListener("click", guarded(async () => {
      for (const path of await choosePlace({ files: true, write: false })) await take(await ask("POST", "items/chosen", { path }));
    }));
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
      window.addEventListener(kind, (event) => { // Anywhere: a file that misses the field must not replace the page.
        event.preventDefault();
        $("drop").classList.toggle("over", kind === "dragenter" || kind === "dragover");
        if (kind === "drop") drop(event.dataTransfer);
      });
    }
    for (const name of ["facts", "cues", "findings"]) $("tab-" + name).addEventListener("click", () => show(name));
    $("tabs").addEventListener("keydown", (event) => {
      const names = ["facts", "cues", "findings"], by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      show(names[(names.indexOf(tab) + by + names.length) % names.length]);
      $("tab-" + tab).focus();
    });
    $("use-rate").addEventListener("click", guarded(async () => {
      const one = items.get(selected);
      await take(one.item, { ...one.settings, rate: $("rate").value });
    }));
    $("timeline").addEventListener("change", guarded(async () => {
      const one = items.get(selected);
      await take(one.item, { ...one.settings, timeline: $("timeline").value });
    }));
    $("job").addEventListener("submit", (event) => { event.preventDefault(); begin(); });
    $("choose-into").addEventListener("click", async () => {
      const [path] = await choosePlace({ files: false, write: true });
      if (path) { into = path; drawJob(); $("choose-into").focus(); }
    });
    $("place-form").addEventListener("submit", (event) => { event.preventDefault(); goTo($("place-path").value); });
    $("place-up").addEventListener("click", () => goTo(placed.here.parent));
    $("place-usual").addEventListener("change", (event) => { if (event.target.value) goTo(event.target.value); });
    $("place-new").addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const { path } = await ask("POST", "place/new", { path: placed.here.path, name: $("place-name").value });
        $("place-name").value = "";
        await goTo(path);
      } catch (fault) { $("place-trouble").textContent = fault.message; }
    });
    $("place-cancel").addEventListener("click", () => endPlace([]));
    $("place").addEventListener("cancel", (event) => { event.preventDefault(); endPlace([]); });
    $("place-take").addEventListener("click", () => endPlace(placed.marked.size ? [...placed.marked] : placed.here ? [placed.here.path] : []));
  }

  async function open() {
    try { await enter(); } catch (fault) {
      trouble(fault.message === $("trouble").dataset.lost ? fault.message : $("trouble").dataset.noSession);
      return;
    }
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
    $("rate").append(...start.rates.map((rate) => made("option", rate, { value: rate })));
    $("quit").hidden = false;
    step("main", true);
    listen();
    drawJobs();
    drawItems();
    for (const item of start.items) await take(item);
    start.runs.forEach(follow);
  }
  open();
})();
