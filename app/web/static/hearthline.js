// What the pages do beyond plain HTML: ages that go on ageing, a board that stays live without moving what
// somebody reads, keys, forms over the page, and charts. Without it every page still works.
import { createAll, Button, Checkboxes, ErrorSummary, PasswordInput, Radios } from "/static/vendor/nhsuk-frontend.min.js";

const $ = (query, within = document) => within.querySelector(query);
const $$ = (query, within = document) => [...within.querySelectorAll(query)];
const wide = matchMedia("(min-width: 68.8125em)");
document.documentElement.classList.add("scripted");
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");

function dress(scope) {
  for (const part of [Button, Checkboxes, ErrorSummary, PasswordInput, Radios]) createAll(part, undefined, { scope });
}
dress(document);

// --- Time: the installation's clock, which may run faster than ours, told by the page when it was made.
const began = performance.now();
const { now: told, speed } = document.documentElement.dataset;
const clock = () => Date.parse(told) + (performance.now() - began) * Number(speed);

// The same words as app/web/words.py says for length, age and due.
function span(seconds) {
  const s = Math.floor(seconds);
  const many = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h`;
  return s < 1209600 ? many(Math.floor(s / 86400), "day") : many(Math.floor(s / 604800), "week");
}
function age(at) {
  const seconds = (clock() - at) / 1000;
  if (seconds < -60) return `in ${span(-seconds)}`;
  return seconds < 5 ? "just now" : `${span(seconds)} ago`;
}
function due(at) {
  const seconds = Math.ceil((at - clock()) / 1000);
  if (seconds < 0) return `${span(-seconds)} late`;
  return seconds < 600 ? `in ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : `in ${Math.floor(seconds / 60)} min`;
}
function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
function tickOver() {
  for (const time of $$("time[data-ago]")) say(time, age(Date.parse(time.dateTime)));
  for (const time of $$("time[data-till]")) {
    const at = Date.parse(time.dateTime);
    say(time, due(at));
    time.classList.toggle("late", at < clock());
  }
  for (const value of $$("[data-stale-at]")) value.classList.toggle("val--stale", Date.parse(value.dataset.staleAt) < clock());
}
setInterval(tickOver, 1000);

// --- Losing touch must show: a page that no longer hears must not look like all is well.
const lost = $("#lost");
const unheard = new Set();
let heard = Date.now();
function outOfTouch({ detail }) {
  unheard.add(detail.elt);
  const since = new Date(heard).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  say(lost, `▲ Out of touch with Hearthline since ${since}. What you see may be old. Trying again.`);
  lost.hidden = false;
}
for (const wrong of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(wrong, outOfTouch);
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful) return;
  unheard.delete(detail.elt);
  for (const element of unheard) if (!element.isConnected) unheard.delete(element);
  if (unheard.size) return;
  heard = Date.now();
  lost.hidden = true;
});

// --- What a live update leaves alone: drawn charts, opened details, and the place on the page.
if (window.Idiomorph) {
  Idiomorph.defaults.callbacks.beforeNodeMorphed = (now, next) =>
    !(now.nodeType === 1 && now.dataset.drawn && now.dataset.drawn === next.parentElement?.dataset.chart);
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) => !(name === "open" && element.matches("details, dialog"));
}
const rows = () => $$("#rows .row");
const rowOf = (node) => node?.closest?.("#rows .row");
const title = document.title;
let known = new Set(rows().map((row) => row.id));
let anchor = null;
let chosen = $(".row[data-selected]")?.dataset.alert;

