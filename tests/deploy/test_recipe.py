"""The recipe of every image: nothing but what the lock holds, no root, and no code of others."""

import os
import re
import subprocess
import sys
from pathlib import Path

from deploy.settings import ROOT
from tests.support.services import SERVICES

RECIPE = re.sub(r"^#.*\n", "", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_recipe_installs_by_hash_and_leaves_root() -> None:
    assert RECIPE.count("--require-hashes") == 2
    assert re.findall(r"^USER (.+)$", RECIPE, re.MULTILINE) == ["10001:10001"]
    assert re.findall(r"^FROM (\S+)", RECIPE, re.MULTILINE) == ["python:3.13-slim"] * 3
    assert "HEALTHCHECK" in RECIPE


def test_the_recipe_needs_no_buildkit() -> None:
    assert not re.search(r"RUN --|<<|^ADD ", RECIPE, re.MULTILINE)
    assert set(re.findall(r"COPY --from=(\S+)", RECIPE)) == {"build", "code"}


def test_an_image_holds_the_chassis_and_one_part(tmp_path: Path) -> None:
    """What the recipe does to the code, done here with stand-ins for it."""
    last = RECIPE[RECIPE.rindex("\nFROM ") :]
    copied = [line.split()[1:] for line in last.splitlines() if line.startswith("COPY ")]
    assert copied == [["--from=build", "/venv", "/venv"], ["--from=code", "/images/${SOURCE}", "/"]]
    [making] = re.findall(r"^RUN (compiled\(\).*?done)$", RECIPE, re.MULTILINE | re.DOTALL)
    code, images = tmp_path / "code", tmp_path / "images"
    whole = {"alembic.ini", "deploy/entrypoint", "deploy/healthy.py", "services/__init__.py", "pyproject.toml"}
    parts = {"services/chassis", "gateway", "onebox", *(f"services/{name}" for name in SERVICES)}
    for path in whole | {f"{part}/__init__.py" for part in parts}:
        (code / path).parent.mkdir(parents=True, exist_ok=True)
        (code / path).touch()
    own = making.replace("/images", str(images)).replace("python", sys.executable)
    subprocess.run(["/bin/sh", "-c", own], cwd=code, env={"PATH": os.defpath}, check=True)
    programs = {"usr/local/lib/splot/entrypoint", "usr/local/lib/splot/healthy.py"}
    for part in parts:
        made = {str(path.relative_to(images / part)) for path in (images / part).rglob("*") if path.is_file()}
        packages = {"services", "services/chassis", part}
        sources = {f"app/{package}/__init__.py" for package in packages}
        cached = {path for path in made if "__pycache__" in path}
        assert made - cached == programs | {"app/alembic.ini"} | sources
        assert {path.partition("/__pycache__")[0] for path in cached} == {f"app/{package}" for package in packages}
