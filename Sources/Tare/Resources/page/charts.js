// The charts. uPlot draws the points; bands, marks and lines are drawn into its canvas.
/* global uPlot */
import { groupsMax } from "./points.js";
import { clock } from "./text.js";

const style = () => getComputedStyle(document.documentElement);
const colour = (name) => style().getPropertyValue(name).trim();
const groupColour = (index) => colour(`--g${Math.min(index, groupsMax - 1)}`);

const axes = (format, isTime) => [
  {
    stroke: colour("--quiet"), size: 34, ...(isTime ? { space: 90, values: (_, ticks) => ticks.map((tick) => clock(tick * 1000)) } : {}),
    grid: { stroke: colour("--grid"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 },
  },
  {
    stroke: colour("--quiet"), size: 62, values: (_, ticks) => ticks.map(format),
    grid: { stroke: colour("--grid"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 },
  },
];

const points = (label, index, size, show = true) => ({
  label, show, stroke: groupColour(index), paths: () => null,
  points: { show: true, size, width: 0.01, fill: groupColour(index), stroke: groupColour(index) },
});

/** A chart that is made anew where its groups, the colours or the element's size change, and else only given new data. */
class Chart {
  constructor(holder) {
    this.holder = holder;
    this.plot = null;
    this.made = "";
    new ResizeObserver(() => this.resize()).observe(holder);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.made = "";
      this.redraw?.();
    });
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.holder;
    if (this.plot && width > 0) this.plot.setSize({ width, height });
  }

  draw(names, data, options) {
    const made = JSON.stringify([names, options.key]);
    this.redraw = () => this.draw(names, data, options);
    if (this.plot && made === this.made) return this.plot.setData(data);
    this.made = made;
    this.plot?.destroy();
    const { clientWidth: width, clientHeight: height } = this.holder;
    this.plot = new uPlot({
      width, height, legend: { show: false }, padding: [10, 8, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 9 }, y: false },
      ...options.uPlot, axes: axes(options.format, options.uPlot.scales.x.time),
      series: [{}, ...names.map((name, index) => points(name, index, options.size, options.shown?.(index) ?? true))],
    }, data, this.holder);
  }
}

/** The error of each row over time, with the trainings. */
export class ErrorChart extends Chart {
  constructor(holder, onCursor) {
    super(holder);
    this.marks = { trainings: [], takeovers: [], threshold: null };
    this.onCursor = onCursor;
  }

  show(names, data, { marks, hidden, format, isDense }) {
    this.marks = marks;
    const top = (_, __, most) => [0, Math.max(most ?? 0, (marks.threshold ?? 0) * 1.25, 1e-9) * 1.06];
    this.draw(names, data, {
      key: [[...hidden], isDense], format, size: isDense ? 4 : 6, shown: (index) => !hidden.has(index),
      uPlot: {
        scales: { x: { time: true }, y: { range: (...given) => top(...given) } },
        hooks: {
          drawClear: [(plot) => this.drawBands(plot)], draw: [(plot) => this.drawLines(plot)],
          setCursor: [(plot) => this.onCursor(plot.cursor.idx ?? null)],
        },
      },
    });
    this.top = top;
  }

  /** Moves the cursor by keys. */
  moveTo(index) {
    const at = this.plot?.data[0][index];
    if (at !== undefined) this.plot.setCursor({ left: this.plot.valToPos(at, "x"), top: 10 });
  }

  drawBands(plot) {
    const { ctx: pen, bbox: box } = plot;
    pen.save();
    pen.beginPath();
    pen.rect(box.left, box.top, box.width, box.height);
    pen.clip();
    for (const training of this.marks.trainings) {
      this.band(plot, pen, box, training.oldest, training.newest, colour("--shade"), box.height);
      const height = 18 * (devicePixelRatio || 1);
      for (const [from, to] of training.windows) this.band(plot, pen, box, from, to, colour("--trigger"), height);
    }
    pen.restore();
  }

  band(plot, pen, box, from, to, fill, height) {
    if (!Number.isFinite(from) || !Number.isFinite(to)) return;
    const left = plot.valToPos(from, "x", true);
    pen.fillStyle = fill;
    pen.fillRect(left, box.top, Math.max(2, plot.valToPos(to, "x", true) - left), height);
  }

