"""Feeds the errors that DetectionStudy draws to River's detectors: see Scripts/compare-detectors."""

import subprocess
import sys

from river import drift

STUDY, RUNS = sys.argv[1], int(sys.argv[2])
HORIZON = 2000
CALM_ROWS = 5_000

# Each with what it is fed: ADWIN and Page-Hinkley watch a mean, so that they see a spread only in the size of errors.
RIVER = {
    "Page-Hinkley, 11": (lambda: drift.PageHinkley(delta=0.1, threshold=11, min_instances=1, mode="up"), abs),
    "Page-Hinkley, 26": (lambda: drift.PageHinkley(delta=0.1, threshold=26, min_instances=1, mode="up"), abs),
    "ADWIN, 0.15": (lambda: drift.ADWIN(delta=0.15), abs),
    "ADWIN, 0.002": (lambda: drift.ADWIN(delta=0.002), abs),
    "KSWIN, 0.0001": (lambda: drift.KSWIN(alpha=0.0001, window_size=100, stat_size=30, seed=1), float),
}
# A test of two samples with each row takes a hundred times as long: of so many runs one is made.
SLOW = {"KSWIN, 0.0001": 20}
CHANGES = ["shift:0.5", "shift:1", "shift:2", "shift:3", "spread:1.5", "spread:2", "slope:0.02", "slope:0.1"]
CALM = [("normal", 50), ("normal", 13), ("outliers", 50), ("t3", 50), ("autocorrelated", 50)]
STATED = [1_000_000, 10_000]


def study(*arguments):
    return subprocess.run([STUDY, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def errors(*arguments):
    return [[float(number) for number in line.split()] for line in study("errors", *arguments).splitlines()]


def alarm(make, seen_as, run):
    """The number of the first row with an alarm, counted from 1; None where there is none."""
    detector = make()
    for number, error in enumerate(run, 1):
        detector.update(seen_as(error))
        if detector.drift_detected:
            return number
    return None


def rows_per_alarm(name, runs):
    """A new model, and a new detector, after each alarm."""
    rows = alarms = 0
    for run in runs[: max(1, len(runs) // SLOW.get(name, 1))]:
        place = alarm(*RIVER[name], run)
        rows += place or len(run)
        alarms += place is not None
    return ("" if alarms else "> ") + f"{rows // max(1, alarms):,} ({alarms})"


def delay(name, runs, before):
    found = []
    for run in runs[: max(1, len(runs) // SLOW.get(name, 1))]:
        place = alarm(*RIVER[name], run)
        if place is None or place > before:
            found.append(float("inf") if place is None else place - before)
    if not found:
        return "no run without a false alarm"
    found.sort()
    shown = ["-" if value == float("inf") else f"{value:g}" for value in (found[len(found) // 2], found[len(found) * 9 // 10])]
    missed = 100 * sum(value == float("inf") for value in found) // len(found)
    return " / ".join(shown + ([f"{missed} %"] if missed else []))


def row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def head(cells):
    row(cells)
    print("|" + "---|" * len(cells))


print("Rows between two false alarms (alarms seen):\n")
head(["errors, rows of the fit", *RIVER])
for shape, rows in CALM:
    runs = errors("--shape", shape, "--rows", rows, "--runs", RUNS, "--after", CALM_ROWS, "--seed", 2)
    row([f"{shape} {rows}", *(rows_per_alarm(name, runs) for name in RIVER)])

print(f"\nRows from a change to its alarm: median / 90 % / missed within {HORIZON:,}:\n")
head(["change", *(f"Tare, {stated:,}" for stated in STATED), *RIVER])
for change in CHANGES:
    for before in (500, 50):
        runs = errors("--change", change, "--before", before, "--after", HORIZON, "--runs", RUNS)
        stated = [argument for value in STATED for argument in ("--interval", value)]
        tare = study("delays", *stated, "--runs", RUNS, "--change", change, "--before", before).split("|")[2:-1]
        row([f"{change}, after {before}", *map(str.strip, tare), *(delay(name, runs, before) for name in RIVER)])
