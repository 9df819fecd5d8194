"""Draws the secrets of a container instance, each into a file of its own: there is no default password.

`python3 -m deploy.secrets` makes what is missing and keeps what is there; it needs nothing but the standard library.
"""

import base64
import json
import os
import secrets
import sys
from pathlib import Path

from deploy.settings import ROOT, settings_of

SERVICES = tuple(
    sorted(main.parent.name for main in (ROOT / "services").glob("*/main.py"))
)
# Those that ask others, each with an account of its own.
ASKING = ("casework", "screening", "training")
# NIST SP 800-186, 3.2.1.3: so many points has the curve.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
WHOLE = """\
# Made by `make up`: the whole platform, with Keycloak and a front with TLS. For the public set DOMAIN to its name,
# and TLS to an address of mail, to which the authority of the certificate writes. Every variable: .env.example;
# secrets are files in .secrets/. With a provider or a front of your own, take that one out of the next line.
COMPOSE_PROFILES=provider,front
ENVIRONMENT=production
DOMAIN=localhost
TLS=internal
PORT=8000
PUBLIC_URL=https://${DOMAIN}
ALLOWED_HOSTS=["${DOMAIN}","localhost","127.0.0.1"]
TRUSTED_PROXIES=["front"]
OIDC_ISSUER=${PUBLIC_URL}/auth/realms/splot
OIDC_JWKS_URL=http://keycloak:8080/auth/realms/splot/protocol/openid-connect/certs
OIDC_TOKEN_URL=http://keycloak:8080/auth/realms/splot/protocol/openid-connect/token
REGISTRY_URL=http://registry:8000
SCREENING_URL=http://screening:8000
CASEWORK_ACCOUNT_ID=casework
SCREENING_ACCOUNT_ID=screening
TRAINING_ACCOUNT_ID=training
"""
DEVELOPMENT = """\
# Made by `ISSUER=development make up` for a first look, with the development issuer that gives anybody a token. For a
# whole platform remove this file and say `make up`. Every variable: .env.example; secrets are files in .secrets/.
COMPOSE_PROFILES=development
ENVIRONMENT=development
PORT=8000
OIDC_ISSUER=http://127.0.0.1:${PORT}/issuer
OIDC_JWKS_URL=http://issuer:8000/issuer/jwks
ISSUER_UPSTREAM=http://issuer:8000
REGISTRY_URL=http://registry:8000
OIDC_TOKEN_URL=http://issuer:8000/issuer/token
ACCOUNT_ID=demo-registry-reader
SCREENING_URL=http://screening:8000
CASEWORK_ACCOUNT_ID=demo-casework
"""


def draw(folder: Path) -> None:
    """Make every secret that is not there yet. The folder is closed to others; its files are readable in a container,
    where the one account that reads them is not the one that made them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    superuser = _secret(folder, "postgres_password")
    _write(
        folder,
        "admin_database_url",
        f"postgresql+asyncpg://postgres:{superuser}@postgres:5432/splot",
    )
    _secret(folder, "cursor_key")
    _secret(folder, "keycloak_database_password")
    _secret(folder, "keycloak_admin_password")
    for service in ASKING:
        _secret(folder, f"{service}_account_secret", like="account_secret")
    _keyring(folder, "casework_keyring")
    _credential_keys(folder, "training_credential_keys")
    for service in SERVICES:
        _secret(folder, f"{service}_audit_key")
        _keyring(folder, f"{service}_webhook_keyring")
        password = _secret(folder, f"{service}_database_password")
        _write(
            folder,
            f"{service}_database_url",
            f"postgresql+asyncpg://{service}_app:{password}@postgres:5432/splot",
        )


def _secret(folder: Path, name: str, like: str = "") -> str:
    path, earlier = folder / name, folder / (like or name)
    if not path.exists():
        # One secret was for several accounts once: it goes on until it is replaced.
        known = earlier.read_text(encoding="ascii") if earlier.exists() else ""
        _write(folder, name, known or secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii")


def _keyring(folder: Path, name: str) -> None:
    # Never drawn anew: without the old keys nobody reads what they sealed.
    if not (folder / name).exists():
        wrapping, index = (
            base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2)
        )
        _write(folder, name, f"wrap 1 {wrapping}\nindex {index}\n")


def _credential_keys(folder: Path, name: str) -> None:
    # Never drawn anew: certificates signed by a key that is gone are no longer valid.
    if not (folder / name).exists():
        # A private number of P-256: below the order of the curve, and never nought.
        number = 1 + secrets.randbelow(P256_ORDER - 1)
        part = base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")
        key = {"kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "d": part}
        _write(folder, name, json.dumps({"keys": [key]}))


def _write(folder: Path, name: str, content: str) -> None:
    path = folder / name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o444)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(content)
    # The umask may have taken rights from the mode that `open` was given.
    path.chmod(0o444)


def main() -> str | None:
    """Secrets in `.secrets/`, and an `.env` where there is none; what is wrong, or None."""
    demo, issuer = os.environ.get("DEMO", ""), os.environ.get("ISSUER", "")
    if demo not in {"", "small"} or issuer not in {"", "development"}:
        return "DEMO is small, ISSUER is development, and nothing else"
    environment = ROOT / ".env"
    if not environment.exists():
        is_first_look = bool(demo or issuer)
        text = DEVELOPMENT if is_first_look else WHOLE
        environment.write_text(text, encoding="utf-8")
        kind = (
            "a first look with the development issuer"
            if is_first_look
            else "the whole platform, with Keycloak and a front with TLS"
        )
        sys.stdout.write(f"made .env: {kind}; its head says how to go on\n")
    if demo and settings_of(environment).get("ENVIRONMENT") != "development":
        return "DEMO sends invented people: it needs ENVIRONMENT=development in .env"
    draw(ROOT / ".secrets")
    return None


if __name__ == "__main__":
    sys.exit(main())