function markChosen() {
  for (const row of rows()) row.toggleAttribute("data-selected", row.dataset.alert === chosen);
}
function countInTitle() {
  const reds = rows().filter((row) => row.dataset.severity === "red").length;
  document.title = reds ? `▲${reds} ${title}` : title;
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, pathInfo } = event.detail;
  if (target.id === "beside" && chosen && !pathInfo.requestPath.includes(chosen)) event.detail.shouldSwap = false;
  if (target.id !== "live") return;
  const reading = rowOf(document.activeElement) ?? $("#rows .row:hover")
    ?? (scrollY > 0 ? rows().find((row) => row.getBoundingClientRect().bottom > 0) : null);
  anchor = reading && { id: reading.id, top: reading.getBoundingClientRect().top };
});
document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (target.id === "live") {
    markChosen();
    const row = anchor && document.getElementById(anchor.id);
    if (row) scrollBy(0, row.getBoundingClientRect().top - anchor.top);
    const fresh = rows().filter((each) => !known.has(each.id));
    known = new Set(rows().map((each) => each.id));
    for (const each of fresh) each.classList.add("row--new");
    if (fresh.length) say($("#said"), `New: ${fresh.map((each) => `${each.dataset.severity} ${$(".row__open", each).innerText}, ${$(".row__what b", each).innerText}`).join("; ")}`);
    const above = fresh.filter((each) => each.getBoundingClientRect().bottom < 0).length;
    if (above) showAbove(above);
    countInTitle();
  }
  if (target.id === "latest") for (const plot of $$(".plot", target)) delete plot.dataset.drawn;
  if (target.id === "beside" || target.id === "latest") drawCharts(target);
  tickOver();
});
function showAbove(number) {
  let button = $("#above");
  if (!button) {
    button = Object.assign(document.createElement("button"), { id: "above", className: "btn btn--main above" });
    button.addEventListener("click", () => scrollTo({ top: 0 }));
    addEventListener("scroll", () => scrollY < 80 && button.remove(), { passive: true });
    document.body.append(button);
  }
  button.textContent = `▲ ${number} new above`;
}
countInTitle();

$(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// --- The selected alert beside the list.
function choose(row) {
  if (!$("#beside") || chosen === row.dataset.alert) return;
  chosen = row.dataset.alert;
  markChosen();
  const address = new URL(location);
  address.searchParams.set("alert", chosen);
  history.replaceState(null, "", address);
  if (wide.matches) htmx.ajax("GET", `/alerts/${chosen}/aside`, { target: "#beside", swap: "innerHTML" });
}
document.addEventListener("click", (event) => {
  const row = rowOf(event.target);
  const plain = event.detail > 0 && event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!row || !plain || !wide.matches || !$("#beside")) return;
  event.preventDefault();
  choose(row);
});

// --- Forms over the page. The same form has a page of its own; here it is fetched and shown in a dialog.
const sheet = $("#sheet");
function fill(html, status) {
  const action = new DOMParser().parseFromString(html, "text/html").querySelector("#doing");
  if (!action) return false;
  const inside = $("#sheet-in");
  inside.replaceChildren(action);
  for (const next of $$("input[name=next]", action)) next.value = location.pathname + location.search;
  dress(inside);
  sheet.setAttribute("aria-label", $("h1", action)?.textContent ?? "Act");
  if (!sheet.open) sheet.showModal();
  if (status === 200) $("input:not([type=hidden]), select, textarea, button", action)?.focus();
  return true;
}
async function openSheet(href) {
  const answer = await fetch(href).catch(() => null);
  if (!answer?.ok || !fill(await answer.text(), 200)) location.assign(href);
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-sheet]");
  if (link && !(event.metaKey || event.ctrlKey || event.shiftKey)) {
    event.preventDefault();
    openSheet(link.href);
  }
  const opens = event.target.closest?.("[data-opens]");
  if (opens) {
    event.preventDefault();
    document.getElementById(opens.dataset.opens).showModal();
  }
  const leaves = event.target.closest?.("#sheet [data-leaves]");
  if (leaves) {
    event.preventDefault();
    sheet.close();
  }
});
sheet?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const action = form.getAttribute("action"); // a field may be called action, and hides the property
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(action, { method: "POST", body, headers: { "X-Sheet": "yes" } }).catch(() => null);
  if (!answer) return outOfTouch({ detail: { elt: form } });
  const onward = answer.headers.get("X-Onward") ?? (answer.redirected ? answer.url : null);
  if (onward) return location.assign(onward);
  if (!fill(await answer.text(), answer.status)) location.assign(action);
});
document.addEventListener("change", (event) => event.target.closest("form[data-sends]")?.requestSubmit());

