"""What the overlays for Kubernetes come to, object by object."""

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.services import SERVICES

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
JOBS = [f"migrate-{name}" for name in SERVICES]
OVERLAYS = ("production", "demo")
Object = dict[str, Any]


@cache
def built(overlay: str) -> tuple[Object, ...]:
    """Every object of an overlay, as a cluster would be given it."""
    folder = ROOT / "deploy/kubernetes/overlays" / overlay
    if kustomize := shutil.which("kustomize"):
        command = [kustomize, "build", str(folder)]
    elif kubectl := shutil.which("kubectl"):
        command = [kubectl, "kustomize", str(folder)]
    else:
        pytest.skip("neither kustomize nor kubectl is here")
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return tuple(yaml.safe_load_all(printed))


def of_kind(kind: str, overlay: str = "production") -> dict[str, Any]:
    return {each["metadata"]["name"]: each for each in built(overlay) if each["kind"] == kind}


def pods(overlay: str = "production") -> Iterator[tuple[str, Object]]:
    for each in built(overlay):
        if each["kind"] in {"Deployment", "Job"}:
            yield each["metadata"]["name"], each["spec"]["template"]["spec"]


def pod(name: str, overlay: str = "production") -> Object:
    return dict(pods(overlay))[name]


def variables(name: str, overlay: str = "production") -> dict[str, str]:
    [program] = pod(name, overlay)["containers"]
    maps = of_kind("ConfigMap", overlay)
    found: dict[str, str] = {}
    for source in program.get("envFrom", ()):
        found |= maps[source["configMapRef"]["name"]]["data"]
    return found


def mounted_secrets(spec: Object) -> dict[str, str]:
    """The name of each secret by the file that it becomes under /run/secrets."""
    [volume] = [each for each in spec["volumes"] if each["name"] == "secrets"]
    sources = [each["secret"] for each in volume.get("projected", {"sources": []})["sources"]]
    return {item["path"]: source["name"] for source in sources for item in source["items"]}


def bytes_of(written: str) -> int:
    units = {"m": 2**20, "g": 2**30, "Mi": 2**20, "Gi": 2**30}
    return next(int(written.removesuffix(unit)) * size for unit, size in units.items() if written.endswith(unit))
