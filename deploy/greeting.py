"""What `make up` says in the end: where the platform is, how to get a token, how to load a register.

Standard library only: what it names is made by `make setup`, which containers do not need.
"""

import sys
from collections.abc import Mapping

from deploy.settings import DEFAULT_PORT, settings_of

DEVELOPMENT = """\

Platform       {url}/
Documentation  {url}/docs
A first token  .venv/bin/python -m onebox token --url {url} --role registry_editor
A register     .venv/bin/python -m onebox load FILE --as terc --url {url}

`make setup` makes .venv. Whoever asks gets a token here: this is for development ({file} says how to go on).
"""
ELSEWHERE = """\

Platform       {url}/ (answers to the names in ALLOWED_HOSTS)
Documentation  {url}/docs
A first token  your identity provider gives it: {issuer}
A register     curl -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \\
                 -H "Content-Type: text/csv" --data-binary @FILE '{url}/v1/registry/territory-imports?format=terc'

The answer to the last names the job that is at work.
"""


def greeting(settings: Mapping[str, str]) -> str:
    """The whole text, for an instance with these settings."""
    url = f"http://127.0.0.1:{settings.get('PORT') or DEFAULT_PORT}"
    profiles = settings.get("COMPOSE_PROFILES", "").split(",")
    if "front" in profiles:
        url = settings.get("PUBLIC_URL") or url
    has_issuer = "development" in profiles
    text = DEVELOPMENT if has_issuer else ELSEWHERE
    return text.format(url=url, issuer=settings.get("OIDC_ISSUER", ""), file=".env")


if __name__ == "__main__":
    sys.stdout.write(greeting(settings_of()))
