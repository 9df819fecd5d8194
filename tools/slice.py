"""The files of a new slice, in the house's style: `python -m tools.slice registry lanterns`.

A slice of one noun with a list, one record and its creation, each within the caller's counties, with
audit record, event and tests. It passes every check, and is a start for the real slice.
"""

import re
import subprocess
import sys
from pathlib import Path
from string import Template

from onebox.stack import services_here

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "tools/templates"
NAME = re.compile(r"[a-z]+(_[a-z]+)*s")
MEMBERS = """\
    READ_${NAME} = "${service}:${address}:read"
    EDIT_${NAME} = "${service}:${address}:edit"
"""
GRANTED = "{P.READ_${NAME}: Reach.OWN_COUNTIES, P.EDIT_${NAME}: Reach.OWN_COUNTIES}\n    | "
ALIASES = """\
CanRead${Things} = Annotated[Caller, requires(Permission.READ_${NAME})]
CanEdit${Things} = Annotated[Caller, requires(Permission.EDIT_${NAME})]
"""
PROBLEM = '''

class ${Thing}NotFound(Problem):
    """There is no such ${thing}."""

    status, title_pl = 404, "Nie ma takiego zasobu (${thing})"
'''
ROUTED = "from services.${service}.${name} import endpoints as ${name}\n"
ASKED = "from tests.${service}.${name} import asks as ${name}\n"
LEFT_TO_DO = """\
services/{service}/{name} is made, and known to main.py, permissions.py, demands.py, problems.py,
pyproject.toml and tests. Next:
  1. models.py and schemas.py: what it is made of; problems.py of the service: its Polish words
  2. permissions.py of the service: who may, and how far (so far the scope {service}:write alone)
  3. make revision service={service} message="create {things}"
  4. make openapi permissions
  5. README.md ("Where do I find") and docs/architecture.md; then make lint test
"""


def words_for(service: str, name: str) -> dict[str, str]:
    """The values of the templates' placeholders."""
    singular = name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s")
    return {
        "service": service,
        "name": name,
        "NAME": name.upper(),
        "one": singular,
        "things": name.replace("_", " "),
        "thing": singular.replace("_", " "),
        "Things": name.title().replace("_", ""),
        "Thing": singular.title().replace("_", ""),
        "address": name.replace("_", "-"),
        "kind": singular.replace("_", "-"),
    }


def files_for(words: dict[str, str]) -> dict[Path, str]:
    """The text of each new file by path."""
    slice_ = Path("services", words["service"], words["name"])
    tests = Path("tests", words["service"], words["name"])
    of_tests = {"asks.py.txt", "test_endpoints.py.txt"}
    return {
        (tests if template.name in of_tests else slice_) / template.stem: Template(
            template.read_text(encoding="utf-8")
        ).substitute(words)
        for template in sorted(TEMPLATES.glob("*.txt"))
    }


def insertions_for(words: dict[str, str]) -> list[tuple[str, str, str]]:
    """Insertions into other files: the file, a pattern that ends at the place, and the text to insert."""
    service = words["service"]
    folder, of_tests = f"services/{service}", f"tests/{service}/test_permissions.py"
    end_of_slices = r"^SLICES.*?(?=^\)$)"
    layers = rf'containers = \["services\.{service}"\]\nlayers = \[\n    "\(main\)",\n'
    return [
        (f"{folder}/permissions.py", "(?=^    READ_EVENTS = )", MEMBERS),
        (f"{folder}/permissions.py", f'^    "{service}:write": ', GRANTED),
        (f"{folder}/demands.py", r"\Z", ALIASES),
        (f"{folder}/problems.py", r"\Z", PROBLEM),
        (f"{folder}/main.py", f"^from services.{service}.permissions import .*?\n", ROUTED),
        (f"{folder}/main.py", end_of_slices, "    ${name},\n"),
        ("pyproject.toml", layers, '    "(${name})",\n'),
        (of_tests, "(?=^from tests.support.matrix)", ASKED),
        (of_tests, end_of_slices, "    ${name},\n"),
    ]


def inserted(text: str, place: str, added: str) -> str:
    """The text with `added` inserted where the pattern `place` ends; LookupError when there is no match."""
    match = re.search(place, text, re.MULTILINE | re.DOTALL)
    if match is None:
        raise LookupError(f"There is no place for {added!r} after {place!r}.")
    return text[: match.end()] + added + text[match.end() :]


def changed_for(words: dict[str, str], root: Path = ROOT) -> dict[Path, str]:
    """The text of every new or changed file by path."""
    texts: dict[Path, str] = {}
    for name, place, added in insertions_for(words):
        path = Path(name)
        text = texts[path] if path in texts else (root / path).read_text(encoding="utf-8")
        texts[path] = inserted(text, place, Template(added).substitute(words))
    return texts | files_for(words)


def main(service: str = "", name: str = "") -> str | None:
    """The error, in one sentence; None when the slice was made."""
    if service not in services_here() or not NAME.fullmatch(name):
        return "usage: make slice service=registry name=lanterns (a noun in the plural, words_joined_so)"
    if (ROOT / "services" / service / name).exists():
        return f"services/{service}/{name} is there already."
    try:
        # All texts are made before one is written: if a place is missing,
        # no file is changed.
        texts = changed_for(words_for(service, name))
    except LookupError as missing:
        return str(missing)
    for path, text in texts.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
    modules = [path for path in texts if path.suffix == ".py"]
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([ruff, "check", "--quiet", "--fix", "--select=I", *modules], cwd=ROOT, check=True)
    subprocess.run([ruff, "format", "--quiet", *modules], cwd=ROOT, check=True)
    sys.stdout.write(LEFT_TO_DO.format(service=service, name=name, things=name.replace("_", " ")))
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