// --- Plain text for an agency's own system. Without script, or without leave to copy, it is selected by hand.
for (const button of $$("[data-copies]")) button.hidden = false;
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copies]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copies);
  text.focus();
  text.select();
  const copied = await navigator.clipboard?.writeText(text.value).then(() => true, () => false);
  say($("[role=status]", button.parentElement), copied ? "Copied." : "Selected: copy it with your keyboard.");
});

// --- Forms whose questions come up by what was answered (people/forms/conditions.py says the same of them).
function answerOf(question) {
  const fields = $$("input, select, textarea", question).filter((each) => !["radio", "checkbox"].includes(each.type) || each.checked);
  const values = fields.map((each) => each.value.trim()).filter(Boolean);
  const kind = question.dataset.kind;
  if (kind === "choices") return values.length ? values : undefined;
  if (!values.length) return undefined;
  if (kind === "yes_no") return values[0] === "yes";
  return kind === "number" || kind === "scale" ? Number(values[0].replace(",", ".")) : values[0];
}
function holds(condition, answers) {
  if (condition.all) return condition.all.every((part) => holds(part, answers));
  if (condition.any) return condition.any.some((part) => holds(part, answers));
  if (condition.not) return !holds(condition.not, answers);
  if (condition.answered) return answers[condition.answered] !== undefined;
  const given = answers[condition.question];
  if ("at_least" in condition) return typeof given === "number" && given >= condition.at_least;
  return Array.isArray(given) ? given.includes(condition.equals) : given === condition.equals;
}
function skip(form) {
  const answers = {};
  const asked = [];
  for (const question of $$("[data-question]", form)) {
    const condition = question.dataset.askIf && JSON.parse(question.dataset.askIf);
    question.hidden = Boolean(condition) && !holds(condition, answers);
    if (question.hidden) continue;
    asked.push(question.dataset.question);
    const given = answerOf(question);
    if (given !== undefined) answers[question.dataset.question] = given;
  }
  form.elements.seen.value = asked.join(" ");
}
for (const form of $$("form[data-skips]")) {
  form.addEventListener("input", () => skip(form));
  skip(form);
}

// --- Keys. Single keys can be switched off on this computer (WCAG 2.1.4).
const keysOn = $("#keys-on");
if (keysOn) {
  keysOn.checked = localStorage.getItem("keys") !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));
}
const places = { b: "/", p: "/people", f: "/follow-ups", r: "/referrals", k: "/kit", o: "/outcomes" };
const acts = { a: "assign", m: "contact", h: "hand-over", x: "close", s: "shelve" };
let going = 0;
function move(by) {
  const links = $$("#rows .row__open, [data-rows] a.row__open");
  if (!links.length) return;
  const at = links.findIndex((link) => link === document.activeElement || (rowOf(link) && rowOf(link).dataset.alert === chosen));
  const link = links[Math.min(links.length - 1, Math.max(0, document.activeElement === links[at] || at >= 0 ? at + by : 0))];
  link.focus();
  link.scrollIntoView({ block: "nearest" });
  if (rowOf(link)) choose(rowOf(link));
}
function act(name) {
  const part = $("#beside") ? $(`#beside [data-alert="${chosen}"]`) : $("main");
  const button = part && $(`[data-act="${name}"]`, part);
  if (button) {
    button.click();
    if (button.matches("summary")) $("textarea, input:not([type=hidden])", button.parentElement)?.focus();
    return;
  }
  const focused = rowOf(document.activeElement)?.dataset.alert;
  if (focused && Object.values(acts).includes(name)) openSheet(`/alerts/${focused}/${name}`);
}
document.addEventListener("keydown", (event) => {
  // A form that has just been shut keeps the focus until the page is drawn again: nobody types there.
  const field = event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
  const typing = field && !field.closest("dialog:not([open])");
  if (typing || event.metaKey || event.ctrlKey || event.altKey || $("dialog[open]") || (keysOn && !keysOn.checked && event.key !== "?")) return;
  const { key } = event;
  const pressed = Date.now();
  if (pressed - going < 1500 && places[key]) location.assign(places[key]);
  else if (key === "g") going = pressed;
  else if (key === "/" && $("#find")?.offsetParent) $("#find").focus();
  else if (key === "?") $("#keys")?.showModal();
  else if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
  else if (key === "c") act("ring");
  else if (/^[1-7]$/.test(key)) act(`attempt-${key}`);
  else if (key === "u") act("undo");
  else if (acts[key]) act(acts[key]);
  else return;
  event.preventDefault();
});

