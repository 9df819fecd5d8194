#!/usr/bin/env bash
# typst: a compiler that is given its document as bytes can compile it once.
# Expected: `typst.Compiler(document)` is kept, because making one reads every face, and
#   `compile(sys_inputs=…)` is called for each letter: that is what there is a class for.
# Happens: the first call gives the document, the second one ends in "file not found", naming
#   a file that nobody has. A compiler that was given a path goes on for ever. Whoever tests
#   the first picture only learns of it when a second person asks for one.
# Seen in: typst 0.15.2 (the Python package).
# So: give the bytes again to every call (`compile(input=…)`, the last case below), or a path.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check typst==0.15.2
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import typst

LETTER = b'#set document(title: "List")\n= #sys.inputs.at("name")\n'


def told(compiler: typst.Compiler, **given: object) -> list[str]:
    """What comes of three letters, one after the other."""
    results = []
    for name in ("Ala", "Ola", "Ela"):
        try:
            pdf = compiler.compile(sys_inputs={"name": name}, **given)
            results.append("a document" if bytes(pdf).startswith(b"%PDF") else "something else")
        except Exception as error:
            results.append(str(error).splitlines()[0].partition("(")[0].strip())
    return results


file = Path(sys.argv[1]) / "letter.typ"
file.write_bytes(LETTER)
by_bytes, by_path = told(typst.Compiler(LETTER)), told(typst.Compiler(file))
again = told(typst.Compiler(LETTER), input=LETTER)
print("typst", version("typst"))
print("made of bytes:", by_bytes)
print("made of a path:", by_path)
print("made of bytes, and given them at each call:", again)
assert by_bytes[0] == "a document", "not even the first one is made now"
assert all("not found" in result for result in by_bytes[1:]), "a compiler made of bytes can be reused now"
assert by_path == again == ["a document"] * 3
PYTHON
