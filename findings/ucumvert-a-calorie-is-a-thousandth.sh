#!/usr/bin/env bash
# ucumvert: 1600 Calories of a nutrition label are 6.7 kJ, a thousandth of what a child eats in a day.
# Expected: UCUM defines [Cal], the Calorie of nutrition labels, as 1 kcal, and g%, gram percent, as 1 g/dL
#   (ucum-essence.xml, version 2.2). The package ships that file, and its page says that all units of UCUM 2.2 are
#   included. So each unit equals its definition in the file.
# Happens: [Cal] is the small calorie, so 1600 [Cal] are 6.7 kJ and not 6694: no error, as both are energies. g% is a
#   mass, "gram times percent": 12 g% of haemoglobin are 0.12 gram. [cft_i], the cubic foot, is a centifoot; ', the
#   minute of an angle, is a minute of time. The script holds each unit against its own definition in the table and
#   lists those that differ (mol, Mx, G, Oe and Gb only because pint sees mole and magnetism in another way).
# Seen in: ucumvert 0.3.2 with pint 0.25.3.
# Why it matters here: menus of nurseries and results of laboratories come with UCUM codes.
# So: ask for "kcal" and "g/dL", which are right, and test each code that you accept against ucum-essence.xml.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ucumvert==0.3.2 pint==0.25.3
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version
from importlib.resources import files
from math import isclose
from xml.etree import ElementTree

from ucumvert import PintUcumRegistry

SPACE = {"u": "http://unitsofmeasure.org/ucum-essence"}
units = PintUcumRegistry()
table = ElementTree.fromstring((files("ucumvert") / "vendor" / "ucum-essence.xml").read_bytes())


def difference(code: str, number: float, definition: str) -> str:
    """Says how a unit differs from `number` times `definition`; empty if it does not."""
    unit, defined = (1 * units.from_ucum(code)).to_base_units(), (number * units.from_ucum(definition)).to_base_units()
    if unit.dimensionality != defined.dimensionality:
        return f"{unit.dimensionality} in place of {defined.dimensionality}"
    ratio = unit.magnitude / defined.magnitude
    return "" if isclose(ratio, 1, rel_tol=0.001) else f"{ratio:.3g} of its value"


wrong: dict[str, str] = {}
for row in table.findall("u:unit", SPACE):
    value = row.find("u:value", SPACE)
    if row.get("isSpecial") != "yes" and (text := difference(row.get("Code"), float(value.get("value")), value.get("Unit"))):
        wrong[row.get("Code")] = f"{row.findtext('u:name', namespaces=SPACE)}: {text}"

print("ucumvert", version("ucumvert"), "pint", version("pint"), "UCUM", table.get("version"))
for code, text in wrong.items():
    print(f"  {code:10}{text}")
menu, right = ((1600 * units.from_ucum(code)).to("kilojoule").magnitude for code in ("[Cal]", "kcal"))
haemoglobin = (12 * units.from_ucum("g%")).to("gram").magnitude
print(f"1600 [Cal] = {menu:.1f} kJ, 1600 kcal = {right:.1f} kJ, 12 g% = {haemoglobin:.2f} g")
assert isclose(right, 6694.4), "kcal has another value now"
assert isclose(menu, 6.6944), "[Cal] is a kilocalorie now"
assert isclose(haemoglobin, 0.12), "g% is a concentration now"
assert {"[Cal]", "g%", "[cft_i]", "'"} <= set(wrong), "the table is followed now"
PYTHON