// --- Charts, by ECharts as SVG; redrawn for the width they have, newest in view.
const shapes = { red: "triangle", amber: "diamond", watch: "circle", kit: "rect" };
const drawn = new Map();

function palette() {
  const probe = document.body.appendChild(Object.assign(document.createElement("i"), { className: "probe" }));
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const names = ["ink", "soft", "line", "red", "amber", "watch", "kit", "band", "drawn", "grid", "card", "brand"];
  const colours = Object.fromEntries(names.map((name) => [name, colour(name)]));
  probe.remove();
  return colours;
}

function axis(from, to, zone) {
  const read = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
  const hourOf = read({ hour: "2-digit", hourCycle: "h23" });
  const dayOf = read({ day: "numeric" });
  const weekday = read({ weekday: "short" });
  const month = read({ month: "short" });
  const hour = 3600000;
  const days = (to - from) / (24 * hour);
  const lines = [];
  const labels = new Map();
  let before = dayOf.format(from);
  for (let at = Math.ceil(from / hour) * hour; at <= to; at += hour) {
    const today = dayOf.format(at);
    const newDay = today !== before;
    before = today;
    if (days <= 2 && Number(hourOf.format(at)) % 6 === 0) {
      lines.push(at);
      labels.set(at, newDay ? `${weekday.format(at)} ${today}` : `${hourOf.format(at)}:00`);
    } else if (days > 2 && days <= 10 && newDay) {
      lines.push(at);
    } else if (days > 10 && days <= 70 && newDay && weekday.format(at) === "Mon") {
      lines.push(at);
      labels.set(at, `${today} ${month.format(at)}`);
    } else if (days > 70 && newDay && today === "1") {
      lines.push(at);
      labels.set(at, month.format(at));
    }
    if (days > 2 && days <= 10 && hourOf.format(at) === "12") labels.set(at, `${weekday.format(at)} ${today}`);
  }
  // The day that is not over yet has its label in the middle of what there is of it.
  if (days > 2 && days <= 10) {
    const midnight = lines.at(-1) ?? from;
    for (const at of labels.keys()) if (at > midnight) labels.delete(at);
    labels.set((midnight + to) / 2, to > clock() - hour ? "Today" : `${weekday.format(to)} ${dayOf.format(to)}`);
  }
  return { lines, labels };
}

function tip(lines) {
  const box = Object.assign(document.createElement("div"), { className: "tip" });
  lines.filter(Boolean).forEach((words, place) => box.append(Object.assign(document.createElement(place ? "div" : "b"), { textContent: words })));
  return box;
}

// Room for the longest word beside any chart of a group, so that all of them stand in step.
function roomBeside(answer, figures) {
  const keys = new Set(figures.map((each) => each.dataset.kind));
  const words = answer.kinds.filter((each) => keys.has(each.key)).flatMap((each) => Object.values(each.states ?? {}));
  return Math.min(110, Math.max(46, 12 + 6.2 * Math.max(0, ...words.map((each) => each.length))));
}

