#!/usr/bin/env bash
# pyxform: default_language "pl" matches no "Polski (pl)", and the form then has no default.
# Expected: with columns label::English (en) and label::Polski (pl) the setting
#   default_language = pl (or a name that does not exist) picks Polish or is an error.
# Happens: the setting has to repeat the whole name of the column. Otherwise no translation
#   is marked as the default, so the first column, here English, is what devices open with. No
#   warning comes with it. A label left empty in one language becomes a hyphen; the warning
#   tells of a column that is missing as a whole, never of a single empty cell.
# Seen in: pyxform 4.5.0.
# So: check a converted form for exactly one default="true()" and for values of "-" before an
#   instrument goes to parents.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyxform==4.5.0
"$folder/venv/bin/python" - <<'PYTHON'
import re
from importlib.metadata import version

from pyxform.xls2xform import convert

SURVEY = """
| survey |
| | type | name | label::English (en) | label::Polski (pl) |
| | integer | age | Age in months | Wiek w miesiącach |
| | note | thanks | Thank you | |
| settings |
| | default_language |
| | {language} |
"""


def converted(language: str) -> tuple[list[str], list[str], list[str]]:
    """The translations marked as default, those with a hyphen, and the warnings."""
    form = convert(SURVEY.format(language=language))
    found = re.findall(r"<translation (.*?)>(.*?)</translation>", form.xform, re.DOTALL)
    default = [name for name, _ in found if "default=" in name]
    return default, [name for name, texts in found if "<value>-</value>" in texts], form.warnings


print("pyxform", version("pyxform"))
outcomes = {language: converted(language) for language in ("Polski (pl)", "pl", "polski (pl)")}
for language, (default, hyphens, warnings) in outcomes.items():
    print(f"default_language {language!r}: default {default or 'none'}, hyphens in {hyphens}, warnings {warnings}")
assert len(outcomes["Polski (pl)"][0]) == 1
assert outcomes["pl"][0] == outcomes["polski (pl)"][0] == [], "the code of a language is understood now"
assert all('lang="Polski (pl)"' in hyphens[0] for _, hyphens, _ in outcomes.values()), "empty labels stay empty now"
assert not any(warnings for _, _, warnings in outcomes.values()), "there are warnings now"
PYTHON
