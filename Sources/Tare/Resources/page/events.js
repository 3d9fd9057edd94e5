// Server-sent events, read by hand: a browser's own EventSource cannot send a token.
import { call } from "./api.js";

const silence = 40_000;
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Listens for ever, and goes on behind the last event after a break.
 * `onState` is told `live`, `reconnecting` or `polling`: the last where the server could not be listened to twice in turn.
 */
export async function listen(onEvent, onState) {
  let last = "";
  for (let failures = 0; ; failures += 1) {
    const abort = new AbortController();
    try {
      const headers = { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) };
      const response = await call("events", { headers, signal: abort.signal });
      onState("live");
      failures = 0;
      await read(response.body, abort, (event) => {
        last = event.id;
        onEvent(event.type, JSON.parse(event.data));
      });
    } catch (error) {
      // An id of another kind of server: begin anew.
      if (error.status === 400) last = "";
    }
    onState(failures > 1 ? "polling" : "reconnecting");
    await wait(Math.min(500 * 2 ** failures, 8000));
  }
}

async function read(body, abort, onEvent) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const watch = setTimeout(() => abort.abort(), silence);
    const { value, done } = await reader.read().finally(() => clearTimeout(watch));
    if (done) return;
    const blocks = (text + value).split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const event = {};
      for (const line of block.split("\n")) {
        const colon = line.indexOf(": ");
        if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 2);
      }
      if (event.data) onEvent({ id: event.id, type: event.event, data: event.data });
    }
  }
}