function readingsOption(answer, kind, { last, narrow, height, beside }) {
  const c = palette();
  const from = Date.parse(answer.from), to = Date.parse(answer.to);
  const { lines, labels } = axis(from, to, answer.zone);
  const points = kind.points.map(([at, value]) => [Date.parse(at), value]);
  const spread = new Map(kind.spread.map(([at, least, most]) => [Date.parse(at), [least, most]]));
  const values = [...points.map(([, value]) => value), ...[...spread.values()].flat(), ...(kind.band ?? []), ...kind.limits.map((limit) => limit.value)].filter((value) => value !== null);
  const low = Math.min(...values), high = Math.max(...values);
  const room = (high - low || Math.abs(high) || 1) * 0.14;
  const [min, max] = [low - room, high + room];
  const apart = ((max - min) * 14) / Math.max(40, height - (last ? 34 : 16));
  const numbers = [];
  for (const value of [...kind.limits.map((limit) => limit.value), ...(kind.band ?? []), ...(values.length && !kind.band && !kind.limits.length ? [low, high] : [])]) {
    if (numbers.every((other) => Math.abs(other - value) >= apart)) numbers.push(value);
  }
  const limitColour = (value) => c[kind.limits.find((limit) => limit.value === Number(value))?.severity] ?? c.soft;
  const figures = (value) => kind.states?.[value] ?? value.toFixed(kind.decimals).replace("-", "−");
  const shown = (value) => (kind.states ? figures(value) : `${figures(value)} ${kind.unit}`);
  const several = (at) => spread.has(at) && `mean of readings from ${figures(spread.get(at)[0])} to ${shown(spread.get(at)[1])}`;
  const when = new Intl.DateTimeFormat("en-GB", { timeZone: answer.zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const edge = matchMedia("(forced-colors: active)").matches ? { borderColor: c.soft, borderWidth: 1, borderType: "dotted" } : {};
  const close = (to - from) / 120;
  const marks = kind.marks.map((mark) => ({ ...mark, ms: Date.parse(mark.at) }));
  const events = answer.events.map((event) => ({ ...event, ms: Date.parse(event.at) }));
  const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 11.5 };
  return {
    animation: false,
    textStyle: font,
    grid: { left: narrow ? 4 : beside, right: narrow ? Math.max(42, beside - 4) : 24, top: 8, bottom: last ? 26 : 8, outerBoundsMode: "none" },
    xAxis: {
      type: "value", min: from, max: to, axisLine: { show: false },
      axisTick: { show: false, customValues: lines }, splitLine: { lineStyle: { color: c.grid } },
      axisLabel: { show: last, customValues: [...labels.keys()], formatter: (at) => labels.get(at) ?? "", color: c.soft, hideOverlap: true, ...font },
      axisPointer: { show: true, type: "line", lineStyle: { color: c.soft }, label: { show: false } },
    },
    yAxis: {
      type: "value", min, max, position: narrow ? "right" : "left", axisLine: { show: false }, splitLine: { show: false },
      axisTick: { show: false },
      axisLabel: { customValues: numbers, formatter: figures, color: limitColour, ...font },
    },
    tooltip: {
      trigger: "axis", confine: true, backgroundColor: "transparent", borderWidth: 0, padding: 0, extraCssText: "box-shadow:none",
      formatter: ([point]) => {
        if (!point) return "";
        const [at, value] = point.value;
        const near = [...marks, ...events].filter((mark) => Math.abs(mark.ms - at) <= close);
        return tip([value === null ? "No reading" : shown(value), several(at), when.format(at), ...near.map((mark) => mark.words)]);
      },
    },
    series: [
      {
        type: "line", data: points, step: kind.stepped ? "end" : false, connectNulls: false, showSymbol: points.length <= 24, symbol: "circle", symbolSize: 5,
        lineStyle: { width: 1.8, color: c.drawn }, itemStyle: { color: c.drawn }, emphasis: { disabled: true },
        markArea: kind.band ? { silent: true, itemStyle: { color: c.band, ...edge }, data: [[{ yAxis: kind.band[0] }, { yAxis: kind.band[1] }]] } : undefined,
        markLine: {
          silent: true, symbol: "none", label: { show: false },
          data: [
            ...kind.limits.map((limit) => ({ yAxis: limit.value, lineStyle: { color: limitColour(limit.value), type: [5, 4], width: 1 } })),
            ...events.map((event) => ({ xAxis: event.ms, lineStyle: { color: c.soft, type: [2, 3], width: 1 } })),
          ],
        },
      },
      {
        type: "custom", z: 1, silent: true, tooltip: { show: false }, clip: true,
        data: [...spread].map(([at, ends]) => [at, ...ends]),
        renderItem: (_params, api) => {
          const [[x1, y1], [x2, y2]] = [1, 2].map((end) => api.coord([api.value(0), api.value(end)]));
          return { type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: c.drawn, lineWidth: 1.5, opacity: 0.3 } };
        },
      },
      {
        type: "scatter", z: 5, tooltip: { show: false }, symbolSize: 12,
        data: marks.filter((mark) => mark.value !== null).map((mark) => ({ value: [mark.ms, mark.value], href: mark.href, symbol: shapes[mark.severity], itemStyle: { color: c[mark.severity], borderColor: c.card, borderWidth: 1 } })),
      },
    ],
  };
}

