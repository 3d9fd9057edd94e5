// The newest rows as points: a ring of numbers, so that memory does not grow however many rows come.

export const groupsMax = 8;

export class Points {
  constructor(capacity) {
    this.capacity = capacity;
    this.time = new Float64Array(capacity);
    this.error = new Float64Array(capacity);
    this.group = new Uint8Array(capacity);
    this.model = new Uint32Array(capacity);
    this.keys = new Array(capacity);
    this.known = new Set();
    this.groups = [];
    this.models = [];
    this.next = 0;
    this.count = 0;
    this.version = 0;
  }

  /** The number of a group: the last one stands for all further groups. */
  groupOf(name) {
    const at = this.groups.indexOf(name);
    if (at >= 0) return at;
    if (this.groups.length < groupsMax - 1) return this.groups.push(name) - 1;
    this.groups[groupsMax - 1] = "others";
    return groupsMax - 1;
  }

  modelOf(text) {
    const at = this.models.lastIndexOf(text);
    if (at >= 0) return at;
    // Old ones are no longer among the points; their numbers are not used again.
    if (this.models.length > 5000) this.models.fill(null, 0, 4000);
    return this.models.push(text) - 1;
  }

  /** Returns whether the row is new. */
  add({ key, time, error, group, model }) {
    if (this.known.has(key) || !Number.isFinite(time) || !Number.isFinite(error)) return false;
    const at = this.next;
    if (this.count === this.capacity) this.known.delete(this.keys[at]);
    else this.count += 1;
    this.known.add(key);
    this.keys[at] = key;
    this.time[at] = time;
    this.error[at] = error;
    this.group[at] = this.groupOf(group);
    this.model[at] = this.modelOf(model);
    this.next = (at + 1) % this.capacity;
    this.version += 1;
    return true;
  }

  /** Places of the points by time. */
  order() {
    const start = this.count === this.capacity ? this.next : 0;
    const places = new Uint32Array(this.count);
    let isSorted = true;
    for (let i = 0; i < this.count; i += 1) {
      places[i] = (start + i) % this.capacity;
      if (i > 0 && this.time[places[i]] < this.time[places[i - 1]]) isSorted = false;
    }
    return isSorted ? places : places.sort((a, b) => this.time[a] - this.time[b]);
  }

  /** Columns as the chart takes them: times in seconds, then the errors of each group, with null where it has none. */
  columns(order = this.order()) {
    const times = new Array(order.length);
    const errors = Array.from({ length: Math.max(1, this.groups.length) }, () => new Array(order.length).fill(null));
    for (let i = 0; i < order.length; i += 1) {
      times[i] = this.time[order[i]] / 1000;
      errors[this.group[order[i]]][i] = this.error[order[i]];
    }
    return [times, ...errors];
  }

  /** Where another model begins to predict, by time. */
  takeovers(order = this.order()) {
    const found = [];
    for (let i = 1; i < order.length; i += 1) {
      if (this.model[order[i]] !== this.model[order[i - 1]]) {
        found.push({ time: this.time[order[i]] / 1000, model: this.models[this.model[order[i]]] });
      }
    }
    return found.slice(-50);
  }

  /** The mean error of the newest points, of which there may be fewer; null without one. */
  meanOfLast(count, order = this.order()) {
    const last = order.slice(-count);
    return last.length ? last.reduce((sum, at) => sum + this.error[at], 0) / last.length : null;
  }

  /** Mean error and number of points by the time of the model that predicted them. */
  byModel() {
    const sums = new Map();
    for (let at = 0; at < this.count; at += 1) {
      const name = this.models[this.model[at]];
      const sum = sums.get(name) ?? { count: 0, sum: 0 };
      sum.count += 1;
      sum.sum += this.error[at];
      sums.set(name, sum);
    }
    return sums;
  }
}
