// The panels beside the charts. Each is given its element and what there is, and is only touched where that has changed.
import { age, ago, clock, element, fillPairs, moment, number, percent } from "./text.js";

const shown = new WeakMap();

/** Whether what an element is to show is other than what it shows. */
function isNews(holder, ...what) {
  const text = JSON.stringify(what);
  if (shown.get(holder) === text) return false;
  shown.set(holder, text);
  return true;
}

export function showGroups(holder, names, hidden, toggle) {
  if (!isNews(holder, names, [...hidden])) return;
  const focused = [...holder.children].indexOf(document.activeElement);
  holder.replaceChildren(...names.map((name, index) => element("button", {
    type: "button", class: `c${index}`, "aria-pressed": String(!hidden.has(index)), onclick: () => toggle(index),
  }, element("span", {}, name === "" ? "no group" : name))));
  holder.children[focused]?.focus();
}

export function showFigures(list, page, order) {
  const { points, model, coverage, ready } = page;
  const second = performance.now() / 1000;
  const recent = page.arrivals.filter((one) => second - one.second <= 6);
  const rate = recent.reduce((sum, one) => sum + one.count, 0) / 5;
  const isWhole = ready?.status === "ready";
  const figures = [
    ["Mean error", page.format(points.meanOfLast(50, order)), `of the last ${Math.min(50, points.count)}`],
    ["Rows a second", number(rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate)), `${points.count} shown`],
    ["Last row", ago(page.lastRow === null ? NaN : Date.now() - page.lastRow), page.lastRow === null ? "none since this page is open" : ""],
    ["Model's age", age(model ? Date.now() - Date.parse(model.time) : NaN), model ? `${model.rows} rows` : "no model"],
    ["Truth within 95 %", percent(coverage?.share), coverage ? `of ${coverage.observed} rows` : ""],
    ["Store", isWhole ? "well" : ready?.status ?? "no answer", "", !isWhole],
  ];
  if (!isNews(list, figures)) return;
  list.replaceChildren(...figures.map(([name, value, note, isOff]) => element("div", { class: isOff ? "off" : "" },
    element("dt", {}, name), element("dd", {}, value, " ", element("small", {}, note)))));
}

const badge = (state, isActive) => {
  if (isActive) return element("span", { class: "badge now" }, "serves");
  const words = { served: ["served", "good"], refused: ["refused", "bad"], rolledBack: ["taken back", "bad"] }[state];
  return element("span", { class: `badge ${words?.[1] ?? ""}` }, words?.[0] ?? state ?? "unknown");
};

const causeOf = (version) => {
  const levels = version.cause?.levels ?? [];
  const window = version.cause?.windows?.[0];
  if (!levels.length && !window) return "asked for by hand, or without a cause";
  const who = levels.length ? `errors of ${levels.join(", ")}` : "errors";
  return window ? `${who} from ${clock(window.start)}${window.end ? ` to ${clock(window.end)}` : ""}` : who;
};

export function showTrainings(list, trainings) {
  const newest = trainings.slice(0, 5);
  if (!isNews(list, newest.map(({ version }) => version))) return;
  list.replaceChildren(...newest.map(({ version }) => element("li", {}, badge(version.state, version.active),
    element("span", {}, `${moment(version.time)}: ${causeOf(version)}. `,
      `${version.rows} rows from ${clock(version.oldestRow ?? version.newestRow)} to ${clock(version.newestRow)}. `,
      version.verdict?.detail ? `${version.verdict.detail}.` : ""))));
}

export function showRows(holder, page) {
  const { fields, factor, response, predictors } = page.specification;
  const rows = page.newest.slice(-100).reverse();
  const names = [fields.timestamp, fields.identifier, factor?.field, ...predictors.map((one) => one.field),
    response.predictedField, response.actualField, fields.error, fields.modelTime].filter(Boolean);
  if (!isNews(holder, rows)) return;
  holder.replaceChildren(element("table", {},
    element("thead", {}, element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...names.map((name) => {
      const value = row[name];
      const isNumber = typeof value === "number";
      return element("td", { class: isNumber ? "number" : "" }, isNumber ? number(value) : String(value ?? "–"));
    }))))));
}

// MARK: The model

/** The formula with its numbers; what R calls `specieswalleye` reads `[species = walleye]`. */
function formulaOf(model) {
  const { specification } = model;
  const factors = [[specification.factor?.name, model.levels],
    ...specification.otherFactors.map((one) => [one.name, model.otherLevels?.[one.name] ?? []])];
  const term = (name) => name.split(":").map((part) => {
    for (const [factor, levels] of factors) {
      if (factor && part.startsWith(factor) && levels.includes(part.slice(factor.length))) return `[${factor} = ${part.slice(factor.length)}]`;
    }
    return part;
  }).join(" · ");
  const parts = [`${model.formula.split("~")[0].trim()} = `];
  Object.entries(model.coefficients).filter(([, value]) => value !== null).forEach(([name, value], index) => {
    const sign = value < 0 ? "−" : "+";
    parts.push(index === 0 ? (value < 0 ? "−" : "") : ` ${sign} `, element("b", {}, number(Math.abs(value))));
    if (name !== "(Intercept)") parts.push(` · ${term(name)}`);
  });
  return parts;
}

