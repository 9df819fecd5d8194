#!/usr/bin/env bash
# docx-mailmerge2: SKIPIF leaves out the child of ten, as "10" comes before "7" in the alphabet.
# Expected: by ECMA-376-1, 17.16.5.58, { SKIPIF { MERGEFIELD Order } < 100 } makes no letter where the field holds
#   a number below 100; to compare as text, an expression has to stand in quotation marks. The package names
#   SKIPIF and NEXTIF as supported. So "wiek < 7" skips the child of three alone.
# Happens: <, <=, > and >= compare both sides as text, even if the values are numbers and the template has no
#   quotation marks. The children of ten and twelve are skipped as well: no letter, no warning. Equality is
#   compared as numbers (7 = 7.0), so a first test with = shows nothing.
# Seen in: docx-mailmerge2 1.0.3.
# Why it matters here: a letter to the parents of all children of school age reaches those under ten alone.
# So: choose the rows in Python before the merge; keep no < or > in a template.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check docx-mailmerge2==1.0.3 python-docx==1.2.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import warnings
from importlib.metadata import version

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from mailmerge import MailMerge

AGES = {"Ola": 3, "Jan": 7, "Ewa": 10, "Kuba": 12}


def part(paragraph, tag: str, text: str = "", **attributes: str) -> None:
    element = OxmlElement(tag)
    element.text = text
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    paragraph.add_run()._r.append(element)


def field(paragraph, *codes: str | tuple[str]) -> None:
    """Writes a field; a code in a tuple is a field inside it."""
    part(paragraph, "w:fldChar", fldCharType="begin")
    for code in codes:
        field(paragraph, *code) if isinstance(code, tuple) else part(paragraph, "w:instrText", code)
    part(paragraph, "w:fldChar", fldCharType="separate")
    paragraph.add_run("...")
    part(paragraph, "w:fldChar", fldCharType="end")


def letters(comparison: str) -> list[str]:
    template = docx.Document()
    field(template.add_paragraph(), "SKIPIF ", ("MERGEFIELD wiek",), f" {comparison}")
    field(template.add_paragraph(), "MERGEFIELD imie")
    template.save("wzor.docx")
    with MailMerge("wzor.docx") as merge:
        merge.merge_templates([{"imie": name, "wiek": age} for name, age in AGES.items()], separator="page_break")
        merge.write("listy.docx")
    return [name for paragraph in docx.Document("listy.docx").paragraphs if (name := paragraph.text.strip())]


warnings.simplefilter("error")  # a warning would end the script
print("docx-mailmerge2", version("docx-mailmerge2"), AGES)
seen = {comparison: letters(comparison) for comparison in ("< 7", ">= 12", "= 7.0")}
for comparison, names in seen.items():
    print(f"SKIPIF wiek {comparison:6} letters to", names)
assert seen["= 7.0"] == ["Ola", "Ewa", "Kuba"], "equal numbers are compared as text now"
assert seen["< 7"] == ["Jan"], "ten is over seven now"
assert seen[">= 12"] == ["Ewa"], "three and seven are under twelve now"
PYTHON
