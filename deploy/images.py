"""The files of an image: their digest, what differs between two, and whose code is in it. Standard library only.

`python3 -m deploy.images IMAGE` prints the digest, `… IMAGE OTHER` what differs; two
builds of one revision have to be the same.
"""

import hashlib
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

# The engine puts these into every container; no image holds them.
OF_THE_ENGINE = {
    ".dockerenv",
    "etc/hostname",
    "etc/hosts",
    "etc/mtab",
    "etc/resolv.conf",
}

Files = dict[str, str]
"""Each path with what it holds: kind, rights, owner, and digest or target."""


def files_of(image: str) -> Files:
    """Everything in an image, without times, which differ with every build."""
    with _exported(image) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        return {
            entry.name: " ".join(_described(archive, entry))
            for entry in archive
            if entry.name not in OF_THE_ENGINE
        }


def digest_of(files: Mapping[str, str]) -> str:
    """One digest of all of them."""
    lines = sorted(f"{path}\0{held}\n" for path, held in files.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def difference(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The paths that only one of them has, or that hold something else."""
    return sorted(
        path for path in one.keys() | other.keys() if one.get(path) != other.get(path)
    )


def parts_in(files: Mapping[str, str]) -> set[str]:
    """The parts of the platform whose code is in an image: `services/registry`, `gateway`, …"""
    parts = set()
    for path in files:
        folder, _, rest = path.removeprefix("app/").partition("/")
        if path.startswith("app/") and rest and rest.endswith((".py", ".pyc")):
            name = rest.partition("/")[0]
            is_own = folder == "services" and "." not in name and name != "__pycache__"
            parts.add(f"services/{name}" if is_own else folder)
    return parts - {"services"}


@contextmanager
def _exported(image: str) -> Iterator[IO[bytes]]:
    command = ["docker", "create", image]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    container = made.stdout.strip()
    export = ["docker", "export", container]
    try:
        with subprocess.Popen(export, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None  # noqa: S101 - asked for above
            yield process.stdout
    finally:
        subprocess.run(["docker", "rm", container], capture_output=True, check=True)


def _described(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> Iterator[str]:
    yield from (entry.type.decode(), f"{entry.mode:o}", f"{entry.uid}:{entry.gid}")
    content = archive.extractfile(entry) if entry.isfile() else None
    if content is not None:
        yield hashlib.sha256(content.read()).hexdigest()
    elif entry.linkname:
        yield entry.linkname


def main(images: list[str]) -> str | None:
    """What is wrong; None where nothing is."""
    held = [files_of(image) for image in images]
    for image, files in zip(images, held, strict=True):
        sys.stdout.write(f"{digest_of(files)}  {image} ({len(files)} files)\n")
    differing = difference(*held) if len(held) == 2 else []
    return "\n".join(["They differ in", *differing]) if differing else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
