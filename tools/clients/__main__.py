"""Generates and packs the clients: `python -m tools.clients [typescript] [python] [--pack]`.

Generated files are not in the repository: they are as large as the document and follow from it. They are made again
only when the document, this program or a generator's version has changed.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from tools.clients.document import codes, prepared
from tools.clients.python_operations import facade, modules

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs/openapi.json"
TYPESCRIPT, PYTHON = ROOT / "clients/typescript", ROOT / "clients/python"
GENERATED = {"typescript": TYPESCRIPT / "src/generated", "python": PYTHON / "src/splot_client/generated"}
MARK = "Generated from the API document by `make clients`; not to be edited."
# Without scripts: no package runs code of its own during the installation.
QUIETLY = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"]


class CannotGenerate(Exception):
    """A generator cannot be installed on this machine; the text says why."""


def generate(client: str) -> Path:
    """The folder with the generated files of a client, generated again where it is out of date."""
    folder, stamp = GENERATED[client], _stamp(client)
    if not folder.exists() or not (folder / "stamp").exists() or (folder / "stamp").read_text() != stamp:
        document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
        with tempfile.TemporaryDirectory() as temporary:
            output = Path(temporary) / "generated"
            output.mkdir()
            source = Path(temporary) / "openapi.json"
            source.write_text(json.dumps(prepared(document), ensure_ascii=False), encoding="utf-8")
            (_typescript if client == "typescript" else _python)(source, output, codes(document))
            (output / "stamp").write_text(stamp)
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(output, folder)
    return folder


def _stamp(client: str) -> str:
    """A hash of everything that the generated files depend on."""
    lock = TYPESCRIPT / "package-lock.json"
    generator = lock.read_bytes() if client == "typescript" else version("datamodel-code-generator").encode()
    sources = sorted(Path(__file__).parent.glob("*.py"))
    parts = [DOCUMENT.read_bytes(), generator, *[path.read_bytes() for path in sources]]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install() -> None:
    """Install the packages of package-lock.json; CannotGenerate without npm."""
    npm = shutil.which("npm")
    if npm is None:
        raise CannotGenerate("there is no npm here")
    installed = TYPESCRIPT / "node_modules/.package-lock.json"
    lock = TYPESCRIPT / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        if subprocess.run([npm, "ci", *QUIETLY], cwd=TYPESCRIPT, check=False).returncode:
            raise CannotGenerate("npm cannot install what clients/typescript names")
        installed.touch()


def _typescript(source: Path, folder: Path, slugs: list[str]) -> None:
    install()
    program = TYPESCRIPT / "node_modules/.bin/openapi-typescript"
    # The server fills in defaults: a field with a default stays optional for the caller.
    options: list[str | Path] = ["--output", folder / "api.ts", "--default-non-nullable", "false"]
    subprocess.run([program, source, *options], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    kinds = "".join(f'\n  | "{slug}"' for slug in slugs)
    text = f"/** {MARK} */\n\n/** The refusals that the document names. */\nexport type ProblemCode ={kinds};\n"
    (folder / "codes.ts").write_text(text, encoding="utf-8")


def _python(source: Path, folder: Path, slugs: list[str]) -> None:
    program = [sys.executable, "-m", "datamodel_code_generator"]
    options: dict[str, str | Path] = {
        "--input": source,
        "--input-file-type": "openapi",
        "--output": folder / "models.py",
        "--output-model-type": "typing.TypedDict",
        "--target-python-version": "3.11",
        "--formatters": "builtin",
        "--openapi-scopes": "schemas",
        "--custom-file-header": f'"""{MARK}"""',
    }
    flags = ["--disable-timestamp", "--no-use-closed-typed-dict", "--use-schema-description", "--use-field-description"]
    subprocess.run([*program, *[part for pair in options.items() for part in pair], *flags], check=True)
    document = json.loads(source.read_text(encoding="utf-8"))
    texts = modules(document)
    feeds = [service for service in texts if f"/v1/{service}/events" in document["paths"]]
    for service, text in texts.items():
        (folder / f"{service}.py").write_text(text, encoding="utf-8")
    (folder / "services.py").write_text(facade(list(texts), feeds), encoding="utf-8")
    lines = "".join(f'    "{slug}",\n' for slug in slugs)
    literal = f'"""{MARK}"""\n\nfrom typing import Literal, TypeAlias\n\nProblemCode: TypeAlias = Literal[\n{lines}]\n'
    (folder / "codes.py").write_text(literal, encoding="utf-8")
    (folder / "__init__.py").write_text(f'"""{MARK}"""\n', encoding="utf-8")


def pack(client: str) -> None:
    """Build the package of a client: a tarball of npm in its folder, or a wheel in its folder `dist`."""
    if client == "typescript":
        subprocess.run(["npm", "run", "--silent", "build"], cwd=TYPESCRIPT, check=True)
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", "."], cwd=TYPESCRIPT, check=True)
    else:
        uv = Path(sys.executable).parent / "uv"
        subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", PYTHON / "dist", PYTHON], check=True)


def main(arguments: list[str]) -> int:
    """The exit code."""
    clients = [name for name in arguments if name in GENERATED] or list(GENERATED)
    for client in clients:
        try:
            generate(client)
        except CannotGenerate as problem:
            sys.stdout.write(f"clients/{client}: not generated, {problem}\n")
            return 1
        if "--pack" in arguments:
            pack(client)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
