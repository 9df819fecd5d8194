#!/usr/bin/env bash
# WeasyPrint: below a row header of two rows a PDF/UA names the wrong headers of a cell.
# Expected: <th scope="row" rowspan="2"> is the header of the cells in both of its rows, and the
#   cells of the second row keep the headers of their columns, as in HTML.
# Happens: columns of the second row are counted from its first cell, as if nothing reached into
#   it. Its /Headers lack the row header and name the header of the column before: a screen reader
#   says "Scale: 7" of a result. The row above is right, the page looks right, no warning.
#   The ids that /Headers names are in no /IDTree of the file either, which ISO 32000 demands.
# Seen in: WeasyPrint 70.0 with pdf_variant="pdf/ua-1", read by pikepdf 10.3.0.
# So: repeat the row header in each row, or take a program that knows spans.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check weasyprint==70.0 pikepdf==10.3.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
from importlib.metadata import version

import pikepdf
import weasyprint

PAGE = """<html lang="en"><title>Result</title><table>
<tr><th scope="col">Scale</th><th scope="col">Result</th></tr>
<tr><th scope="row" rowspan="2">Motion</th><td>6</td></tr><tr><td>7</td></tr></table></html>"""
NAMES = ["Scale", "Result", "Motion"]
file = pikepdf.open(io.BytesIO(weasyprint.HTML(string=PAGE).write_pdf(pdf_variant="pdf/ua-1")))
cells = []


def walk(node):
    if isinstance(node, pikepdf.Array):
        for each in node:
            walk(each)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        if node.S in ("/TH", "/TD"):
            cells.append(node)
        if "/K" in node:
            walk(node.K)


root = file.Root.StructTreeRoot
walk(root.K)
headers, values = cells[:3], cells[3:]
by_id = dict(zip([str(each.ID) for each in headers], NAMES, strict=True))
read = [{by_id[str(one)] for one in each.A.Headers} for each in values]
print("WeasyPrint", version("weasyprint"), "with pikepdf", version("pikepdf"))
print("6 stands below", sorted(read[0]), "and 7 below", sorted(read[1]))
assert read[0] == {"Motion", "Result"}
assert read[1] == {"Scale"}, "spans are counted now"
assert "/IDTree" not in root, "the ids can be looked up now"
PYTHON
