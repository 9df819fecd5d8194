"""The container set-up keeps its promises: no root, no default password, nothing published but the front."""

import base64
import json
import os
import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from deploy.secrets import ASKING, DEVELOPMENT, draw
from onebox.postgres import COLLATION
from services.chassis.serving.server import GuardedProtocol
from services.chassis.trust.vault import keyring_of
from services.training.credential_keys import read_keys
from tests.support.services import SERVICES as HERE

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
RECIPE = re.sub(r"^#.*\n", "", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
ENTRYPOINT = re.sub(r"#.*", "", (ROOT / "deploy/entrypoint").read_text(encoding="utf-8"))
SERVICES = sorted(COMPOSE["services"])
# What others made: a database, a proxy, and a program for the database.
OURS = [name for name in SERVICES if name not in {"postgres", "front", "migrate-keycloak"}]


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_has_no_more_rights_than_it_needs(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["pids_limit"]
    assert not {"privileged", "network_mode", "pid", "ipc", "devices"} & service.keys()
    assert not [volume for volume in service.get("volumes", []) if volume.startswith((".", "/", "~"))]


def test_the_containers_database_knows_letters_and_sorts_as_the_embedded_one_does() -> None:
    arguments = COMPOSE["services"]["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert arguments == ["--data-checksums", *COLLATION]


def test_the_front_gets_back_what_its_program_asks_for_and_no_more() -> None:
    assert COMPOSE["services"]["front"]["cap_add"] == ["NET_BIND_SERVICE"]
    assert "cap_add" not in COMPOSE["services"]["migrate-keycloak"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_get_no_capability_back(name: str) -> None:
    assert "cap_add" not in COMPOSE["services"][name]
    assert "user" not in COMPOSE["services"][name], "the image's own account is the right one"


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_an_environment(name: str) -> None:
    variables = COMPOSE["services"][name].get("environment", {})
    secret = {key for key in variables if re.search(r"PASSWORD|SECRET|KEY|DATABASE_URL", key)}
    assert {key for key in secret if not key.endswith(("_FILE", "_FILES"))} == set()


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_named_by_a_version_or_built_here(name: str) -> None:
    service = COMPOSE["services"][name]
    built = {each["image"] for each in COMPOSE["services"].values() if "build" in each}
    assert service["image"] in built or re.search(r":[0-9]", service["image"])


def test_only_the_front_is_published_beyond_this_machine() -> None:
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert set(published) == {"front", "gateway", "keycloak"}
    assert all(port.startswith("127.0.0.1:") for name in ("gateway", "keycloak") for port in published[name])


def test_the_front_reaches_the_gateway_and_the_provider_and_nothing_behind_them() -> None:
    reached = {name for name, service in COMPOSE["services"].items() if "edge" in service["networks"]}
    assert reached == {"front", "gateway", "keycloak"}
    assert COMPOSE["services"]["front"]["networks"] == ["edge"]


def test_the_database_is_reached_by_services_alone() -> None:
    reached = {name for name, service in COMPOSE["services"].items() if "database" in service["networks"]}
    migrations = {f"migrate-{name}" for name in HERE}
    assert reached == {"postgres", *HERE, *migrations, "keycloak", "migrate-keycloak"}
    assert COMPOSE["networks"]["database"] == {"internal": True}
    admin = {
        name for name, service in COMPOSE["services"].items() if "admin_database_url" in service.get("secrets", [])
    }
    assert admin == migrations
    superuser = {
        name for name in COMPOSE["services"] if "postgres_password" in _secret_names(COMPOSE["services"][name])
    }
    assert superuser == {"postgres", "migrate-keycloak"}


def test_postgres_18_keeps_its_data_where_its_image_expects_them() -> None:
    assert COMPOSE["services"]["postgres"]["volumes"] == ["database:/var/lib/postgresql"]


def test_the_development_issuer_needs_the_development_profile() -> None:
    assert COMPOSE["services"]["issuer"]["profiles"] == ["development"]
    assert COMPOSE["services"]["demo"]["profiles"] == ["demo"]


def test_a_service_has_as_many_replicas_as_the_operator_says_and_one_by_default() -> None:
    scales = {name: COMPOSE["services"][name]["scale"] for name in HERE}
    assert scales == {name: f"${{{name.upper()}_REPLICAS:-1}}" for name in HERE}


def test_each_service_that_asks_others_has_a_secret_of_its_own() -> None:
    for name in ASKING:
        having = [each for each, of in COMPOSE["services"].items() if f"{name}_account_secret" in _secret_names(of)]
        assert set(having) == {name, "issuer", "demo", "keycloak"}


@pytest.mark.parametrize("name", HERE)
def test_every_service_of_the_repository_is_deployed(name: str) -> None:
    running, migrating = COMPOSE["services"][name], COMPOSE["services"][f"migrate-{name}"]
    arguments = {"SOURCE": f"services/{name}", "APP": f"services.{name}.main:app", "EXTRA": name}
    assert running["build"]["args"] == arguments
    assert (migrating["image"], migrating["pull_policy"]) == (running["image"], "never")
    assert migrating["command"][-2:] == ["services.chassis.migrating", name]
    for secret in ("database_url", "audit_key"):
        assert {"source": f"{name}_{secret}", "target": secret} in running["secrets"]
    assert f"{name}_database_password" in migrating["secrets"]
    assert f"migrate-{name}" in running["depends_on"]
    gateway = COMPOSE["services"]["gateway"]
    assert gateway["environment"][f"{name.upper()}_UPSTREAMS"] == f'["http://{name}:8000"]'
    assert name in gateway["depends_on"]


def test_the_recipe_installs_by_hash_and_leaves_root() -> None:
    assert RECIPE.count("--require-hashes") == 2
    assert re.findall(r"^USER (.+)$", RECIPE, re.MULTILINE) == ["10001:10001"]
    assert re.findall(r"^FROM (\S+)", RECIPE, re.MULTILINE) == ["python:3.13-slim"] * 2
    assert "HEALTHCHECK" in RECIPE


def test_the_recipe_needs_no_buildkit() -> None:
    assert not re.search(r"RUN --|<<|^ADD ", RECIPE, re.MULTILINE)
    assert set(re.findall(r"COPY --from=(\S+)", RECIPE)) == {"build"}


def test_an_image_holds_the_chassis_and_one_part() -> None:
    last = RECIPE[RECIPE.rindex("\nFROM ") :]
    copied = [line.split()[1:-1] for line in last.splitlines() if line.startswith("COPY ")]
    assert {source for line in copied for source in line} == {
        "--from=build",
        "/venv",
        "alembic.ini",
        "deploy/entrypoint",
        "deploy/healthy.py",
        "services/__init__.py",
        "services/chassis",
        "${SOURCE}",
    }


def test_a_server_trusts_no_forwarded_header_and_refuses_ambiguous_requests() -> None:
    assert "ARG HTTP=services.chassis.serving.server:GuardedProtocol" in RECIPE
    assert issubclass(GuardedProtocol, HttpToolsProtocol)
    assert {"--no-proxy-headers", "--no-server-header"} <= set(re.findall(r"--[a-z-]+", ENTRYPOINT))


def test_secrets_are_drawn_once_and_each_is_different(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    draw(folder)
    first = {path.name: path.read_text() for path in folder.iterdir()}
    draw(folder)
    assert {path.name: path.read_text() for path in folder.iterdir()} == first
    drawn = [first[name] for name in first if not name.endswith("_url")]
    assert len(set(drawn)) == len(drawn)
    assert min(map(len, drawn)) >= 32
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) & 0o022 for path in folder.iterdir()} == {0}
    assert first["casework_account_secret"] != first["screening_account_secret"]
    wanted = {name for service in COMPOSE["services"].values() for name in _secret_names(service)}
    assert wanted == set(first)


def test_a_keyring_is_a_file_of_casework_alone_and_no_variable(tmp_path: Path) -> None:
    draw(tmp_path)
    assert keyring_of((tmp_path / "casework_keyring").read_text()).current == "1"
    having = [name for name, service in COMPOSE["services"].items() if "casework_keyring" in _secret_names(service)]
    assert having == ["casework"]
    casework = COMPOSE["services"]["casework"]
    assert {"source": "casework_keyring", "target": "keyring"} in casework["secrets"]
    assert casework["environment"]["KEYRING_FILE"] == "/run/secrets/keyring"


def test_a_keyring_for_webhooks_is_a_file_of_each_service_and_of_no_other() -> None:
    for name in HERE:
        having = [each for each, of in COMPOSE["services"].items() if f"{name}_webhook_keyring" in _secret_names(of)]
        assert having == [name]
        assert COMPOSE["services"][name]["environment"]["WEBHOOK_KEYRING_FILE"] == "/run/secrets/webhook_keyring"


def test_keys_of_certificates_are_a_file_of_training_alone_and_no_variable(tmp_path: Path) -> None:
    draw(tmp_path)
    [key] = json.loads((tmp_path / "training_credential_keys").read_text())["keys"]
    assert (key["crv"], len(base64.urlsafe_b64decode(key["d"] + "="))) == ("P-256", 32)
    [published] = read_keys(tmp_path / "training_credential_keys").published("https://splot.example/keys")
    assert {"x", "y"} <= published.keys()
    assert "d" not in published
    services = COMPOSE["services"]
    assert [name for name in services if "training_credential_keys" in _secret_names(services[name])] == ["training"]
    assert services["training"]["environment"]["CREDENTIAL_KEYS_FILE"] == "/run/secrets/credential_keys"


def test_what_keyring_file_names_stays_a_file_when_secrets_become_variables(tmp_path: Path) -> None:
    for name in ("audit_key", "keyring", "webhook_keyring"):
        (tmp_path / name).write_text("secret of its own")
    script = ENTRYPOINT.replace("/run/secrets", str(tmp_path))
    files = {f"{name.upper()}_FILE": str(tmp_path / name) for name in ("keyring", "webhook_keyring")}
    given = {"PATH": os.environ["PATH"], **files}
    command = ["sh", "-c", script, "sh", "env"]
    printed = subprocess.run(command, env=given, capture_output=True, text=True, check=True).stdout
    assert {"AUDIT_KEY=secret of its own", f"KEYRING_FILE={tmp_path}/keyring"} <= {*printed.splitlines()}
    assert not re.search("^(WEBHOOK_)?KEYRING=", printed, re.MULTILINE)


def _secret_names(service: dict[str, Any]) -> list[str]:
    return [secret if isinstance(secret, str) else secret["source"] for secret in service.get("secrets", [])]


def test_the_first_look_is_marked_as_development() -> None:
    variables = dict(line.split("=", 1) for line in DEVELOPMENT.splitlines() if not line.startswith("#"))
    assert variables["ENVIRONMENT"] == "development"
    assert not [name for name in variables if re.search(r"PASSWORD|SECRET|KEY$", name)]