  drawLines(plot) {
    const { ctx: pen, bbox: box } = plot;
    const scale = devicePixelRatio || 1;
    pen.save();
    pen.beginPath();
    pen.rect(box.left, box.top, box.width, box.height);
    pen.clip();
    pen.font = `${12 * scale}px system-ui, "DejaVu Sans", sans-serif`;
    if (this.marks.threshold !== null) {
      const y = plot.valToPos(this.marks.threshold, "y", true);
      this.line(pen, [box.left, y, box.left + box.width, y], colour("--bad"), [6 * scale, 4 * scale], 1.5 * scale);
      pen.textAlign = "left";
      this.label(pen, "threshold", box.left + 6 * scale, y - 5 * scale, colour("--bad"));
    }
    for (const { time } of this.marks.takeovers) {
      const x = plot.valToPos(time, "x", true);
      this.line(pen, [x, box.top, x, box.top + box.height], colour("--ink"), [], 1.5 * scale);
      this.word(pen, box, scale, "another model predicts", x, 2, colour("--ink"));
    }
    this.marks.trainings.forEach((training, index) => {
      if (!Number.isFinite(training.newest)) return;
      const x = plot.valToPos(training.newest, "x", true);
      const tone = colour(training.isGood ? "--good" : "--bad");
      this.line(pen, [x, box.top, x, box.top + box.height], tone, [2 * scale, 3 * scale], 2 * scale);
      this.word(pen, box, scale, training.label, x, index % 2, tone);
      // Below, where the strip says from when to when.
      if (index === 0) this.bandWords(plot, pen, box, scale, training);
    });
    pen.restore();
  }

  bandWords(plot, pen, box, scale, training) {
    pen.textAlign = "left";
    const start = Math.max(plot.valToPos(training.oldest, "x", true), box.left);
    this.label(pen, "rows of the training", start + 6 * scale, box.top + 34 * scale, colour("--accent"));
    for (const [from, to] of training.windows.slice(0, 1)) {
      const left = Math.max(plot.valToPos(from, "x", true), box.left);
      const isRoom = plot.valToPos(to, "x", true) - left > 110 * scale;
      if (isRoom) this.label(pen, "what triggered it", left + 6 * scale, box.top + 13 * scale, colour("--warn"));
    }
  }

  /** Beside a line, on the side where there is room. */
  word(pen, box, scale, text, x, row, fill) {
    const isRight = x + pen.measureText(text).width + 10 * scale < box.left + box.width;
    pen.textAlign = isRight ? "left" : "right";
    this.label(pen, text, x + (isRight ? 6 : -6) * scale, box.top + (14 + row * 17) * scale, fill);
  }

  line(pen, [fromX, fromY, toX, toY], stroke, dash, width) {
    pen.beginPath();
    pen.strokeStyle = stroke;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.moveTo(fromX, fromY);
    pen.lineTo(toX, toY);
    pen.stroke();
  }

  /** With a rim of the ground, so that it can be read over points. */
  label(pen, text, x, y, fill) {
    pen.setLineDash([]);
    pen.lineWidth = 4;
    pen.strokeStyle = colour("--card");
    pen.strokeText(text, x, y);
    pen.fillStyle = fill;
    pen.fillText(text, x, y);
  }
}

/** Numbers against numbers by group, with a line that says where they should be. */
export class ScatterChart extends Chart {
  /** `rows`: [x, y, group]; `line`: y of the line at an x. */
  show(names, rows, { format, line }) {
    const sorted = rows.toSorted((a, b) => a[0] - b[0]);
    const data = [sorted.map((row) => row[0]), ...names.map((_, index) => sorted.map((row) => (row[2] === index ? row[1] : null)))];
    this.draw(names, data, {
      key: line.name, format, size: 7,
      uPlot: {
        scales: {
          x: { time: false, range: (_, least, most) => padded(least, most) },
          y: { range: (plot, least, most) => line.range(plot, ...padded(least, most)) },
        },
        hooks: {
          draw: [(plot) => drawReference(plot, line)],
        },
      },
    });
  }
}

const padded = (least, most) => {
  if (!Number.isFinite(least) || !Number.isFinite(most)) return [0, 1];
  const room = (most - least || Math.abs(most) || 1) * 0.06;
  return [least - room, most + room];
};

function drawReference(plot, line) {
  const { ctx: pen, bbox: box } = plot;
  const { min, max } = plot.scales.x;
  if (!Number.isFinite(min)) return;
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, box.width, box.height);
  pen.clip();
  pen.beginPath();
  pen.strokeStyle = colour("--quiet");
  pen.lineWidth = 1.2 * (devicePixelRatio || 1);
  pen.moveTo(plot.valToPos(min, "x", true), plot.valToPos(line.at(min), "y", true));
  pen.lineTo(plot.valToPos(max, "x", true), plot.valToPos(line.at(max), "y", true));
  pen.stroke();
  pen.restore();
}

/** Predicted is as measured. */
export const identity = {
  name: "identity", at: (x) => x,
  range: (plot, least, most) => [Math.min(least, plot.scales.x.min ?? least), Math.max(most, plot.scales.x.max ?? most)],
};

/** No residual. */
export const zero = {
  name: "zero", at: () => 0,
  range: (_, least, most) => {
    const size = Math.max(Math.abs(least), Math.abs(most));
    return [-size, size];
  },
};
