// Puts the page together: what comes from the server goes into the points and the model, and these onto the page, at most
// some times a second however much comes.
import { call, history, json, Refusal } from "./api.js";
import { ErrorChart, identity, ScatterChart, zero } from "./charts.js";
import { listen } from "./events.js";
import { drawForm, fillForm } from "./form.js";
import { showActivity, showFigures, showGroups, showModel, showRows, showState, showTrainings, showVersions } from "./panels.js";
import { Points } from "./points.js";
import { clock, number, percent } from "./text.js";

const at = (id) => document.getElementById(id);
const drawEvery = 100;
/** Of its time the page draws a fifth at most, however slow the machine. */
const drawShare = 5;
const denseFrom = 3000;

const page = {
  specification: null, model: null, versions: null, ready: null, coverage: null,
  points: new Points(2000), newest: [], activity: [], arrivals: [], hidden: new Set(),
  companions: [], connection: "starting", lastRow: null, fitRows: [],
};
// For tests, and for whoever looks at the page with a browser's tools.
window.tare = page;

// MARK: What comes in

const isRelative = () => page.specification.errorMeasure === "relative";
page.format = (value) => (isRelative() ? percent(value) : number(value));

/** The error that the row says, else the one between its prediction and its truth. */
function errorOf(row) {
  const { fields, response } = page.specification;
  const [predicted, actual] = [row[response.predictedField], row[response.actualField]];
  if (Number.isFinite(row[fields.error])) return row[fields.error];
  if (!Number.isFinite(predicted) || !Number.isFinite(actual)) return NaN;
  return isRelative() ? Math.abs(actual - predicted) / Math.abs(actual) : Math.abs(actual - predicted);
}

function take(row) {
  const { fields, factor } = page.specification;
  const isNew = page.points.add({
    key: `${row[fields.timestamp]} ${row[fields.identifier] ?? JSON.stringify(row)}`,
    time: Date.parse(row[fields.timestamp]), error: errorOf(row), group: factor ? row[factor.field] ?? "" : "all",
    model: row[fields.modelTime] ?? "",
  });
  if (isNew) {
    page.newest.push(row);
    if (page.newest.length > 400) page.newest = page.newest.slice(-200);
  }
  return isNew;
}

function happened(type, event) {
  if (type === "observed") {
    if (take(event.row)) {
      const second = Math.floor(performance.now() / 1000);
      const last = page.arrivals.at(-1);
      if (last?.second === second) last.count += 1;
      else page.arrivals.push({ second, count: 1 });
      if (page.arrivals.length > 10) page.arrivals.shift();
      page.lastRow = Date.now();
    }
    return draw();
  }
  if (type === "gap") load();
  if (["trained", "serving", "rolledBack", "store"].includes(type)) {
    page.activity.unshift({ type, ...event });
    page.activity.length = Math.min(page.activity.length, 50);
    soon(type === "store" ? look : loadModels);
  }
  return draw();
}

// MARK: What is asked for

const due = new Set();

/** Once for all that ask for it within a moment. */
function soon(work) {
  if (due.has(work)) return;
  due.add(work);
  setTimeout(() => {
    due.delete(work);
    work().catch(() => {});
  }, 150);
}

async function optional(path) {
  try {
    return await json(path);
  } catch (error) {
    if (error instanceof Refusal && error.status >= 500) return null;
    throw error;
  }
}

async function loadModels() {
  [page.model, page.versions] = await Promise.all([optional("model"), optional("models?limit=50")]);
  await loadFit();
  look();
  draw();
}

/** The rows of the time of the training, as the model that serves predicts them. */
async function loadFit() {
  const { model, specification: { fields, response, predictors, factor, otherFactors } } = page;
  const [from, to] = [Date.parse(model?.oldestRow), Date.parse(model?.newestRow)];
  let rows = [];
  if (Number.isFinite(from)) {
    const text = await json(`observations?limit=1000&before=${to + 1}`);
    rows = text.filter((row) => Date.parse(row[fields.timestamp]) >= from);
  }
  const names = [...predictors, ...(factor ? [factor] : []), ...otherFactors].map((variable) => variable.field);
  rows = rows.filter((row) => Number.isFinite(row[response.actualField]) && names.every((name) => row[name] !== null));
  if (rows.length === 0) return void (page.fitRows = []);
  const asked = rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));
  const predicted = await json("prediction", { method: "POST", body: JSON.stringify(asked) });
  page.fitRows = rows.map((row, index) => ({
    actual: row[response.actualField], predicted: predicted[index][response.field],
    group: page.points.groupOf(factor ? row[factor.field] ?? "" : "all"),
  })).filter((row) => Number.isFinite(row.predicted));
}