// A process behaviour chart: each point's own mean and limits, so that a rebased chart steps where it was rebased.
function xmrOption(answer, { narrow }) {
  const c = palette();
  const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 11.5 };
  const look = { common: ["circle", c.soft], improvement: ["triangle", c.watch], concern: ["diamond", c.amber], neutral: ["rect", c.kit] };
  const line = (key, type, colour, width = 1) => ({ type: "line", data: answer.points.map((point) => point[key]), step: "middle", showSymbol: false, silent: true, lineStyle: { type, color: colour, width }, emphasis: { disabled: true } });
  const shown = (value) => (value === null ? "not known" : `${value.toFixed(answer.decimals)} ${answer.unit}`);
  return {
    animation: false,
    textStyle: font,
    grid: { left: narrow ? 34 : 46, right: 14, top: 12, bottom: 28 },
    xAxis: { type: "category", data: answer.points.map((point) => point.label), axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } }, axisLabel: { color: c.soft, hideOverlap: true, ...font } },
    yAxis: { type: "value", scale: true, splitLine: { lineStyle: { color: c.grid } }, axisLabel: { color: c.soft, ...font } },
    tooltip: {
      trigger: "axis", confine: true, backgroundColor: "transparent", borderWidth: 0, padding: 0, extraCssText: "box-shadow:none",
      formatter: ([point]) => {
        const at = answer.points[point.dataIndex];
        return tip([shown(at.value), `${at.label}: ${at.words}`, at.rule, at.mean === null ? "" : `Mean ${shown(at.mean)}, limits ${shown(at.lower)} to ${shown(at.upper)}`]);
      },
    },
    series: [
      {
        type: "line", lineStyle: { color: c.drawn, width: 1.8 }, emphasis: { disabled: true }, connectNulls: false, showAllSymbol: true, z: 4,
        data: answer.points.map((point) => ({ value: point.value, symbol: look[point.call][0], symbolSize: point.call === "common" ? 7 : 12, itemStyle: { color: look[point.call][1] } })),
      },
      line("mean", "solid", c.soft, 1.4), line("upper", [6, 4], c.soft), line("lower", [6, 4], c.soft),
      ...(answer.target === null ? [] : [{ type: "line", data: [], markLine: { silent: true, symbol: "none", data: [{ yAxis: answer.target }], lineStyle: { color: c.brand, type: [2, 3] }, label: { formatter: "target", color: c.brand, position: "insideEndTop", ...font } } }]),
    ],
  };
}

