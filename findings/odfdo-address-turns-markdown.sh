#!/usr/bin/env bash
# odfdo: an e-mail address in a cell comes out in Markdown.
# Expected: the value of a text cell is the text that the cell shows. Spreadsheet programs turn an e-mail
#   address into a link as soon as it is typed, and show it unchanged.
# Happens: `value`, `get_value`, `get_values` and `to_csv` give "[poradnia@example.org](mailto:poradnia@example.org)"
#   for it, while other markup in a cell (a span of text) is left out. So a list of institutions compares
#   unequal to itself where a program made a link, and a copy of its values has brackets in the text.
#   python-calamine reads the address from the same file.
# Seen in: odfdo 3.27.3 (python-calamine 0.9.1).
# So: where a cell may hold links, take their own text, as below, or read values with python-calamine.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check odfdo==3.27.3 python-calamine==0.9.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from odfdo import Cell, Document, Element, Row, Table
from python_calamine import CalamineWorkbook

ADDRESS = "poradnia@example.org"
PARAGRAPHS = [
    ADDRESS,
    f'<text:a xlink:type="simple" xlink:href="mailto:{ADDRESS}">{ADDRESS}</text:a>',
    "<text:span>ważne</text:span> pismo",
]

document = Document("spreadsheet")
document.body.clear()
row = Row()
for paragraph in PARAGRAPHS:
    row.append(Element.from_tag(
        f'<table:table-cell office:value-type="string"><text:p>{paragraph}</text:p></table:table-cell>'
    ))
table = Table("Placówki")
table.append(row)
document.body.append(table)
document.save("lista.ods")

table = Document("lista.ods").body.tables[0]
values = table.get_values()[0]
linked: Cell = table.get_cell("B1")
shown = CalamineWorkbook.from_path("lista.ods").get_sheet_by_index(0).to_python()[0]
own = [link.text for link in linked.get_elements("descendant::text:a")]
print("odfdo", version("odfdo"))
print("get_values:", values)
print("to_csv:    ", table.to_csv().strip())
print("python-calamine", version("python-calamine"), shown)
print("text of the link itself:", own)
assert shown == [ADDRESS, ADDRESS, "ważne pismo"]
assert values[0] == ADDRESS and values[2] == "ważne pismo"
assert values[1] == linked.value == linked.get_value() == f"[{ADDRESS}](mailto:{ADDRESS})", "an address is an address now"
assert f"[{ADDRESS}](mailto:{ADDRESS})" in table.to_csv()
assert own == [ADDRESS]
PYTHON
