"use strict";
(() => {
  const root = document.documentElement, byId = (id) => document.getElementById(id);
  const english = () => byId("lang-en").checked;
  const say = (en, ja) => (english() ? en : ja);
  const name = (pair) => pair[english() ? 0 : 1];
  const number = (n) => n.toLocaleString("en-US");

  function element(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  /* Tables: a click on a column's name sorts, a second turns round, a third gives back the first order. */
  const told = (cell) => [...cell.childNodes].filter((n) => !n.lang || n.lang === root.lang).map((n) => n.textContent).join("");
  const amount = (text) => { const n = parseFloat(text.replace(/[,+]/g, "").replace("−", "-")); return Number.isNaN(n) ? -Infinity : n; };

  function sortable(table) {
    const body = table.tBodies[0], first = [...body.rows];
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = element("button", undefined, { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const next = { none: "ascending", ascending: "descending", descending: "none" }[head.ariaSort || "none"];
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        const rows = [...first], sign = next === "descending" ? -1 : 1;
        const numeric = head.classList.contains("number");
        if (next !== "none") {
          head.setAttribute("aria-sort", next);
          const keys = new Map(rows.map((row) => [row, numeric ? amount(told(row.cells[column])) : told(row.cells[column])]));
          const order = numeric ? (a, b) => (a === b ? 0 : a < b ? -1 : 1) : (a, b) => a.localeCompare(b, root.lang);
          rows.sort((a, b) => sign * order(keys.get(a), keys.get(b)));
        }
        body.append(...rows);
      });
    });
    if (first.length > 12) filterable(table, first);
  }

  const plain = (text) => text.toLowerCase().replaceAll("−", "-").replaceAll("\u00a0", " ");  /* as it is typed */

  function filterable(table, rows) {
    const box = element("p", undefined, { class: "filter" }), label = element("label", undefined, { for: `filter-${table.id}` });
    label.append(element("span", "only rows with", { lang: "en" }), element("span", "絞り込み", { lang: "ja" }));
    const field = element("input", undefined, { type: "search", id: `filter-${table.id}`, autocomplete: "off" });
    const count = element("output", `${rows.length} / ${rows.length}`, { for: field.id });
    field.addEventListener("input", () => {
      const wanted = plain(field.value).split(/[\s　]+/).filter(Boolean);
      let left = 0;
      for (const row of rows) {
        const text = plain(row.textContent);
        row.hidden = !wanted.every((word) => text.includes(word));
        left += !row.hidden;
      }
      count.textContent = `${left} / ${rows.length}`;
    });
    box.append(label, field, count);
    table.parentElement.before(box);
  }
  document.querySelectorAll("table.sortable").forEach(sortable);

  /* Language: what a style sheet cannot hide is put into words here. */
  function speak() {
    root.lang = english() ? "en" : "ja";
    document.title = document.body.dataset[english() ? "titleEn" : "titleJa"];
    for (const part of document.querySelectorAll("[data-en]")) {
      const words = part.dataset[root.lang];
      if (part.tagName === "OPTION") part.textContent = words;
      else part.setAttribute(part.tagName === "OPTGROUP" ? "label" : "aria-label", words);
    }
    if (draw) draw();
  }

  let draw = null;
  const source = byId("data");
  if (source && byId("city")) draw = map(JSON.parse(source.textContent));
  for (const id of ["lang-en", "lang-ja"]) byId(id).addEventListener("change", speak);
  speak();

  /* The map. A place is "d:<district>" or "p:<point>"; the one pointed at is shown before the one kept. */
  function map(data) {
    const areas = [...document.querySelectorAll("#districts .district")], offices = [...document.querySelectorAll("#offices .office")];
    const area = new Map(areas.map((a) => [a.dataset.id, a])), office = new Map(offices.map((o) => [o.dataset.id, o]));
    const year = byId("year"), service = byId("service"), place = byId("place"), plan = byId("when-plan"), today = byId("when-today");
    let pointed = "";

    const at = () => (plan.checked ? Number(year.value) : 0);
    function metres(id, t) {
      const d = data.districts[id], s = Number(service.value);
      return s < 0 ? d.mean[t] : d.ways[s][t] ? d.ways[s][t][1] : -1;
    }

    function shades(t) {
      for (const shape of areas) {
        const m = metres(shape.dataset.id, t), d = data.districts[shape.dataset.id];
        shape.dataset.shade = m < 0 ? "none" : data.bounds.filter((bound) => m > bound).length;
        shape.setAttribute("aria-label", `${d.name} (${d.ward}): ${m < 0 ? say("no demand", "件数なし") : `${number(m)} m`}`);
      }
      for (const shape of offices) {
        const mode = data.modes[data.ids.indexOf(shape.dataset.id)][t];
        shape.classList.toggle("off", !mode);
        shape.classList.toggle("gone", mode === "closed");
        shape.firstElementChild.setAttribute("href", `#mark-${mode || "closed"}`);
      }
    }

    function line(from, point, kind) {
      const there = office.get(data.ids[point]);
      if (!there) return;
      const [, x, y] = there.getAttribute("transform").match(/\((\S+) (\S+)\)/);
      const made = document.createElementNS("http://www.w3.org/2000/svg", "line");
      const ends = { x1: from.dataset.x, y1: from.dataset.y, x2: x, y2: y, class: kind };
      for (const [key, value] of Object.entries(ends)) made.setAttribute(key, value);
      byId("lines").append(made);
    }

    function lines(kind, id, t) {
      byId("lines").replaceChildren();
      byId("outline").replaceChildren();
      if (kind !== "d") return;
      const outline = area.get(id).cloneNode();
      for (const key of ["role", "tabindex", "aria-label"]) outline.removeAttribute(key);
      byId("outline").append(outline);
      for (const [when, style] of [[0, "before"], [t, "after"]])
        for (const point of new Set(data.districts[id].ways.flatMap((w) => (w[when] ? [w[when][0]] : [])))) line(area.get(id), point, style);
    }

    function way(cell) {
      const box = element("td", cell ? data.points[cell[0]].split("（")[0] : "–");
      if (cell) box.append(element("span", `${number(cell[1])} m`, { class: "metres" }));
      return box;
    }

    function districtLedger(id, t) {
      const d = data.districts[id], table = element("table"), head = table.createTHead().insertRow(), body = table.createTBody();
      const then = t || Number(year.value);
      for (const words of [say("service", "業務"), say("today", "現在"), name(data.years[then]), say("change", "増減"), say("cases", "件数")])
        head.append(element("th", words, { scope: "col" }));
      d.ways.forEach((w, s) => {
        const row = body.insertRow(), before = w[0], after = w[then];
        row.append(element("th", name(data.services[s]), { scope: "row" }), way(before), way(after));
        const more = before && after ? after[1] - before[1] : null;
        row.append(element("td", more === null ? "–" : `${more > 0 ? "+" : more < 0 ? "−" : "±"}${number(Math.abs(more))} m`, { class: "number" }));
        row.append(element("td", after ? number(after[2]) : "–", { class: "number" }));
      });
      return [element("h3", d.name), element("p", `${d.ward} · ${number(d.residents)} ${say("residents", "人")}`, { class: "note" }), table,
        element("p", say("Dashed lines: today (derived). Full lines: the plan.", "破線は現在(導出値)、実線は計画の窓口。"), { class: "note" })];
    }

    function officeLedger(id) {
      const n = data.ids.indexOf(id), table = element("table"), head = table.createTHead().insertRow(), body = table.createTBody();
      for (const words of [say("year", "年度"), say("mode", "形態"), say("staff", "職員")]) head.append(element("th", words, { scope: "col" }));
      data.years.forEach((words, t) => {
        const row = body.insertRow(), mode = data.modes[n][t];
        row.append(element("th", name(words) + (t ? "" : say(" (today)", "(現在)")), { scope: "row" }));
        row.append(element("td", mode ? name(data.marks[mode]) : say("not open", "未設置")), element("td", number(data.staff[n][t]), { class: "number" }));
      });
      return [element("h3", data.points[n]), table];
    }

    function redraw() {
      const t = at(), [kind, id] = (pointed || place.value).split(":");
      shades(t);
      const shown = t ? say("Shown: the plan, ", "表示: 計画、") : say("Shown: today (derived), ", "表示: 現在(導出値)、");
      byId("shown").textContent = shown + name(data.years[t]);
      byId("year-name").textContent = name(data.years[year.value]);
      year.setAttribute("aria-valuetext", name(data.years[year.value]));
      lines(kind, id, t);
      const ask = say("Point at a district, or choose one, to see where it goes for each service.", "校区に触れるか選ぶと、業務ごとの窓口と距離を示す。");
      const ledger = kind === "d" ? districtLedger(id, t) : kind === "p" ? officeLedger(id) : [element("p", ask, { class: "note" })];
      byId("ledger").replaceChildren(...ledger);
    }

    function point(value) { pointed = value; redraw(); }
    function keep(value) { place.value = value; point(""); centre(); }
    function centre() {
      const [kind, id] = place.value.split(":"), box = document.querySelector(".mapbox");
      if (kind !== "d" || box.scrollWidth <= box.clientWidth) return;
      const scale = byId("city").getBoundingClientRect().width / byId("city").viewBox.baseVal.width;
      box.scrollTo(area.get(id).dataset.x * scale - box.clientWidth / 2, area.get(id).dataset.y * scale - box.clientHeight / 2);
    }
    function reach(shape) {
      for (const other of areas) other.setAttribute("tabindex", other === shape ? 0 : -1);
      shape.focus({ preventScroll: false });
    }

    function neighbour(shape, dx, dy) {
      let best = null, least = Infinity;
      for (const other of areas) {
        const x = other.dataset.x - shape.dataset.x, y = other.dataset.y - shape.dataset.y;
        const along = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
        if (along > 0 && along + 2 * aside < least) [best, least] = [other, along + 2 * aside];
      }
      return best;
    }

    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    for (const shape of areas) {
      const value = `d:${shape.dataset.id}`;
      shape.addEventListener("mouseenter", () => point(value));
      shape.addEventListener("mouseleave", () => point(""));
      shape.addEventListener("focus", () => point(value));
      shape.addEventListener("blur", () => point(""));
      shape.addEventListener("click", () => { reach(shape); keep(value); });
      shape.addEventListener("keydown", (event) => {
        const next = arrows[event.key] && neighbour(shape, ...arrows[event.key]);
        if (next) reach(next);
        if (event.key === "Enter" || event.key === " ") keep(value);
        if (event.key === "Escape") keep("");
        if (arrows[event.key] || event.key === " ") event.preventDefault();
      });
    }
    for (const shape of offices) {
      shape.addEventListener("mouseenter", () => point(`p:${shape.dataset.id}`));
      shape.addEventListener("mouseleave", () => point(""));
      shape.addEventListener("click", () => keep(`p:${shape.dataset.id}`));
    }
    year.addEventListener("input", () => { plan.checked = true; redraw(); });
    for (const control of [plan, today, service, place]) control.addEventListener("change", redraw);
    const moved = (id) => Math.max(...data.districts[id].ways.map((w) => (w[0] && w.at(-1) ? w.at(-1)[1] - w[0][1] : -Infinity)));
    place.value = `d:${Object.keys(data.districts).reduce((a, b) => (moved(b) > moved(a) ? b : a))}`;
    place.addEventListener("change", centre);
    centre();
    return redraw;
  }
})();
