#!/usr/bin/env bash
# pypdf: of two accessible letters in one file a screen reader hears the first, and the file says
# that it is accessible.
# Expected: PdfWriter.append() joins files, "including outlines"; what a PDF/UA has for those who
#   cannot see comes with its pages, or the claim to be PDF/UA goes.
# Happens: the structure of what is appended is left behind. Appended to an empty writer, all
#   letters lose it; appended to a clone of the first letter, the whole keeps /Marked and the
#   PDF/UA claim of its metadata, has a structure of the first letter, and the pages of the second
#   are in none: they are not read out. No warning, and the pages look right.
# Seen in: pypdf 7.1.1, with letters by WeasyPrint 70.0, read by pikepdf 10.3.0.
# So: let one program make the whole file from its sources, or hand over the letters one by one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypdf==7.1.1 weasyprint==70.0 pikepdf==10.3.0
"$folder/venv/bin/python" -W error::UserWarning - <<'PYTHON'
import io
from importlib.metadata import version

import pikepdf
import pypdf
import weasyprint

PAGE = "<html lang='pl'><title>Świadectwo</title><h1>Świadectwo {0}</h1><p>Dla osoby {0}</p></html>"
letters = [weasyprint.HTML(string=PAGE.format(one)).write_pdf(pdf_variant="pdf/ua-1") for one in "AB"]


def joined(writer, *files):
    for file in files:
        writer.append(io.BytesIO(file))
    written = io.BytesIO()
    writer.write(written)
    return pikepdf.open(io.BytesIO(written.getvalue()))


def headings(node):
    if isinstance(node, pikepdf.Array):
        return sum(map(headings, node))
    if not isinstance(node, pikepdf.Dictionary):
        return 0
    return (node.get("/S") == "/H1") + headings(node.get("/K"))


empty = joined(pypdf.PdfWriter(), *letters)
cloned = joined(pypdf.PdfWriter(clone_from=io.BytesIO(letters[0])), letters[1])
claims = b"pdfuaid" in cloned.Root.Metadata.read_bytes() and bool(cloned.Root.MarkInfo.Marked)
heard = headings(cloned.Root.StructTreeRoot.K)
print("pypdf", version("pypdf"))
print("into an empty writer: pages", len(empty.pages), "structure", "/StructTreeRoot" in empty.Root)
print("onto a clone: pages", len(cloned.pages), "claims PDF/UA", claims, "headings that are read out", heard)
assert "/StructTreeRoot" not in empty.Root, "the structure comes along now"
assert len(cloned.pages) == 2 and claims
assert heard == 1, "both letters are read out now"
PYTHON
