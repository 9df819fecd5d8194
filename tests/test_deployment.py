"""The container set-up keeps its promises: no root, no default password, nothing published but the front."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from deploy.secrets import ASKING
from deploy.upgrade import SHARES, SHARES_AT_START
from gateway.settings import GatewaySettings
from onebox.postgres import COLLATION
from services.chassis.ground.settings import ServiceSettings
from services.chassis.serving.server import GuardedProtocol
from tests.support.services import SERVICES as HERE
from tools.environment import own_settings

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
RECIPE = re.sub(r"^#.*\n", "", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
ENTRYPOINT = re.sub(r"#.*", "", (ROOT / "deploy/entrypoint").read_text(encoding="utf-8"))
SERVICES = sorted(COMPOSE["services"])
# What is made of an image that is built here.
BUILT = {service["image"] for service in COMPOSE["services"].values() if "build" in service}
OURS = [name for name in SERVICES if COMPOSE["services"][name]["image"] in BUILT]
WATCHING = {"prometheus", "alertmanager", "traces", "grafana"}
ARCHIVE = {"archive", "migrate-archive", "restore"}


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
    assert service["image"] in BUILT or re.search(r":v?[0-9]", service["image"])


def test_only_the_front_is_published_beyond_this_machine() -> None:
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert set(published) == {"front", "gateway", "keycloak", "grafana"}
    assert all(port.startswith("127.0.0.1:") for name in published.keys() - {"front"} for port in published[name])


def test_the_front_reaches_the_gateway_and_the_provider_and_nothing_behind_them() -> None:
    reached = {name for name, service in COMPOSE["services"].items() if "edge" in service["networks"]}
    assert reached == {"front", "gateway", "keycloak", "grafana"}
    assert COMPOSE["services"]["front"]["networks"] == ["edge"]


def test_the_database_is_reached_by_services_alone() -> None:
    reached = {name for name, service in COMPOSE["services"].items() if "database" in service["networks"]}
    migrations = {f"migrate-{name}" for name in HERE}
    assert reached == {"postgres", *HERE, *migrations, *ARCHIVE, "keycloak", "migrate-keycloak"}
    assert COMPOSE["networks"]["database"] == {"internal": True}
    admin = {
        name for name, service in COMPOSE["services"].items() if "admin_database_url" in service.get("secrets", [])
    }
    assert admin == {*migrations, "migrate-archive"}
    superuser = {name for name in COMPOSE["services"] if "postgres_password" in secret_names(COMPOSE["services"][name])}
    assert superuser == {"postgres", "migrate-keycloak"}


def test_postgres_18_keeps_its_data_where_its_image_expects_them() -> None:
    assert COMPOSE["services"]["postgres"]["volumes"] == ["database:/var/lib/postgresql"]


def test_what_watches_is_started_when_asked_for_and_reaches_no_database() -> None:
    services = COMPOSE["services"]
    assert {name for name in SERVICES if "telemetry" in services[name].get("profiles", [])} == WATCHING
    # Nothing is mounted but files: each is there, and none may be changed from inside.
    mounted = {config["source"] for name in WATCHING for config in services[name].get("configs", [])}
    for name in mounted:
        place = re.sub(r"^\$\{\w+:-(.+)\}$", r"\1", COMPOSE["configs"][name]["file"])
        assert (ROOT / place).is_file()
    assert {"alarms", "dashboard-platform", "dashboard-work"} <= mounted
    assert services["grafana"]["secrets"] == ["grafana_password"]


def test_the_log_is_read_by_the_archive_s_role_alone_and_never_by_the_services() -> None:
    lines = [line.split() for line in (ROOT / "deploy/archive/access.conf").read_text().splitlines() if line[0] != "#"]
    replicating = [line for line in lines if line[1] == "replication"]
    assert replicating == [["host", "replication", "splot_archive", "all", "scram-sha-256"]]
    assert {line[-1] for line in lines if line[0] != "local"} == {"scram-sha-256"}
    postgres = COMPOSE["services"]["postgres"]
    assert "hba_file=/etc/splot-access.conf" in postgres["command"]
    assert {"source": "access", "target": "/etc/splot-access.conf"} in postgres["configs"]


def test_the_archive_is_apart_from_the_database_and_a_restore_waits_to_be_asked() -> None:
    archive, restore = COMPOSE["services"]["archive"], COMPOSE["services"]["restore"]
    assert archive["volumes"] == ["archive:/var/lib/barman"]
    assert restore["profiles"] == ["restore"]
    assert restore["secrets"] == []
    assert "DATABASE_VOLUME" in COMPOSE["volumes"]["database"]["name"]
    recipe = (ROOT / "deploy/archive/Dockerfile").read_text()
    assert re.findall(r"^FROM (.+)$", recipe, re.MULTILINE) == [COMPOSE["services"]["postgres"]["image"]]
    assert re.findall(r"^USER (.+)$", recipe, re.MULTILINE) == ["postgres"]


def test_what_must_not_go_back_lies_beside_the_database(tmp_path: Path) -> None:
    for name in HERE:
        service = COMPOSE["services"][name]
        assert service["volumes"] == ["beside:/beside"]
        assert service["environment"]["AUDIT_CHECKPOINT_FILE"] == f"/beside/{name}-checkpoint"
    assert COMPOSE["services"]["casework"]["environment"]["TOMBSTONE_FILE"] == "/beside/tombstones"
    assert "/beside/tombstones" in RECIPE


def test_the_development_issuer_needs_the_development_profile() -> None:
    assert COMPOSE["services"]["issuer"]["profiles"] == ["development"]
    assert COMPOSE["services"]["demo"]["profiles"] == ["demo"]


def test_a_service_has_as_many_replicas_as_the_operator_says_and_one_by_default() -> None:
    scales = {name: COMPOSE["services"][name]["scale"] for name in HERE}
    assert scales == {name: f"${{{name.upper()}_REPLICAS:-1}}" for name in HERE}


def test_each_service_that_asks_others_has_a_secret_of_its_own() -> None:
    for name in ASKING:
        having = [each for each, of in COMPOSE["services"].items() if f"{name}_account_secret" in secret_names(of)]
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


@pytest.mark.parametrize("name", [*HERE, "gateway"])
def test_what_an_operator_may_set_reaches_the_container(name: str) -> None:
    """By a variable, or as a secret's file."""
    kind = dict(own_settings()).get(name, GatewaySettings if name == "gateway" else ServiceSettings)
    container = COMPOSE["services"][name]
    secrets = {each["target"] if isinstance(each, dict) else each for each in container.get("secrets", ())}
    given = {each.lower() for each in container["environment"]} | secrets
    # A secret's file that an operator adds, what is for one machine without containers, and one process of several.
    left = {"replica_database_url", "webhook_loopback", "run_jobs"}
    # Nothing in the registry leads back to the platform.
    assert {*kind.model_fields} - given <= left | ({"public_url"} if name == "registry" else set())