async function look() {
  const response = await fetch("readyz", { cache: "no-store", credentials: "omit" }).catch(() => null);
  page.ready = response ? await response.json().catch(() => null) : null;
  page.coverage = await optional("coverage").catch(() => null);
  const said = await optional("companion").catch(() => null);
  if (said) takeCompanions(said.companions);
  draw();
}

/** Reads events a second from two reports, and the threshold, which the companion knows, unless the reader set another. */
function takeCompanions(companions) {
  const now = performance.now() / 1000;
  page.companions = companions.map((report) => {
    const before = page.companions.find(({ name }) => name === report.name);
    const time = now - report.ageSeconds;
    const passed = before ? time - before.time : 0;
    const rate = passed > 0.5 ? Math.max(0, report.events - before.events) / passed : before?.rate ?? null;
    return { ...report, time, rate };
  });
  const { threshold: limit } = companions.find(({ threshold: one }) => Number.isFinite(one)) ?? {};
  if (limit !== undefined && !at("threshold").dataset.isSet) at("threshold").value = limit * (isRelative() ? 100 : 1);
}

let loading = null;

/** All that there is; also after a break. */
function load() {
  loading ??= (async () => {
    try {
      for (const row of await history(page.points.capacity)) take(row);
      await loadModels();
      if (page.newest.length && !at("predict").contains(document.activeElement)) {
        fillForm(at("predict"), page, page.newest.at(-1));
      }
    } finally {
      loading = null;
      draw();
    }
  })();
  return loading;
}

/** What is looked at now and then where nothing can be listened to. */
async function poll() {
  if (page.connection !== "polling" || document.hidden) return;
  for (const row of await history(200)) if (take(row)) page.lastRow = Date.now();
  await loadModels();
}

// MARK: Onto the page

let drawnAt = 0;
let drawTook = 0;
let isDrawDue = false;

function draw() {
  if (isDrawDue || !page.specification) return;
  isDrawDue = true;
  const rest = Math.max(0, drawnAt + Math.max(drawEvery, drawShare * drawTook) - performance.now());
  setTimeout(() => requestAnimationFrame(() => {
    isDrawDue = false;
    drawnAt = performance.now();
    drawAll();
    // Behind what the charts do, which they do a moment later.
    setTimeout(() => { drawTook = performance.now() - drawnAt; });
  }), rest);
}

const errorChart = new ErrorChart(at("error-chart"), read);
const fitChart = new ScatterChart(at("fit-chart"));
const residualChart = new ScatterChart(at("residual-chart"));
let drawnModel = null;

/** Trainings as the chart marks them, newest first. */
function trainings() {
  const seconds = (text) => Date.parse(text) / 1000;
  return (page.versions?.models ?? []).filter((version) => version.newestRow).map((version) => ({
    version, oldest: seconds(version.oldestRow), newest: seconds(version.newestRow),
    windows: (version.cause?.windows ?? []).map((window) => [seconds(window.start), seconds(window.end ?? window.start)]),
    isGood: version.state === "served",
    label: { served: "new model", refused: "refused", rolledBack: "taken back" }[version.state] ?? version.state,
  }));
}

function drawAll() {
  const { points } = page;
  const order = points.order();
  const marks = { trainings: trainings(), takeovers: points.takeovers(order), threshold: threshold() };
  page.marks = marks;
  page.order = order;
  const data = points.columns(order);
  page.data = data;
  const names = points.groups.length ? points.groups : [""];
  errorChart.show(names, data, {
    marks, hidden: page.hidden, format: page.format, isDense: points.count > denseFrom,
  });
  showGroups(at("groups"), points.groups, page.hidden, (index) => {
    page.hidden = new Set(page.hidden.has(index) ? [...page.hidden].filter((one) => one !== index) : [...page.hidden, index]);
    draw();
  });
  showFigures(at("figures"), page, order);
  showTrainings(at("trainings"), marks.trainings, page);
  if (at("rows").open) showRows(at("rows").lastElementChild, page);
  showState(at("state"), page);
  showActivity(at("activity"), page.activity);
  showModel(at("formula"), at("cause"), at("model"), page);
  showVersions(at("versions"), page, goBack);
  if (drawnModel !== page.fitRows) drawFit(names);
  at("error-chart").setAttribute("aria-label", summary(order));
}

