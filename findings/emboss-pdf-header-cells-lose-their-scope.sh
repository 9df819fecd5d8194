#!/usr/bin/env bash
# emboss-pdf: the header cells of a "PDF/UA" table have a Scope where no reader looks for it.
# Expected: ISO 14289-1 (PDF/UA-1), 7.5: where Headers and IDs do not settle a table, each TH shall have the attribute
#   Scope. By ISO 32000-1, 14.7.5 and table 349, that is an entry of an attribute dictionary with the owner Table,
#   which the element names in A (or C): /A << /O /Table /Scope /Column >>. The package's page says "header cells
#   carry /Scope", and each file declares PDF/UA-1 in its metadata.
# Happens: /Scope /Column stands in the structure element itself, whose entries (table 323) know no Scope. There is
#   no A, so by the standard the cells have no scope, and no cell has Headers either. ColSpan in the same package is
#   written into A as it should be. Its own check, verify_pdf, says ok; outloud, a checker of PDF/UA, finds the fault.
# Seen in: emboss-pdf 1.3.1, read with pikepdf 10.18.0.
# Why it matters here: a blind parent hears dates of vaccinations without knowing which column they belong to.
# So: move the entry after rendering, as the loop below does, and check files with a tool of another maker.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check emboss-pdf==1.3.1 pikepdf==10.18.0 outloud==0.2.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pikepdf
from emboss import Document
from emboss.bundled_fonts import register_bundled_fonts
from emboss.pdf.verify import verify_pdf

document = Document(title="Karta szczepień", language="pl-PL")
register_bundled_fonts(document.fonts)
document.table(headers=["Szczepionka", "Data"], rows=[["BCG", "2026-03-02"], ["DTP", "2026-05-04"]])
Path("karta.pdf").write_bytes(content := document.render())


def elements(node, kind: str) -> list[pikepdf.Dictionary]:
    """All structure elements of this kind below `node`."""
    if isinstance(node, pikepdf.Array):
        return [element for child in node for element in elements(child, kind)]
    if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
        return []
    return [node] * (node.S == kind) + elements(node.get("/K"), kind)


def complaints(name: str) -> bool:
    script = Path(sys.executable).parent / "outloud"
    report = subprocess.run([script, name], capture_output=True, text=True).stdout
    return "TBL-002" in report  # header cells without Scope and Headers


with pikepdf.open("karta.pdf") as pdf:
    heads = elements(pdf.Root.StructTreeRoot.K, "/TH")
    keys = [sorted(set(head.keys())) for head in heads]
    says_ua = b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
    for head in heads:  # what the standard wants
        head.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=head.Scope)
        del head["/Scope"]
    pdf.save("naprawiona.pdf")

print("emboss-pdf", version("emboss-pdf"), "outloud", version("outloud"))
print("entries of each TH:", keys)
print("declares PDF/UA-1:", says_ua, " verify_pdf:", verify_pdf(content).ok)
print("outloud misses the scope:", complaints("karta.pdf"), " after the entry has moved:", complaints("naprawiona.pdf"))
assert says_ua and verify_pdf(content).ok
assert len(keys) == 2 and all("/Scope" in entries and "/A" not in entries for entries in keys), "Scope stands in A now"
assert complaints("karta.pdf") and not complaints("naprawiona.pdf"), "the checker judges in another way now"
PYTHON
