// What this page asks of its server. Everything that it shows comes through here.

/** An answer that is not what was asked for. */
export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const place = "tare-token";
let token = sessionStorage.getItem(place) ?? "";
let asking = null;

/** Asks for a token, once for all who wait for it. Rejects where none is given. */
function askForToken(reason) {
  asking ??= new Promise((resolve, reject) => {
    const dialog = document.getElementById("ask");
    const field = document.getElementById("token");
    document.getElementById("ask-text").textContent = reason;
    field.value = "";
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => {
      asking = null;
      if (dialog.returnValue !== "yes" || !field.value) return reject(new Refusal(401, reason));
      token = field.value.trim();
      sessionStorage.setItem(place, token);
      resolve();
    }, { once: true });
    dialog.showModal();
  });
  return asking;
}

/**
 * The answer to a request. Where a token is missing or may not do this, the reader is asked for one.
 * `credentials: omit` keeps the browser from asking in its own way.
 */
export async function call(path, options = {}) {
  for (;;) {
    const used = token;
    const headers = { ...options.headers, ...(used ? { Authorization: `Bearer ${used}` } : {}) };
    const response = await fetch(path, { ...options, headers, credentials: "omit", cache: "no-store" });
    if (response.ok) return response;
    const detail = await problem(response);
    if (response.status !== 401 && response.status !== 403) throw new Refusal(response.status, detail);
    if (used === token) await askForToken(detail);
  }
}

async function problem(response) {
  try {
    return (await response.json()).detail ?? response.statusText;
  } catch {
    return `${response.status} ${response.statusText}`;
  }
}

export async function json(path, options) {
  return (await call(path, options)).json();
}

/** The newest rows, oldest first. */
export async function history(count) {
  const rows = [];
  let before = null;
  while (rows.length < count) {
    const limit = Math.min(1000, count - rows.length);
    const response = await call(`observations?limit=${limit}${before ? `&before=${before}` : ""}`);
    rows.push(...await response.json());
    const link = /<([^>]*)>; rel="next"/.exec(response.headers.get("Link") ?? "");
    if (!link) break;
    before = new URL(link[1], location.href).searchParams.get("before");
  }
  return rows.reverse();
}
