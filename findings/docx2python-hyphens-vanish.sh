#!/usr/bin/env bash
# docx2python: a postal code that is not to break loses its hyphen, and styled points lose their numbers.
# Expected: `text` is the text of the document, and "numbered lists" come out with their numbers ("1)").
# Happens: a non-breaking hyphen (Word's Ctrl+Shift+Hyphen, an element of its own in the file) is left out
#   without a trace: "00-950" is read as 00950, the case "PPP-4-12" as PPP412, "biało-czerwony" as one
#   word. python-docx and mammoth have a hyphen there. Points numbered by hand in the paragraph have
#   their numbers; points numbered by their style ("List Number") have none, so "see point 2" points
#   nowhere. mammoth makes a numbered list of both.
# Seen in: docx2python 3.7.1 (python-docx 1.2.0, mammoth 1.13.0).
# So: take codes and case numbers from python-docx or mammoth (whose hyphen is U+2011), and lists from
#   mammoth.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check docx2python==3.7.1 python-docx==1.2.0 mammoth==1.13.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import mammoth
from docx import Document
from docx.oxml import OxmlElement
from docx2python import docx2python

WRITTEN = ["00-950", "PPP-4-12", "biało-czerwony"]


def written_with_unbreakable_hyphens(document: Document, text: str) -> None:
    run = document.add_paragraph().add_run()
    for number, part in enumerate(text.split("-")):
        if number:
            run._r.append(OxmlElement("w:noBreakHyphen"))
        piece = OxmlElement("w:t")
        piece.text = part
        run._r.append(piece)


def numbered_in_the_paragraph(document: Document, text: str) -> None:
    style = document.styles["List Number"].element
    properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = style.pPr.numPr.numId.val


document = Document()
for text in WRITTEN:
    written_with_unbreakable_hyphens(document, text)
document.save("pismo.docx")

points = Document()
for text in ("rewalidacja", "logopeda"):
    points.add_paragraph(text, style="List Number")
points.save("styl.docx")
points = Document()
for text in ("rewalidacja", "logopeda"):
    numbered_in_the_paragraph(points, text)
points.save("akapit.docx")


def read(path: str) -> list[str]:
    with docx2python(path) as found:
        return [line for line in found.text.split("\n") if line]


def html(path: str) -> str:
    with open(path, "rb") as file:
        return mammoth.convert_to_html(file).value


with open("pismo.docx", "rb") as file:
    by_mammoth = mammoth.extract_raw_text(file).value.split()
by_python_docx = [paragraph.text for paragraph in Document("pismo.docx").paragraphs]
print("docx2python", version("docx2python"), read("pismo.docx"))
print("python-docx", version("python-docx"), by_python_docx)
print("mammoth", version("mammoth"), by_mammoth)
print("numbered in the paragraph:", read("akapit.docx"), "mammoth:", html("akapit.docx"))
print("numbered by the style:    ", read("styl.docx"), "mammoth:", html("styl.docx"))
assert read("pismo.docx") == ["00950", "PPP412", "białoczerwony"], "hyphens are read now"
assert by_python_docx == WRITTEN and by_mammoth == [text.replace("-", "\u2011") for text in WRITTEN]
assert [line.strip() for line in read("akapit.docx")] == ["1)\trewalidacja", "2)\tlogopeda"]
assert read("styl.docx") == ["rewalidacja", "logopeda"], "numbers of a style are read now"
assert html("styl.docx") == html("akapit.docx") == "<ol><li>rewalidacja</li><li>logopeda</li></ol>"
PYTHON
