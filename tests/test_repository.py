"""What has to be true of the repository as a whole: its documents, its lock, its verbs."""

import json
import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml

from tools import environment

ROOT = Path(__file__).parents[1]
LONGEST_README, LARGEST_BY_HAND = 150, 40_000
# An operator reads one page, from the first command to the last.
LONG_BY_HAND = {"docs/operations.md"}
GENERATED = re.compile(
    r"docs/(openapi|asyncapi)\.json|docs/api/[a-z]+\.json|(services/[a-z]+|gateway/views)/examples\.json|(deploy/patroni/)?requirements\.lock"
    r"|(tools|clients|bench)/[a-z]+/package-lock\.json|bench/results/.+\.json"
)
# Written so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?:^|[^a-z.])/(?:wor[k]|far[m]|roo[t])/")
REGISTRY_HOST = re.compile(
    r"pypi\.or[g]|pythonhosted\.or[g]|npmjs\.(?:or[g]|co[m])|deb\.debian\.or[g]|crates\.i[o]|ghcr\.i[o]"
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
VERB = re.compile(r"^([a-z-]+):.*?(?:## (.+))?$", re.MULTILINE)
PACKAGE = re.compile(r"^([a-z0-9.-]+)==\S+(?: ; [^\\]+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


def tracked() -> list[Path]:
    """Every file that is, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            found.append((path.relative_to(ROOT), content.decode("utf-8")))
    return found


def documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as a reader's browser would know them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_example_environment_names_every_setting() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == environment.render(), "run `make env-example`"


def test_every_setting_says_what_it_is_for() -> None:
    silent = [name for _, fields in environment.sections() for name, field in fields.items() if not field.description]
    assert not silent


def test_the_readme_is_short_and_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) < LONGEST_README
    assert "make run" in readme
    assert "make test" in readme


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (document.parent / name).resolve() if name else document
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_name_verbs_that_exist(document: Path) -> None:
    verbs = {verb for verb, _ in VERB.findall(makefile())}
    text = document.read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^    )(?:[A-Z_]+=\S+ )*make ([a-z-]+)", text, re.MULTILINE)
    assert set(named) <= verbs


def test_nothing_names_a_machine_or_a_package_registry() -> None:
    found = [
        f"{path}:{number}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE_PATH.search(line) or REGISTRY_HOST.search(line)
    ]
    assert not found


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    locked = PACKAGE.findall(lock)
    assert not PACKAGE.sub("", lock).strip(), "every package has its hashes, and nothing else is in the lock"
    assert len({name for name, _ in locked}) > 50


def test_every_direct_dependency_is_locked_and_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(chain(project["dependencies"], *project["optional-dependencies"].values()))
    names = {re.split(r"[\[<>=~ ;]", requirement)[0] for requirement in wanted} - {project["name"]}
    locked = {name for name, _ in PACKAGE.findall((ROOT / "requirements.lock").read_text(encoding="utf-8"))}
    assert names <= locked
    explained = (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8")
    assert not {name for name in names if f"`{name}`" not in explained}


def test_every_verb_of_the_makefile_is_listed() -> None:
    verbs = dict(VERB.findall(makefile()))
    phony = re.search(r"^\.PHONY: (.+)$", makefile(), re.MULTILINE)
    assert phony
    assert {verb for verb in phony[1].split() if not verbs.get(verb)} == set()
    assert {*phony[1].split()} == {*verbs}
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert all(f"make {verb}" in listed for verb in phony[1].split())


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert numbers
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_index_of_decisions_lists_every_record_and_nothing_else() -> None:
    folder = ROOT / "docs/decisions"
    linked = re.findall(
        r"^\| \[[^]]+\]\(([0-9][^)#]+)\)", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert linked == sorted(path.name for path in folder.glob("[0-9]*.md"))


def test_the_licence_is_named_alike_everywhere() -> None:
    licence = re.search(
        r"^SPDX-License-Identifier: (\S+)$", (ROOT / "LICENSE").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert licence
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    documents = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in [ROOT / "docs/openapi.json", *(ROOT / "docs/api").iterdir()]
    ]
    clients = [
        json.loads((ROOT / "clients/typescript/package.json").read_text(encoding="utf-8")),
        tomllib.loads((ROOT / "clients/python/pyproject.toml").read_text(encoding="utf-8"))["project"],
    ]
    assert {client["version"] for client in clients} == {project["version"]}
    named = {package["license"] for package in (project, *clients)}
    # By an address: OpenAPI has that or an identifier, and not both.
    named |= {Path(document["info"]["license"]["url"]).stem for document in documents}
    assert named == {licence[1]}


def test_hooks_before_a_commit_fetch_nothing() -> None:
    """Each is a program that `make setup` installed from the lock."""
    configured = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repository["repo"] for repository in configured["repos"]} == {"local"}
    hooks = [hook for repository in configured["repos"] for hook in repository["hooks"]]
    assert hooks
    assert all(hook["language"] == "system" and hook["entry"].startswith(".venv/bin/") for hook in hooks)


def test_what_others_made_comes_from_packages() -> None:
    """Scripts and data of others come in bulk or with a licence of their own; what we generate is named here."""
    places = {str(path.relative_to(ROOT)): path for path in tracked()}
    named = {place for place in places if re.search(r"\.min\.|licen[cs]e\.|/notice", place, re.IGNORECASE)}
    large = {place for place, path in places.items() if path.stat().st_size > LARGEST_BY_HAND}
    assert not named
    assert {place for place in large if not GENERATED.fullmatch(place)} <= LONG_BY_HAND


FINDINGS = sorted((ROOT / "findings").glob("*.sh"))


@pytest.mark.parametrize("script", FINDINGS, ids=lambda path: path.stem)
def test_a_finding_can_be_run_and_names_its_releases(script: Path) -> None:
    """They are not run here: each installs packages, and none says anything about this platform."""
    subprocess.run(["bash", "-n", script], check=True)
    assert script.stat().st_mode & 0o111
    text = script.read_text(encoding="utf-8")
    assert "\nset -euo pipefail\n" in text
    # A finding about two releases installs both.
    installs = re.findall(r"pip\" install --quiet --disable-pip-version-check (.+)", text)
    assert installs
    assert all("==" in package for install in installs for package in install.split())


def test_the_table_of_findings_lists_every_script() -> None:
    table = (ROOT / "findings/README.md").read_text(encoding="utf-8")
    assert FINDINGS
    assert re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", table, re.MULTILINE) == [path.name for path in FINDINGS]


def test_what_is_checked_begins_with_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert script.index("make test") < script.index("make lint") < script.index("make compose-smoke")
