#!/usr/bin/env bash
# docx-mailmerge2: with the Polish number format "0,00" 1234.56 zł is printed as "1,235 zł", which reads as 1.235.
# Expected: the number format \# of a field is written with the decimal symbol of the place where the template is
#   made (Word's help on the Numeric Picture switch), so in Polish Word "0,00" or "# ##0,00". ECMA-376-1, 17.15.1.23,
#   lets the file say so: with <w:decimalSymbol w:val=","/> in its settings the comma is the radix point of all its
#   fields, wherever it is read. The package's page says that formats are respected "when compatible" and nothing on
#   the comma. So 1234.56 is "1234,56", or a warning says that it cannot be.
# Happens: the settings are not read; the comma is always a thousands separator, the point alone is decimal. "0,00" is
#   then a number of three digits without decimals: 1234.56 is "1,235", 980.50 is "980", 9.60 is "010". "# ##0,00"
#   prints the whole number and then the rest of the format. No warning. The switch "0.00" gives "1234.56", with a
#   point, whatever the settings say.
# Seen in: docx-mailmerge2 1.0.3.
# Why it matters here: notices of fees and refunds are made from templates that an office has written in Polish Word.
# So: give the amount as text that Python has formatted, and take the switch \# out of the template.
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


def template(number_format: str) -> None:
    document = docx.Document()
    settings = document.settings.element
    settings.find(qn("w:decimalSymbol")).set(qn("w:val"), ",")
    settings.find(qn("w:listSeparator")).set(qn("w:val"), ";")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), rf' MERGEFIELD kwota \# "{number_format}" ')
    text = OxmlElement("w:t")
    text.text = "..."
    field.append(OxmlElement("w:r"))
    field[0].append(text)
    document.add_paragraph("Do zapłaty: ")._p.append(field)
    document.save("wzor.docx")


def printed(number_format: str, amount: float) -> str:
    template(number_format)
    with MailMerge("wzor.docx") as merge:
        merge.merge(kwota=amount)
        merge.write("pismo.docx")
    return docx.Document("pismo.docx").paragraphs[-1].text.removeprefix("Do zapłaty: ")


warnings.simplefilter("error")  # a warning would end the script
print("docx-mailmerge2", version("docx-mailmerge2"), "with decimalSymbol ','")
FORMS, AMOUNTS = ("0,00", "0,00 zł", "# ##0,00", "0.00"), (9.6, 980.5, 1234.56)
seen = {(form, amount): printed(form, amount) for form in FORMS for amount in AMOUNTS}
for (form, amount), text in seen.items():
    print(f'  \\# "{form}"'.ljust(16), f"{amount:8.2f} -> {text!r}")
assert seen["0.00", 980.5] == "980.50", "the point follows the settings now"
assert seen["0,00", 980.5] == "980", "980,50 keeps its grosze now"
assert seen["0,00", 9.6] == "010", "9,60 is another text now"
assert seen["0,00 zł", 1234.56] == "1,235 zł", "1234,56 is another text now"
assert seen["# ##0,00", 1234.56] == "1235 ##0,00", "a group of digits is read now"
PYTHON
