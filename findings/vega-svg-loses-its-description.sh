#!/usr/bin/env bash
# Vega-Lite by vl-convert: the SVG of a chart lacks its description, and what it says aloud is English.
# Expected: `description`, which Vega-Lite documents as the text for assistive technology, stands in the
#   SVG (as <desc> or aria-label), and with a Polish format locale the generated labels are Polish.
# Happens: the description is nowhere in the SVG, nor is there a <title>; the title's own label, those of
#   axes and of marks are English sentences around Polish words ("Title text …", "X-axis titled …"), with
#   any locale, though numbers in them follow it. The HTML of the same chart holds the description.
# Seen in: vl-convert-python 1.9.0.post1 with Vega-Lite 5.21 and 6.1.
# So: put <title> and <desc> into the SVG after it is drawn, and hide the marks' labels in languages
#   other than English, or give each mark its `description` by hand.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check vl-convert-python==1.9.0.post1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import re
from importlib.metadata import version

import vl_convert

DESCRIPTION = "Mowa: 12,5 z 20 punktów, poniżej progu."
chart = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "description": DESCRIPTION,
    "title": "Profil rozwoju",
    "data": {"values": [{"obszar": "mowa", "punkty": 12.5}]},
    "mark": "bar",
    "encoding": {
        "x": {"field": "punkty", "type": "quantitative", "title": "Punkty"},
        "y": {"field": "obszar", "type": "nominal", "title": "Obszar"},
    },
}
print("vl-convert-python", version("vl-convert-python"))
for release in ("5.21", "6.1"):
    svg = vl_convert.vegalite_to_svg(chart, vl_version=release, format_locale="pl-PL")
    said = re.findall(r'aria-label="([^"]*)"', svg)
    print(release, *said, sep="\n  ")
    assert DESCRIPTION not in svg, "the SVG has its description now"
    assert not re.search(r"<(title|desc)\b", svg), "the SVG has a title or a description now"
    assert any(label.startswith("X-axis titled") for label in said), "labels of axes are in another language now"
    assert "Title text 'Profil rozwoju'" in [label.replace("&#39;", "'") for label in said]
    assert DESCRIPTION in vl_convert.vegalite_to_html(chart, vl_version=release)
PYTHON
