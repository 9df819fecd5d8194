#!/usr/bin/env bash
# pympi: a word that was said before time zero was said after it.
# Expected: times of a Praat TextGrid are real numbers (Praat manual, "TextGrid file formats"). Praat
#   itself writes negative ones, when zero is set to the moment a picture is shown ("Shift times by"),
#   and powers of ten for rounding errors. Read by Praat, by textgrid or by tgt, the file has the same times.
# Happens: `TextGrid(path)` takes only digits and dots. A minus is dropped without a word: a word that
#   began 0.4 s before zero begins 0.4 s after it, and may end before it begins. -2.8e-17, which is zero,
#   is read as 17 seconds.
# Why here: a child who names the picture before seeing it would get the best reaction time of all.
# Seen in: pympi-ling 1.71, files of praat-parselmouth 0.4.7 (Praat 6.1.38).
# So: shift the times so that none is below zero before saving, or read with textgrid.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pympi-ling==1.71 praat-parselmouth==0.4.7 numpy==2.4.6 textgrid==1.6.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import parselmouth
import pympi
import textgrid
from parselmouth.praat import call


def saved(name: str, begin: float, end: float, shifts: list[float], format: str) -> float:
    """Have Praat write one word, its times moved by `shifts`. Return the begin as Praat reads it back."""
    grid = call("Create TextGrid", 0, 3, "dziecko", "")
    for time in (begin, end):
        call(grid, "Insert boundary", 1, time)
    call(grid, "Set interval text", 1, 2, "kotek")
    for shift in shifts:
        call(grid, "Shift times by", shift)
    call(grid, f"Save as {format} file", name)
    return call(parselmouth.read(name), "Get start time of interval", 1, 2)


def read(name: str) -> tuple[float, float]:
    return next((begin, end) for begin, end, text in pympi.TextGrid(name).tiers[0].intervals if text)


print("pympi-ling", version("pympi-ling"), "Praat", parselmouth.PRAAT_VERSION)
for format in ("text", "short text"):
    praat = saved("obrazek.TextGrid", 0.5, 1.3, [-0.9], format)
    other = next(i.minTime for i in textgrid.TextGrid.fromFile("obrazek.TextGrid")[0] if i.mark)
    begin, end = read("obrazek.TextGrid")
    print(f"{format}: begins at {praat:.1f} for Praat and {other:.1f} for textgrid; pympi: {begin} to {end}")
    assert abs(praat + 0.4) < 1e-9 and abs(other + 0.4) < 1e-9
    assert (begin, end) == (0.4, 0.4), "pympi keeps the minus now"

praat = saved("zero.TextGrid", 0.3, 1.3, [-0.1, -0.2], "text")
begin, end = read("zero.TextGrid")
print(f"rounded: begins at {praat} for Praat; pympi: {begin} to {end}")
assert abs(praat) < 1e-9
assert (begin, end) == (17.0, 1.0), "pympi reads powers of ten now"
PYTHON
