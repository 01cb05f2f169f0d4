/* The fill-in page: a grid into which one types or pastes, over the server's own check of every cell.
   A cell remembers the ledger's text (was), the text its person was shown (seen) and what is typed (text).
   Nothing counts before it is sent; what is typed is kept as a draft meanwhile. */
(() => {
  const page = document.getElementById("fill");
  const place = document.getElementById("fill-grid");
  if (!page || !place || !window.Tabulator) return;
  const data = JSON.parse(document.getElementById("fill-data").textContent);
  const say = data.words;
  const part = (name) => page.querySelector(`[data-${name}]`);
  const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
  const narrow = window.matchMedia("(max-width: 760px)").matches;
  const numeric = (field) => field.kind === "number" || field.kind === "money";
  const fields = new Map(data.fields.map((field) => [field.key, field]));
  const titles = new Map(data.rows.map((row) => [row.key, row.title]));
  const befores = new Map(data.rows.map((row) => [row.key, row.before]));
  const words = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

  const cells = new Map();
  const at = (row, field) => cells.get(`${row}\n${field}`);
  for (const row of data.rows) {
    for (const field of data.fields) {
      const text = row.now[field.key];
      cells.set(`${row.key}\n${field.key}`, { row: row.key, field: field.key, was: text, seen: text, text, why: "", odd: "", theirs: null, by: "" });
    }
  }
  const changed = () => [...cells.values()].filter((cell) => cell.text !== cell.was || cell.theirs !== null);
  const wrong = () => [...cells.values()].filter((cell) => cell.why || cell.theirs !== null);

  /* --- what a cell looks like */

  const shown = (field, text) => {
    if (text === "" || text == null) return "";
    if (numeric(field) && /^-?\d+(\.\d+)?$/.test(text)) {
      const [whole, rest] = text.split(".");
      return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
    }
    return field.options.find(([value]) => value === text)?.[1] ?? text;
  };
  const said = (cell) => {
    if (cell.theirs !== null) return words(say.clash, { who: cell.by, theirs: shown(fields.get(cell.field), cell.theirs) || say.empty });
    return cell.why || (cell.odd ? words(say.about, { title: say.odd, words: cell.odd }) : "");
  };
  const dress = (element, cell) => {
    element.classList.toggle("fill-changed", cell.text !== cell.was);
    element.classList.toggle("fill-wrong", Boolean(cell.why) || cell.theirs !== null);
    element.classList.toggle("fill-odd", Boolean(cell.odd) && !cell.why);
    if (cell.why || cell.theirs !== null) element.setAttribute("aria-invalid", "true");
    else element.removeAttribute("aria-invalid");
    element.title = said(cell);
  };
  const span = (text) => {
    const element = document.createElement("span");
    element.textContent = text;
    return element;
  };
  const filled = (component) => {
    const field = fields.get(component.getField());
    const cell = at(component.getData().key, field.key);
    const element = component.getElement();
    element.classList.add("fill-open");
    if (cell) dress(element, cell);
    return span(shown(field, component.getValue()));
  };
  const name = (component) => {
    const row = component.getData();
    const link = document.createElement("a");
    link.href = row.href;
    link.target = "_blank";
    link.rel = "noopener";
    link.tabIndex = -1;
    link.textContent = row.title;
    const box = span("");
    box.className = "fill-name";
    box.append(link, span(row.key));
    return box;
  };

  /* --- typing */

  let first = null; // the letter that began an edit
  const editor = (component, rendered, success, cancel) => {
    const field = fields.get(component.getField());
    const input = document.createElement("input");
    input.className = "fill-input";
    input.value = first ?? component.getValue() ?? "";
    const selects = first === null;
    first = null;
    input.setAttribute("aria-label", `${component.getData().title} ${field.title}`);
    if (numeric(field)) input.inputMode = "decimal";
    if (field.options.length) input.setAttribute("list", `options-${field.key}`);
    let over = false;
    const end = (keep, step) => {
      if (over) return;
      over = true;
      if (keep) success(input.value); else cancel();
      if (step) go(component, step);
    };
    input.addEventListener("blur", () => end(true));
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      const step = { Enter: event.shiftKey ? "up" : "down", Tab: event.shiftKey ? "left" : "right" }[event.key];
      if (step) { event.preventDefault(); end(true, step); }
      if (event.key === "Escape") end(false);
    });
    rendered(() => { input.focus(); if (selects) input.select(); });
    return input;
  };
  const open = data.fields.map((field) => field.key);
  const neighbour = (component, step) => {
    const row = component.getRow();
    if (step === "down") return (row.getNextRow() || row).getCell(component.getField());
    if (step === "up") return (row.getPrevRow() || row).getCell(component.getField());
    const where = open.indexOf(component.getField()) + (step === "right" ? 1 : -1);
    return row.getCell(open[Math.min(Math.max(where, 0), open.length - 1)]);
  };
  const go = (component, step) => {
    const next = neighbour(component, step);
    if (!next) return;
    if (narrow) { if (next !== component) next.edit(); return; }
    const range = table.getRanges()[0];
    if (range) range.setBounds(next, next);
    tell(next);
  };

  for (const field of data.fields.filter((one) => one.options.length)) {
    const list = document.createElement("datalist");
    list.id = `options-${field.key}`;
    for (const [value, text] of field.options) list.append(new Option(text, value));
    page.append(list);
  }

  /* --- the grid */

  const sum = (texts) => {
    const scale = Math.max(0, ...texts.map((text) => (/^-?\d+\.(\d+)$/.exec(text ?? "")?.[1] ?? "").length));
    let total = 0n;
    for (const text of texts) {
      const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text ?? "");
      if (found) total += BigInt(`${found[1]}${found[2]}${(found[3] ?? "").padEnd(scale, "0")}`);
    }
    const digits = String(total < 0n ? -total : total).padStart(scale + 1, "0");
    return `${total < 0n ? "-" : ""}${digits.slice(0, digits.length - scale)}${scale ? `.${digits.slice(-scale)}` : ""}`;
  };
  const totalled = (field) => field.sum ? { bottomCalc: sum, bottomCalcFormatter: (one) => span(shown(field, one.getValue())) } : {};
  const head = (field) => () => {
    const box = span(field.title);
    if (field.unit) { const unit = document.createElement("small"); unit.textContent = ` ${field.unit}`; box.append(unit); }
    return box;
  };
  const column = (field) => {
    const side = numeric(field) ? "right" : "left";
    const own = {
      field: field.key, title: field.title, titleFormatter: head(field), hozAlign: side, headerHozAlign: side, minWidth: narrow ? 104 : 130,
      formatter: filled, editor, ...totalled(field),
    };
    if (data.of !== "figures" || narrow) return [own];
    const before = { ...field, title: `${say.before} ${field.title}` };
    return [{
      field: `before.${field.key}`, title: before.title, titleFormatter: head(before), hozAlign: side, headerHozAlign: side, minWidth: 120,
      formatter: (one) => span(shown(field, one.getValue())), cssClass: "fill-shut", ...totalled(field),
    }, own];
  };
  const rows = data.rows.map((row) => ({ ...row, ...row.now }));
  const columns = [
    ...(narrow ? [] : [{ field: "office", title: say.office, minWidth: 90, formatter: (one) => span(one.getValue()), cssClass: "fill-shut" }]),
    ...(narrow || !rows.some((row) => row.state) ? [] : [{ field: "state", title: say.state, minWidth: 80, formatter: (one) => span(one.getValue()), cssClass: "fill-shut" }]),
    ...data.fields.flatMap(column),
  ];
  page.classList.add("fill-live");
  place.hidden = false;
  const most = Math.max(260, window.innerHeight - place.getBoundingClientRect().top - 150);
  const height = Math.min(rows.length * 39 + 84, most);
  const table = new window.Tabulator(place, {
    data: rows, index: "key", height, layout: "fitColumns", columns, columnDefaults: { headerSort: false, resizable: true },
    rowHeader: { field: "title", title: say.row, frozen: true, width: narrow ? 136 : 270, headerSort: false, resizable: false, formatter: name, bottomCalc: () => say.total,
      bottomCalcFormatter: () => span(say.total) },
    rowHeight: narrow ? 46 : 38, placeholder: "", editTriggerEvent: narrow ? "click" : "dblclick",
    ...(narrow ? {} : { selectableRange: 1, selectableRangeColumns: false, selectableRangeRows: false, selectableRangeClearCells: false }),
  });
  table.on("tableBuilt", () => { // a head may take several lines, and no row is to be cut off for it
    const more = place.querySelector(".tabulator-header").offsetHeight - 36;
    if (more > 0 && height < most) table.setHeight(Math.min(height + more, most));
  });

  /* --- changing cells, and taking it back */

  const past = [], future = [];
  const guess = (cell) => { // what can be said without asking; the server's check says the rest
    const field = fields.get(cell.field);
    if (cell.text.trim() === "") return field.required ? say.needed : "";
    return numeric(field) && !/[0-9０-９]/.test(cell.text) ? words(say.not_number, { text: cell.text }) : "";
  };
  const set = (changes, side) => {
    const updates = new Map();
    for (const [cell, ...texts] of changes) {
      cell.text = texts[side];
      cell.why = cell.text === cell.was ? "" : guess(cell);
      cell.odd = "";
      if (!updates.has(cell.row)) updates.set(cell.row, { key: cell.row });
      updates.get(cell.row)[cell.field] = cell.text;
    }
    table.updateData([...updates.values()]).then(() => { for (const [cell] of changes) redress(cell); });
    refresh();
    later();
  };
  const redress = (cell) => {
    const component = table.getRow(cell.row)?.getCell(cell.field);
    if (component) dress(component.getElement(), cell);
  };
  const put = (wanted) => {
    const changes = wanted.filter(([cell, text]) => cell && cell.text !== text).map(([cell, text]) => [cell, cell.text, text]);
    if (!changes.length) return;
    past.push(changes);
    future.length = 0;
    set(changes, 1);
  };
  const undo = () => { const one = past.pop(); if (one) { future.push(one); set(one, 0); } };
  const redo = () => { const one = future.pop(); if (one) { past.push(one); set(one, 1); } };

  table.on("cellEdited", (component) => {
    const cell = at(component.getData().key, component.getField());
    if (!cell || component.getValue() === cell.text) return;
    past.push([[cell, cell.text, component.getValue()]]);
    future.length = 0;
    set([past[past.length - 1][0]], 1);
  });

  /* --- blocks: paste, copy, fill down, clear */

  const block = () => (narrow ? [] : table.getRanges()[0]?.getStructuredCells() ?? []);
  const editing = () => place.contains(document.activeElement) && document.activeElement.classList.contains("fill-input");
  const here = () => !editing() && (place.contains(document.activeElement) || document.activeElement === document.body);
  const parsed = (text) => { // tab-separated, a cell with line breaks or quotes in quotes
    const lines = [[]];
    for (const [, quoted, bare, end] of text.replace(/\r\n?/g, "\n").replace(/\n$/, "").matchAll(/(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/g)) {
      lines[lines.length - 1].push(quoted !== undefined ? quoted.replaceAll('""', '"') : bare);
      if (end === "\n") lines.push([]);
      if (end === "") break;
    }
    return lines;
  };
  const paste = (text) => {
    const range = block();
    if (!range.length) return;
    const start = range[0][0];
    const order = table.getRows("active").map((row) => row.getData().key);
    const top = order.indexOf(start.getData().key);
    const shownColumns = table.getColumns().map((one) => one.getField());
    const from = shownColumns.indexOf(start.getField());
    const targets = shownColumns.slice(from).filter((key) => fields.has(key));
    const lines = parsed(text);
    if (lines.length === 1 && lines[0].length === 1) {
      put(range.flat().map((one) => [at(one.getData().key, one.getField()), lines[0][0].trim()]));
      return;
    }
    let lost = 0;
    const wanted = [];
    lines.forEach((line, down) => line.forEach((one, right) => {
      const cell = at(order[top + down], targets[right]);
      if (cell) wanted.push([cell, one.trim()]); else lost += 1;
    }));
    put(wanted);
    trouble(lost ? words(say.beyond, { n: lost }) : "");
  };
  document.addEventListener("paste", (event) => {
    if (!here() || !block().length) return;
    event.preventDefault();
    paste(event.clipboardData.getData("text/plain"));
  });
  document.addEventListener("copy", (event) => {
    if (!here() || !block().length) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", block().map((line) => line.map((one) => one.getValue() ?? "").join("\t")).join("\n"));
  });
  const fillDown = () => {
    const [top, ...below] = block();
    if (top) put(below.flatMap((line) => line.map((one, right) => [at(one.getData().key, one.getField()), at(top[right].getData().key, top[right].getField())?.text])));
  };
  document.addEventListener("keydown", (event) => {
    if (!here()) return;
    const key = event.key.toLowerCase(), control = event.ctrlKey || event.metaKey;
    if (control && key === "z" && !event.shiftKey) { event.preventDefault(); undo(); return; }
    if (control && (key === "y" || (key === "z" && event.shiftKey))) { event.preventDefault(); redo(); return; }
    if (!place.contains(document.activeElement)) return;
    if (control && key === "d") { event.preventDefault(); fillDown(); return; }
    if (event.key === "Delete" || event.key === "Backspace") { put(block().flat().map((one) => [at(one.getData().key, one.getField()), ""])); return; }
    const one = block()[0]?.[0];
    if (!one || !fields.has(one.getField()) || control || event.altKey) return;
    if (event.key === "F2" || event.key.length === 1) {
      event.preventDefault();
      first = event.key === "F2" ? null : event.key;
      one.edit();
    }
  }, true);

  /* --- the cell one stands on */

  let told = null;
  const tell = (component) => {
    const box = part("cell");
    const cell = component && at(component.getData().key, component.getField());
    told = cell || null;
    box.hidden = !cell;
    if (!cell) return;
    const field = fields.get(cell.field);
    const unit = numeric(field) && field.unit ? ` ${field.unit}` : "";
    const fact = (title, text) => {
      const line = span(`${title} `);
      const value = document.createElement("b");
      value.textContent = text === "" ? say.empty : `${shown(field, text)}${unit}`;
      line.append(value);
      return line;
    };
    box.replaceChildren(span(`${titles.get(cell.row)} · ${field.title}`), fact(say.ledger, cell.was));
    if (data.of === "figures") box.append(fact(say.before, befores.get(cell.row)[cell.field]));
    if (cell.text !== cell.was) box.append(fact(say.now, cell.text));
    if (said(cell)) { const why = span(said(cell)); why.className = cell.why || cell.theirs !== null ? "tone-red" : "tone-yellow"; box.append(why); }
    else if (field.help) box.append(span(field.help));
  };
  table.on("rangeChanged", (range) => tell(range.getStructuredCells()[0]?.[0]));
  table.on("rangeAdded", (range) => tell(range.getStructuredCells()[0]?.[0]));
  table.on("cellEditing", tell);

  /* --- what is wrong, and how many changes there are */

  const trouble = (text) => {
    part("trouble").hidden = !text;
    part("trouble").querySelector("span").textContent = text;
  };
  const problem = (cell) => {
    const line = document.createElement("li");
    const mark = span("!");
    mark.className = "fill-mark";
    mark.setAttribute("aria-hidden", "true");
    const box = document.createElement("div");
    box.className = "grow";
    const goTo = document.createElement("button");
    goTo.type = "button";
    goTo.className = "linkish";
    goTo.textContent = `${titles.get(cell.row)} · ${fields.get(cell.field).title}`;
    goTo.addEventListener("click", () => show(cell));
    const why = document.createElement("p");
    why.textContent = words(say.about, { title: cell.text === "" ? say.empty : cell.text, words: said(cell) });
    box.append(goTo, why);
    line.append(mark, box);
    if (cell.theirs !== null) {
      const side = span("");
      side.className = "row";
      for (const [words, keep] of [[say.mine, true], [say.theirs, false]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button button-s";
        button.textContent = words;
        button.addEventListener("click", () => settle(cell, keep));
        side.append(button);
      }
      line.append(side);
    }
    return line;
  };
  const show = (cell) => {
    table.scrollToRow(cell.row, "center", false).then(() => {
      const component = table.getRow(cell.row).getCell(cell.field);
      if (narrow) { component.edit(); return; }
      table.getRanges()[0]?.setBounds(component, component);
      tell(component);
      place.querySelector(".tabulator-tableholder").focus();
    });
  };
  const settle = (cell, mine) => {
    cell.was = cell.seen = cell.theirs;
    cell.theirs = null;
    const text = mine ? cell.text : cell.was;
    set([[cell, cell.text, text]], 1);
  };
  const refresh = () => {
    const many = changed().length, bad = wrong();
    const save = part("save");
    save.disabled = !many || bad.length > 0;
    save.textContent = many ? words(say.save, { n: many }) : say.nothing;
    part("undo").disabled = !past.length;
    part("redo").disabled = !future.length;
    const box = part("problems");
    box.hidden = !bad.length;
    box.querySelector("h2").textContent = words(say.wrong, { n: bad.length });
    box.querySelector("ul").replaceChildren(...bad.map(problem));
    part("state").textContent = bad.length ? words(say.wrong, { n: bad.length }) : "";
    if (told && !editing()) tell(table.getRow(told.row)?.getCell(told.field));
  };

  /* --- the server: check, record, keep a draft */

  const send = async (address, values) => {
    const body = new URLSearchParams(values);
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, body, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 403) throw new Error(say.signed_out);
    if (answer.status === 204) return {};
    if (![200, 409, 422].includes(answer.status)) throw new Error(say.failed);
    return answer.json();
  };
  const told_of = (error) => (error instanceof TypeError ? say.offline : error.message);
  const asked = (more) => ({
    of: data.of, period: data.period, page: data.page, reason: document.getElementById("fill-reason").value,
    cells: JSON.stringify(changed().map((cell) => [cell.row, cell.field, cell.text, cell.seen])), ...more,
  });
  const heard = (answer) => {
    const updates = [];
    for (const one of answer.cells ?? []) {
      const cell = at(one.row, one.field);
      if (!cell || cell.text !== one.sent) continue; // it was changed while the answer came
      Object.assign(cell, { why: one.why, odd: one.odd, theirs: one.theirs, by: one.by });
      if (!one.why && one.text !== cell.text) { cell.text = one.text; updates.push({ key: cell.row, [cell.field]: one.text }); }
    }
    const after = () => { for (const one of answer.cells ?? []) if (at(one.row, one.field)) redress(at(one.row, one.field)); };
    if (updates.length) table.updateData(updates).then(after); else after();
    if (answer.needs_reason) part("reason").hidden = false;
    refresh();
    if (answer.refusals?.length) trouble(answer.refusals.join(say.and));
  };
  let waiting = 0, keeping = 0, round = 0, leaving = false;
  const check = async () => {
    const mine = ++round;
    if (!changed().length) { part("state").textContent = ""; trouble(""); return; }
    part("state").textContent = say.checking;
    try {
      const answer = await send(data.post, asked({ check: "1" }));
      if (mine !== round) return;
      trouble("");
      heard(answer);
      if (!wrong().length) part("state").textContent = say.fine;
    } catch (error) {
      part("state").textContent = "";
      if (!(error instanceof TypeError)) trouble(error.message);
    }
  };
  const keep = async () => {
    const typed = changed().map((cell) => [cell.row, cell.field, cell.text, cell.seen]);
    try {
      const answer = await send(data.drafts, { page: data.page, content: typed.length ? JSON.stringify({ cells: typed }) : "" });
      part("kept").textContent = answer.said ?? "";
    } catch {
      part("kept").textContent = say.kept_not;
    }
  };
  const later = () => {
    clearTimeout(waiting);
    clearTimeout(keeping);
    waiting = setTimeout(check, 350);
    keeping = setTimeout(keep, 900);
  };
  const save = async () => {
    const reason = part("reason");
    if (!reason.hidden && !document.getElementById("fill-reason").value.trim()) {
      trouble(say.reason);
      document.getElementById("fill-reason").focus();
      return;
    }
    clearTimeout(waiting);
    clearTimeout(keeping);
    round += 1;
    part("save").disabled = true;
    part("state").textContent = say.saving;
    try {
      const answer = await send(data.post, asked({}));
      if (answer.recorded) { leaving = true; window.location.reload(); return; }
      trouble("");
      heard(answer);
      if (wrong().length) show(wrong()[0]);
      else if (answer.needs_reason) { trouble(say.reason); document.getElementById("fill-reason").focus(); }
    } catch (error) {
      refresh();
      part("state").textContent = "";
      trouble(told_of(error));
      later();
    }
  };
  const restore = async () => {
    const answer = await fetch(`${data.drafts}?${new URLSearchParams({ page: data.page })}`);
    if (answer.status !== 200) return;
    const draft = await answer.json();
    const changes = [];
    for (const [row, field, text, seen] of draft.content.cells ?? []) {
      const cell = at(row, field);
      if (!cell) continue;
      cell.seen = seen;
      changes.push([cell, cell.text, text]);
    }
    if (!changes.some(([cell, , text]) => cell.was !== text)) return;
    set(changes, 1);
    part("draft").hidden = false;
    part("draft-said").textContent = draft.said;
  };
  part("draft-drop").addEventListener("click", () => {
    const changes = changed().map((cell) => [cell, cell.text, cell.was]);
    for (const [cell] of changes) { cell.seen = cell.was; cell.theirs = null; }
    past.length = future.length = 0;
    set(changes, 1);
    part("draft").hidden = true;
  });
  part("undo").addEventListener("click", undo);
  part("redo").addEventListener("click", redo);
  part("save").addEventListener("click", save);
  part("reason").addEventListener("submit", (event) => { event.preventDefault(); save(); });
  window.addEventListener("online", () => { trouble(""); later(); });
  window.addEventListener("beforeunload", (event) => { if (!leaving && changed().length) { event.preventDefault(); event.returnValue = say.leave; } });
  window.addEventListener("beforeprint", () => {
    for (const line of page.querySelectorAll("[data-line]")) {
      for (const one of line.querySelectorAll("[data-field]")) {
        const cell = at(line.dataset.line, one.dataset.field);
        if (cell) one.textContent = shown(fields.get(cell.field), cell.text) + (cell.text !== cell.was ? " *" : "");
      }
    }
  });
  table.on("tableBuilt", () => {
    part("fill-tools").hidden = false;
    part("fill-help").hidden = false;
    const begin = narrow ? null : table.getRows()[0]?.getCell(open[0]);
    if (begin) table.getRanges()[0]?.setBounds(begin, begin);
    place.querySelector(".tabulator-tableholder").setAttribute("aria-label", document.querySelector("h1").textContent);
    restore();
  });
})();
