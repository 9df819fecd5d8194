#!/usr/bin/env bash
# docx2python: a postal code that is not to break loses its hyphen.
# Expected: `text` is the text of the document.
# Happens: a non-breaking hyphen (Word's Ctrl+Shift+Hyphen, an element of its own in the file) is left out
#   without a trace: "00-950" is read as 00950, the case "PPP-4-12" as PPP412, "biało-czerwony" as one
#   word. python-docx and mammoth have a hyphen there.
# Seen in: docx2python 3.7.1 (python-docx 1.2.0, mammoth 1.13.0).
# So: take codes and case numbers from python-docx or mammoth (whose hyphen is U+2011).
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


document = Document()
for text in WRITTEN:
    written_with_unbreakable_hyphens(document, text)
document.save("pismo.docx")


def read(path: str) -> list[str]:
    with docx2python(path) as found:
        return [line for line in found.text.split("\n") if line]


with open("pismo.docx", "rb") as file:
    by_mammoth = mammoth.extract_raw_text(file).value.split()
by_python_docx = [paragraph.text for paragraph in Document("pismo.docx").paragraphs]
print("docx2python", version("docx2python"), read("pismo.docx"))
print("python-docx", version("python-docx"), by_python_docx)
print("mammoth", version("mammoth"), by_mammoth)
assert read("pismo.docx") == ["00950", "PPP412", "białoczerwony"], "hyphens are read now"
assert by_python_docx == WRITTEN and by_mammoth == [text.replace("-", "\u2011") for text in WRITTEN]
PYTHON
