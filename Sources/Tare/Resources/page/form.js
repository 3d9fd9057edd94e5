// The form that predicts, made from the specification, and its answer with the interval drawn.
import { json } from "./api.js";
import { element, number } from "./text.js";

const confidence = 0.95;

export function drawForm(form, output, page) {
  const { predictors, factor, otherFactors } = page.specification;
  const fields = predictors.map((predictor) => {
    const bounds = { max: predictor.maximum ?? "", min: predictor.minimum ?? predictor.above ?? "" };
    return element("label", {}, predictor.name, element("input", {
      name: predictor.name, type: "number", step: "any", required: true, inputMode: "decimal", ...bounds,
    }));
  });
  for (const one of [...(factor ? [factor] : []), ...otherFactors]) {
    const list = `levels-${fields.length}`;
    fields.push(element("label", {}, one.name,
      element("input", { name: one.name, required: true, maxLength: one.charactersMax, list, autocomplete: "off" }),
      element("datalist", { id: list })));
  }
  form.replaceChildren(...fields, element("button", { class: "primary" }, "Predict"));
  form.addEventListener("focusin", () => suggest(form, page));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    predict(form, output, page);
  });
  output.textContent = "";
}

/** Fills what is empty with the values of a row, as a beginning. */
export function fillForm(form, page, row) {
  const { predictors, factor, otherFactors } = page.specification;
  for (const variable of [...predictors, ...(factor ? [factor] : []), ...otherFactors]) {
    const input = form.elements.namedItem(variable.name);
    if (input.value === "" && row[variable.field] !== null) input.value = row[variable.field];
  }
}

/** Levels that the model knows. */
function suggest(form, page) {
  const { factor, otherFactors } = page.specification;
  const levels = [page.model?.levels ?? [], ...otherFactors.map((one) => page.model?.otherLevels?.[one.name] ?? [])];
  form.querySelectorAll("datalist").forEach((list, index) => {
    const known = levels[factor ? index : index + 1] ?? [];
    if (list.childElementCount !== known.length) {
      list.replaceChildren(...known.map((level) => element("option", { value: level })));
    }
  });
}

async function predict(form, output, page) {
  const query = new URLSearchParams(new FormData(form));
  query.set("interval", confidence);
  try {
    const answer = await json(`prediction?${query}`);
    const { response, fields } = page.specification;
    const value = answer[response.field];
    const notes = [
      answer[fields.unseenLevel] !== undefined ? `the model has not seen ${answer[fields.unseenLevel]}` : null,
      answer.Extrapolated ? "far from the rows of the fit" : null,
    ].filter(Boolean);
    output.replaceChildren(
      element("div", {}, element("b", {}, number(value)), ` ${response.name}, with 95 % between ${number(answer.Lower)} and ${number(answer.Upper)}`),
      interval(answer.Lower, value, answer.Upper),
      element("p", { class: "quiet" }, [`model of ${answer[fields.modelTime]}`, ...notes].join(" · ")));
  } catch (error) {
    output.replaceChildren(element("p", { class: "problem" }, error.message));
  }
}

const svg = (name, attributes, text = "") => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
};

function interval(lower, value, upper) {
  if (![lower, value, upper].every(Number.isFinite)) return "";
  const width = 400;
  const room = (upper - lower || Math.abs(value) || 1) * 0.25;
  const x = (one) => ((one - lower + room) / (upper - lower + 2 * room)) * width;
  const picture = svg("svg", { viewBox: `0 0 ${width} 44`, role: "img", "aria-label": `from ${number(lower)} to ${number(upper)}` });
  picture.append(
    svg("line", { x1: 0, x2: width, y1: 16, y2: 16, stroke: "var(--line)", "stroke-width": 2 }),
    svg("rect", { x: x(lower), y: 10, width: x(upper) - x(lower), height: 12, rx: 6, fill: "var(--shade)", stroke: "var(--accent)" }),
    svg("circle", { cx: x(value), cy: 16, r: 6, fill: "var(--accent)" }),
    ...[[lower, "middle"], [upper, "middle"]].map(([one, anchor]) => svg("text", {
      x: x(one), y: 40, "text-anchor": anchor, "font-size": 12, fill: "var(--quiet)",
    }, number(one))));
  return picture;
}