export function showModel(formula, cause, list, page) {
  const { model } = page;
  if (!isNews(formula, model?.version, Math.floor(Date.now() / 20_000))) return;
  if (!model) {
    formula.textContent = "There is no model yet.";
    cause.textContent = "";
    return list.replaceChildren();
  }
  formula.replaceChildren(...formulaOf(model));
  cause.textContent = model.parent
    ? `Because of ${causeOf(model)}${model.verdict?.detail ? `: ${model.verdict.detail}` : ""}.`
    : "The model that the server began with.";
  fillPairs(list, [
    ["Version", model.version], ["Fitted", `${moment(model.time)}, ${ago(Date.now() - Date.parse(model.time))}`],
    ["Rows", `${model.rows}${model.rowsLeftOut ? `, ${model.rowsLeftOut} left out` : ""}`],
    ["R²", number(model.rSquared)], ["Sigma", number(model.sigma)],
    [model.specification.factor ? `Levels of ${model.specification.factor.name}` : "Levels", model.levels.join(", ") || "none"],
    ["Row times", model.newestRow ? `${moment(model.oldestRow ?? model.newestRow)} to ${moment(model.newestRow)}` : null],
  ]);
}

export function showVersions(holder, page, goBack) {
  const { versions, format } = page;
  const models = versions?.models ?? [];
  const seen = page.points.byModel();
  // As rows name the model that predicted them.
  const of = (version) => seen.get(String(version.time ?? "").slice(0, 19).replace("T", " "));
  const rows = models.map((version) => [version, of(version)]);
  if (!isNews(holder, rows.map(([version, sum]) => [version, sum?.count, sum?.sum]))) return;
  const focused = document.activeElement?.dataset?.version;
  const cell = (text) => element("td", { class: "number" }, text);
  holder.replaceChildren(element("table", {},
    element("thead", {}, element("tr", {}, ...["Version", "", "Rows", "R²", "Sigma", "Judged: own error", "its parent's", "Error of rows shown", ""]
      .map((name, index) => element("th", { scope: "col", class: index > 1 && index < 8 ? "number" : "" }, name)))),
    element("tbody", {}, ...rows.map(([version, sum]) => element("tr", {},
      element("td", {}, version.problem ? version.version : moment(version.time)),
      element("td", {}, badge(version.state, version.active)),
      cell(number(version.rows)), cell(number(version.rSquared)), cell(number(version.sigma)),
      cell(format(version.verdict?.challenger?.error)), cell(format(version.verdict?.champion?.error)),
      cell(sum ? `${format(sum.sum / sum.count)} of ${sum.count}` : "–"),
      element("td", {}, version.active || version.problem ? "" : element("button", {
        type: "button", "data-version": version.version, "aria-label": `Serve the version of ${moment(version.time)}`,
        onclick: () => goBack(version),
      }, "Serve this")))))));
  if (focused) holder.querySelector(`[data-version="${CSS.escape(focused)}"]`)?.focus();
}

// MARK: State

export function showState(list, page) {
  const { ready } = page;
  const part = (one) => (one ? `${one.status}${one.detail ? `: ${one.detail}` : ""}` : "no answer");
  const journal = ready?.journal;
  const pairs = [
    ["Server", ready?.status ?? "no answer"], ["Rows", part(ready?.store)], ["Models", part(ready?.models)],
    ["Journal", journal ? `${part(journal)}, ${journal.rows} rows wait` : "none"],
    ["Page", page.connection],
    ...(page.companions.length ? page.companions.map((one) => [`Companion ${one.name}`, companionWords(one)])
      : [["Companion", "none has reported"]]),
  ];
  if (isNews(list, pairs)) fillPairs(list, pairs);
}

function companionWords(one) {
  const count = (value) => number(value ?? 0);
  const parts = [
    one.detector ? `detector ${one.detector}` : null, `${count(one.events)} events`,
    one.rate === null ? null : `${number(Number(one.rate.toFixed(1)))} a second`,
    `${count((one.pendingMeasurements ?? 0) + (one.pendingOutcomes ?? 0))} pending`, `${count(one.setAside)} set aside`,
    `${count(one.late)} late`, one.lag ? `${count(one.lag)} records behind` : null,
    one.ageSeconds > 10 ? `silent for ${age(one.ageSeconds * 1000)}` : null,
  ];
  return parts.filter(Boolean).join(" · ");
}

const words = {
  trained: (event) => `Training: ${event.verdict}${event.detail ? `. ${event.detail}` : ""}`,
  serving: (event) => `${event.version} serves${event.previous ? `, in place of ${event.previous}` : ""}`,
  rolledBack: (event) => `${event.version} was taken back: ${event.detail}`,
  store: (event) => `The store of ${event.store} is ${event.status === "ok" ? "as it should be again" : `away: ${event.detail}`}`,
};

export function showActivity(list, activity) {
  if (!isNews(list, activity)) return;
  list.replaceChildren(...(activity.length ? activity.map((event) => element("li", {},
    element("time", { dateTime: event.time }, clock(event.time)), element("span", {}, words[event.type](event))))
    : [element("li", {}, element("span", { class: "quiet" }, "Nothing since this page is open."))]));
}