function paint(figure, answer, last) {
  const plot = $(".plot", figure);
  const kind = figure.dataset.kind && answer.kinds.find((each) => each.key === figure.dataset.kind);
  if (figure.dataset.kind && !kind?.points.length) return;
  plot.dataset.drawn = figure.dataset.chart;
  plot.classList.toggle("plot--axis", Boolean(kind) && last);
  const inside = $(".plot__in", plot) ?? plot.appendChild(Object.assign(document.createElement("div"), { className: "plot__in" }));
  const narrow = plot.clientWidth < 480;
  const days = kind ? (Date.parse(answer.to) - Date.parse(answer.from)) / 86400000 : 0;
  const slides = narrow && days > 4;
  const width = plot.clientWidth * (slides ? 1.9 : 1);
  plot.classList.toggle("plot--slides", slides);
  if (slides) plot.tabIndex = 0;
  else plot.removeAttribute("tabindex");
  inside.style.width = `${width}px`;
  const height = plot.clientHeight;
  const group = figure.closest("[data-charts]");
  const beside = kind ? roomBeside(answer, $$("figure[data-kind]", group ?? figure.parentElement)) : 0;
  drawn.get(plot)?.chart.dispose();
  const chart = echarts.init(inside, null, { renderer: "svg", width, height });
  chart.setOption(kind ? readingsOption(answer, kind, { last, narrow, height, beside }) : xmrOption(answer, { narrow }));
  chart.on("click", ({ data }) => data?.href && location.assign(data.href));
  if (kind && group) {
    chart.group = group.inStep ??= `charts-${drawn.size}`;
    echarts.connect(chart.group);
  }
  plot.scrollLeft = plot.scrollWidth;
  drawn.set(plot, { chart, repaint: () => paint(figure, answer, last), width: plot.clientWidth });
  widths.observe(plot);
}
const widths = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const one = drawn.get(target);
    if (one && !target.isConnected) drawn.delete(target);
    else if (one && one.width !== target.clientWidth) one.repaint();
  }
});

async function drawCharts(scope = document) {
  if (!window.echarts) return;
  const asked = new Map();
  for (const figure of $$("figure[data-chart]", scope)) {
    const url = figure.dataset.chart;
    if ($(".plot", figure).dataset.drawn === url) continue;
    if (!asked.has(url)) asked.set(url, fetch(url).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`${answer.status}`)))));
    try {
      const answer = await asked.get(url);
      const shown = $$("figure[data-kind]", figure.closest("[data-charts]") ?? figure.parentElement).filter((each) => answer.kinds?.find((kind) => kind.key === each.dataset.kind)?.points.length);
      paint(figure, answer, shown.at(-1) === figure);
    } catch (wrong) {
      if (!$(".plot__wrong", figure)) $(".plot", figure).after(Object.assign(document.createElement("p"), { className: "plot__wrong", textContent: `▲ The chart could not be drawn (${wrong.message}). The numbers are under Show as table.` }));
    }
  }
}
document.addEventListener("scroll", ({ target }) => {
  if (!target.classList?.contains("plot")) return;
  for (const other of $$(".plot", target.closest("[data-charts]") ?? target)) if (other !== target) other.scrollLeft = target.scrollLeft;
}, { capture: true, passive: true });
for (const theme of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(theme).addEventListener("change", () => drawn.forEach((one) => one.repaint()));
drawCharts();

// --- My page: leaving in a hurry. The page is gone at once, this entry of the history is the weather's, and the
// session ends behind it; without this script the form does the same by way of the server.
const away = $("[data-away]");
if (away) {
  const leave = () => {
    document.body.hidden = true;
    document.title = "Weather";
    navigator.sendBeacon(away.action, new URLSearchParams(new FormData(away)));
    location.replace(away.dataset.away);
  };
  away.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });
  let pressed = [];
  document.addEventListener("keydown", ({ key, timeStamp }) => {
    if (key !== "Escape") return;
    pressed = [...pressed.filter((at) => timeStamp - at < 2000), timeStamp];
    if (pressed.length === 3) leave();
  });
}

// --- A code for kit that a QR code brought: behind the #, which no server is sent; it is typed in for them here.
const brought = location.hash.slice(1);
if (/^[a-z0-9-]{9,13}$/i.test(brought)) {
  for (const link of $$("a[data-onward]")) link.hash = brought;
  const code = $("form[action$='/claim'] [name=code]");
  if (code && !code.value) code.value = brought;
}
