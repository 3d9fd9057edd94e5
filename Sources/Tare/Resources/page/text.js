// Numbers, times and elements. Text from outside is only ever set as text, never as HTML.

export const number = (value) => {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
};

export const percent = (value) => (Number.isFinite(value) ? `${Number((value * 100).toPrecision(3))} %` : "–");

export const clock = (time) => new Date(time).toLocaleTimeString("sv-SE");

/** Year first, as everybody reads it. */
export const moment = (time) => new Date(time).toLocaleString("sv-SE");

export const age = (milliseconds) => {
  if (!Number.isFinite(milliseconds)) return "–";
  const seconds = Math.max(0, milliseconds / 1000);
  if (seconds < 1.5) return "now";
  for (const [name, size] of [["d", 86_400], ["h", 3600], ["min", 60]]) {
    if (seconds >= 2 * size || (name === "min" && seconds >= 60)) return `${Math.floor(seconds / size)} ${name}`;
  }
  return `${Math.floor(seconds)} s`;
};

export const ago = (milliseconds) => {
  const words = age(milliseconds);
  return words === "now" || words === "–" ? words : `${words} ago`;
};

/** An element with text or further elements in it. */
export function element(name, properties = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") made.className = value;
    else if (key in made && key !== "list") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...content.filter((part) => part !== null && part !== undefined));
  return made;
}

/** Fills a `dl` with pairs of a name and a value; what is already there with these words is left alone. */
export function fillPairs(list, pairs) {
  list.replaceChildren(...pairs.filter(([, value]) => value !== null).flatMap(([name, value]) => [
    element("dt", {}, name), element("dd", {}, value),
  ]));
}
