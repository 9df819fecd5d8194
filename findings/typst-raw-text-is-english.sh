#!/usr/bin/env bash
# typst: whatever stands in backticks is tagged as English, in a Polish document too.
# Expected: `set text(lang: "pl")` at the top holds for all text; raw text (case numbers,
#   codes, identifiers) is shown in another face and is otherwise text like any other.
# Happens: raw text carries its own language, English, into the tags. A screen reader changes
#   its voice in mid-sentence and reads a case number's letters and digits in English. A
#   paragraph of raw text alone becomes an English paragraph. PDF/UA-1 passes: a language is
#   there, only the wrong one.
# Seen in: typst 0.15.2 (the Python package).
# So: a show rule gives raw text the language of the document (the last case below), and a
#   test looks at /Lang of every tag, not only at that of the catalogue.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check typst==0.15.2 pikepdf==10.18.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
from importlib.metadata import version

import pikepdf
import typst

HEAD = '#set document(title: "Plan")\n#set text(lang: "pl")\n'
BODY = "= Plan\nSprawa `PCPR/12/2026` z dnia 1 października.\n\n`A/7`\n"


def languages(source: str) -> tuple[str, list[tuple[str, str]]]:
    """The language of the document, and every tag that has one of its own."""
    found: list[tuple[str, str]] = []

    def walk(node: object) -> None:
        for child in node if isinstance(node, pikepdf.Array) else [node]:
            if isinstance(child, pikepdf.Dictionary):
                if "/S" in child and "/Lang" in child:
                    found.append((str(child["/S"]), str(child["/Lang"])))
                walk(child.get("/K"))

    pdf = pikepdf.open(io.BytesIO(typst.compile(source.encode(), pdf_standards=["ua-1"])))
    walk(pdf.Root.StructTreeRoot)
    return str(pdf.Root.Lang), found


plain = languages(HEAD + BODY)
told = languages(HEAD + '#show raw: set text(lang: "pl")\n' + BODY)
print("typst", version("typst"))
print("as it is: document", plain[0], "but", plain[1])
print("with a show rule: document", told[0], "and", told[1] or "no other language")
assert plain == ("pl", [("/Code", "en"), ("/P", "en")]), "raw text is in the document's language now"
assert told == ("pl", []), "the show rule no longer helps"
PYTHON
