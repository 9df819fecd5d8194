"""The packages in every image, as CycloneDX 1.6: `python -m tools.sbom [IMAGE…]` writes sbom/IMAGE.cdx.json.

Packages of Python are read from their installed metadata in the image, those of Debian from its
package database. Each has its package URL (purl), by which scanners identify it.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from deploy.secrets import SERVICES

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "sbom"
IMAGES = [f"splot-{name}" for name in (*SERVICES, "gateway")]
# Run inside the image, by its own Python.
PACKAGES = """
import json, sys
from importlib.metadata import distributions
json.dump([["pypi", each.metadata["Name"], each.version] for each in distributions()], sys.stdout)
"""
DEBIAN = ["dpkg-query", "--show", "--showformat", "${Package} ${Version} ${Architecture}\n"]


class Package(NamedTuple):
    """One installed package."""

    kind: str
    name: str
    version: str


def packages_in(image: str) -> Iterator[Package]:
    """The packages in an image, by its metadata of Python and its database of Debian."""
    for package in json.loads(_output(image, ["python", "-c", PACKAGES])):
        yield Package(*package)
    for line in _output(image, DEBIAN).splitlines():
        name, version, _ = line.split()
        yield Package("deb", name, version)


def bill_of(image: str, packages: Iterator[Package]) -> str:
    """The bill of materials as JSON; ValueError unless it is valid by the schema of its version."""
    bom = Bom()
    root = Component(name=image, type=ComponentType.CONTAINER, bom_ref=image)
    components = [_component(package) for package in sorted(set(packages))]
    bom.metadata.component = root
    bom.components.update(components)
    bom.register_dependency(root, components)
    bill = JsonV1Dot6(bom).output_as_string(indent=1)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill)
    if fault is not None:
        raise ValueError(f"the bill of {image} is not valid")
    return bill


def _component(package: Package) -> Component:
    name, namespace = package.name, "debian" if package.kind == "deb" else None
    if package.kind == "pypi":
        # The normalised form of a name that indexes and scanners use (PEP 503).
        name = re.sub(r"[-_.]+", "-", name).lower()
    purl = PackageURL(package.kind, namespace, name, package.version)
    return Component(
        type=ComponentType.LIBRARY, name=name, version=package.version, purl=purl, bom_ref=purl.to_string()
    )


def _output(image: str, command: list[str]) -> str:
    entry = ["docker", "run", "--rm", "--network", "none", "--entrypoint", command[0]]
    run = subprocess.run([*entry, image, *command[1:]], capture_output=True, text=True, check=True)
    return run.stdout


def main(images: list[str]) -> None:
    """Write a bill for each of these images, or for all of the platform's."""
    FOLDER.mkdir(exist_ok=True)
    for image in images or IMAGES:
        packages = list(packages_in(image))
        file = FOLDER / f"{image.replace('/', '-')}.cdx.json"
        file.write_text(bill_of(image, iter(packages)), encoding="utf-8")
        sys.stdout.write(f"{file.relative_to(ROOT)}: {len(packages)} packages\n")


if __name__ == "__main__":
    main(sys.argv[1:])
