"""`make rotate KEY=…`: one step of changing a key of `.secrets/`. Standard library only.

Files change here; what is to be done next is printed, and docs/operations.md has the whole of it.
"""

import base64
import json
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.secrets import P256_ORDER
from deploy.settings import ROOT


class CannotRotate(ValueError):
    """The step cannot be made; the text says why."""


def added(keyring: str) -> str:
    """A keyring with a new wrapping key that opens, and does not wrap yet."""
    lines = keyring.splitlines()
    if _waiting(lines):
        raise CannotRotate("a new key is there already: STEP=use")
    places = [place for place, line in enumerate(lines) if line.startswith("wrap ")]
    numbers = [int(lines[place].split()[1]) for place in places]
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    lines.insert(places[-1], f"wrap {max(numbers) + 1} {key}")
    return _text(lines)


def used(keyring: str) -> str:
    """A keyring whose newest key wraps from now on."""
    lines = keyring.splitlines()
    newest = _waiting(lines)
    if newest is None:
        raise CannotRotate("there is no new key: STEP=add")
    lines.remove(newest)
    last = max(place for place, line in enumerate(lines) if line.startswith("wrap "))
    lines.insert(last + 1, newest)
    return _text(lines)


def dropped(keyring: str) -> str:
    """A keyring with the key that wraps alone."""
    lines = keyring.splitlines()
    if _waiting(lines):
        raise CannotRotate("the new key is not used yet: STEP=use")
    wrapping = [line for line in lines if line.startswith("wrap ")]
    if len(wrapping) == 1:
        raise CannotRotate("there is one wrapping key alone")
    return _text([line for line in lines if line not in wrapping[:-1]])


def _waiting(lines: list[str]) -> str | None:
    """The newest wrapping key, where it is not the last line of its kind."""
    wrapping = [line for line in lines if line.startswith("wrap ")]
    newest = max(wrapping, key=lambda line: int(line.split()[1]))
    return None if newest == wrapping[-1] else newest


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def with_another(key_set: str) -> str:
    """A set of keys for certificates with a new one at its end, which signs."""
    keys = json.loads(key_set)["keys"]
    # A private number of P-256: below the order of the curve, and never nought.
    number = 1 + secrets.randbelow(P256_ORDER - 1)
    part = base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")
    name = str(max(int(key["kid"]) for key in keys) + 1)
    key = {"kty": "EC", "crv": "P-256", "kid": name, "use": "sig", "d": part}
    return json.dumps({"keys": [*keys, key]})


def drawn(_: str) -> str:
    """Another random secret."""
    return secrets.token_urlsafe(32)


KEYRING: Mapping[str, Callable[[str], str]] = {
    "add": added,
    "use": used,
    "drop": dropped,
}
NEXT = {
    "add": "restart the services that read it, then STEP=use",
    "use": "restart them again, wrap everything anew (docs/operations.md, Keys), then STEP=drop",
    "drop": "restart them; keep the old file apart as long as backups that it opens",
}


def step_of(name: str, step: str) -> tuple[Callable[[str], str], str]:
    """What is done with the file of that name, and what comes next."""
    if name.endswith("keyring"):
        if step not in KEYRING:
            raise CannotRotate(f"{name} is changed in steps: STEP=add, use, drop")
        return KEYRING[step], NEXT[step]
    if name.endswith("credential_keys"):
        return with_another, "restart training: the new key signs, the others verify"
    if name.endswith("_audit_key"):
        return drawn, (
            "add the verifier key of before to AUDIT_EARLIER_VERIFIERS in .env, and"
            f" restart {name.removesuffix('_audit_key')}"
        )
    if name == "cursor_key":
        return (
            drawn,
            "restart the services: pages and feeds that were begun are begun anew",
        )
    raise CannotRotate(f"{name} is not rotated here: see docs/operations.md, Keys")


def rotate(folder: Path, name: str, step: str) -> str:
    """Change the file; what comes next."""
    path = folder / name
    if Path(name).name != name or not path.is_file():
        raise CannotRotate(f"there is no {path}: KEY names a file of {folder}")
    changed, then = step_of(name, step)
    text = changed(path.read_text(encoding="ascii"))
    # The one of before stays beside until somebody has put it where it belongs.
    before = path.with_name(f"{name}.before")
    before.write_bytes(path.read_bytes())
    before.chmod(0o400)
    fresh = path.with_name(f"{name}.new")
    fresh.write_text(text, encoding="ascii")
    fresh.chmod(0o444)
    fresh.replace(path)
    return then


def main() -> int:
    """0 when the step is made."""
    name, step = os.environ.get("KEY", ""), os.environ.get("STEP", "")
    try:
        then = rotate(ROOT / ".secrets", name, step)
    except CannotRotate as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    sys.stdout.write(f"{name} is changed, {name}.before is what it was. Now {then}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