function drawFit(names) {
  drawnModel = page.fitRows;
  const rows = page.fitRows;
  const words = rows.length
    ? `${rows.length} rows of the time of the training, as the model that serves predicts them`
    : "The rows of this model's training are not stored here.";
  at("fit-rows").textContent = `${words}. Measured upwards, predicted to the right.`;
  at("residual-rows").textContent = rows.length ? "Measured less predicted, over predicted." : words;
  fitChart.show(names, rows.map((row) => [row.predicted, row.actual, row.group]), { format: number, line: identity });
  residualChart.show(
    names, rows.map((row) => [row.predicted, row.actual - row.predicted, row.group]), { format: number, line: zero });
}

function summary(order) {
  const { points } = page;
  if (!order.length) return "The error of each row over time: no rows yet";
  const [from, to] = [order[0], order.at(-1)].map((place) => clock(points.time[place]));
  return `The error of ${order.length} rows from ${from} to ${to}; mean of the last 50: ${page.format(points.meanOfLast(50, order))}`;
}

/** The point under the cursor, in words. */
function read(index) {
  const place = index === null ? undefined : page.order?.[index];
  const { points } = page;
  at("reading").textContent = place === undefined
    ? "Point at the chart, or use the arrow keys in it, to read a row."
    : `${clock(points.time[place])} · ${points.groups[points.group[place]]} · error ${page.format(points.error[place])} · model of ${points.models[points.model[place]] || "unknown"}`;
}

function threshold() {
  const value = Number.parseFloat(at("threshold").value);
  return Number.isFinite(value) && value >= 0 ? value / (isRelative() ? 100 : 1) : null;
}

// MARK: Going back to a version

function goBack(version) {
  const dialog = at("confirm");
  at("confirm-text").textContent = `${version.version} is to serve instead of ${page.versions.active}. Predictions use it at once.`;
  at("confirm-problem").textContent = "";
  at("confirm-yes").onclick = async (event) => {
    event.preventDefault();
    try {
      await call(`models/${encodeURIComponent(version.version)}/activate`, { method: "POST" });
      dialog.close("yes");
      await loadModels();
    } catch (error) {
      at("confirm-problem").textContent = error.message;
    }
  };
  dialog.showModal();
}

// MARK: The beginning

function listenToReader() {
  at("count").addEventListener("change", () => {
    const old = page.points;
    page.points = new Points(Number(at("count").value));
    page.points.groups = old.groups;
    load();
  });
  at("threshold").addEventListener("input", () => {
    at("threshold").dataset.isSet = "by the reader";
    draw();
  });
  at("rows").addEventListener("toggle", draw);
  let cursor = null;
  at("error-chart").addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || !page.order?.length) return;
    event.preventDefault();
    cursor = Math.min(page.order.length - 1, Math.max(0, (cursor ?? page.order.length - 1) + step));
    errorChart.moveTo(cursor);
    read(cursor);
  });
}

async function start() {
  for (;;) {
    try {
      page.specification = await json("specification");
      break;
    } catch (error) {
      connected(error.status ? error.message : "reconnecting");
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
  const { subject } = page.specification;
  document.title = `Tare · ${subject}`;
  at("subject").textContent = subject;
  if (isRelative()) at("threshold").value = 15;
  at("threshold").after(isRelative() ? " %" : "");
  drawForm(at("predict"), at("estimate"), page);
  listenToReader();
  read(null);
  listen(happened, (state) => {
    const wasLive = page.connection === "live";
    connected(state);
    // What came while nobody listened.
    if (state === "live" && !wasLive) load().catch(() => {});
  });
  setInterval(() => poll().catch(() => {}), 3000);
  setInterval(() => look().catch(() => {}), 5000);
}

function connected(state) {
  page.connection = state;
  at("connection").dataset.state = state;
  at("connection").textContent = state;
}

start();