def test_a_server_trusts_no_forwarded_header_and_refuses_ambiguous_requests() -> None:
    assert "ARG HTTP=services.chassis.serving.server:GuardedProtocol" in RECIPE
    assert issubclass(GuardedProtocol, HttpToolsProtocol)
    assert {"--no-proxy-headers", "--no-server-header"} <= set(re.findall(r"--[a-z-]+", ENTRYPOINT))


def secret_names(service: dict[str, Any]) -> list[str]:
    return [secret if isinstance(secret, str) else secret["source"] for secret in service.get("secrets", [])]


def test_the_front_lets_go_of_a_connection_before_the_gateway_closes_it() -> None:
    kept = re.search(r"keepalive (\d+)s", (ROOT / "deploy/front/Caddyfile").read_text(encoding="utf-8"))
    said = COMPOSE["services"]["gateway"]["environment"]["LEAVING_SECONDS"]
    assert kept
    assert int(kept[1]) < int(re.fullmatch(r"\$\{GATEWAY_LEAVING_SECONDS:-(\d+)\}", said)[1])  # type: ignore[index]


def test_what_serves_has_more_of_the_processors_than_what_an_upgrade_starts() -> None:
    shares = {name: COMPOSE["services"][name].get("cpu_shares") for name in SERVICES}
    assert {str(shares[name]) for name in (*HERE, "gateway", "postgres", "front")} == {SHARES}
    assert {str(shares[f"migrate-{name}"]) for name in HERE} == {SHARES_AT_START}
