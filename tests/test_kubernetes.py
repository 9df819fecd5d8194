"""The overlays for Kubernetes are of their schemas, closed as compose is, and cannot drift from docker-compose.yml."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes_validate.utils import validate

from deploy.secrets import draw
from onebox.postgres import COLLATION
from tests.support.services import SERVICES

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
PAGE = (ROOT / "docs/kubernetes.md").read_text(encoding="utf-8")
OVERLAYS = ("production", "demo")
# The oldest that has a pause before a stop without a setting of its own, and the newest.
VERSIONS = ("1.31", "1.37")
JOBS = [f"migrate-{name}" for name in SERVICES]
PROGRAMS = [*SERVICES, "gateway", *JOBS]
# A folder, because a file alone cannot be missing in a pod; and what lies beside the database is the operator's here,
# who restores it by other means (docs/kubernetes.md).
OTHERWISE = {"BORDERS_FILE", "AUDIT_CHECKPOINT_FILE", "TOMBSTONE_FILE"}
# Compose has them from `.env`, an overlay of its own.
FROM_THE_OVERLAY = {"REGISTRY_URL", "SCREENING_URL", "PUBLIC_URL", "OIDC_ISSUER", "ACCOUNT_ID"}
# Fields of CloudNativePG 1.30 and its Barman Cloud plugin 0.16 that are used here: their schemas are no package.
FIELDS = {
    "Cluster": {
        "instances", "imageCatalogRef", "enableSuperuserAccess", "superuserSecret", "bootstrap", "postgresql",
        "affinity", "resources", "storage", "walStorage", "plugins",
    },
    "ObjectStore": {"retentionPolicy", "configuration"},
    "ScheduledBackup": {"schedule", "cluster", "method", "pluginConfiguration", "backupOwnerReference"},
}  # fmt: skip

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


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_is_of_its_schema(overlay: str, version: str) -> None:
    known = [each for each in built(overlay) if "cnpg.io" not in each["apiVersion"]]
    assert len(known) > 40
    for each in known:
        validate(each, version, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_objects_of_the_databases_operator_have_no_field_that_it_does_not_know(
    overlay: str,
) -> None:
    others = [each for each in built(overlay) if "cnpg.io" in each["apiVersion"]]
    assert others
    for each in others:
        assert each["spec"].keys() <= FIELDS[each["kind"]]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_pod_has_no_more_rights_than_it_needs(overlay: str) -> None:
    accounts = of_kind("ServiceAccount", overlay)
    for name, spec in pods(overlay):
        [program] = spec["containers"]
        assert spec["automountServiceAccountToken"] is False, name
        assert accounts[spec["serviceAccountName"]]["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert program["securityContext"] == {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"requests", "limits"} == program["resources"].keys()
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
        assert not [volume for volume in spec["volumes"] if "hostPath" in volume]
    assert (
        of_kind("Namespace", overlay)["splot"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        == "restricted"
    )


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_given_what_compose_gives_it(name: str) -> None:
    wanted = COMPOSE[name]
    spec = pod(name)
    [program] = spec["containers"]
    assert program["image"].rpartition(":")[0].rpartition("/")[2] == wanted["image"]
    assert program.get("args") == wanted.get("command")
    assert bytes_of(program["resources"]["limits"]["memory"]) == bytes_of(wanted["mem_limit"])
    [tmp] = [each["emptyDir"] for each in spec["volumes"] if each["name"] == "tmp"]
    [mounted] = [each for each in wanted["tmpfs"] if each.startswith("/tmp:")]  # noqa: S108
    assert bytes_of(tmp["sizeLimit"]) == bytes_of(mounted.partition("size=")[2].partition(",")[0])
    secrets = [
        {"source": each, "target": each} if isinstance(each, str) else each for each in wanted.get("secrets", ())
    ]
    assert mounted_secrets(spec) == {each["target"]: each["source"].replace("_", "-") for each in secrets}


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("name", [*SERVICES, "gateway"])
def test_a_program_has_the_variables_that_compose_gives_it(name: str, overlay: str) -> None:
    wanted, given = COMPOSE[name].get("environment", {}), variables(name, overlay)
    assert given.keys() <= wanted.keys()
    fixed = {key: value for key, value in wanted.items() if value and key not in FROM_THE_OVERLAY | OTHERWISE}
    differing = {key for key in fixed if given.get(key) != fixed[key] and "${" not in fixed[key]}
    assert not differing
    demanded = FROM_THE_OVERLAY & wanted.keys() if overlay == "production" else {"OIDC_ISSUER"} & wanted.keys()
    assert demanded <= given.keys()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_secrets_are_named_and_never_held(overlay: str, tmp_path: Path) -> None:
    draw(tmp_path)
    drawn = {path.name.replace("_", "-") for path in tmp_path.iterdir()}
    assert not of_kind("Secret", overlay)
    named = {name for _, spec in pods(overlay) for name in mounted_secrets(spec).values()}
    named.add(of_kind("Cluster", overlay)["splot"]["spec"]["superuserSecret"]["name"])
    # Compose brings a provider to sign in with; here it is the cluster's.
    # Its archive is the operator's of the database, and its dashboards are the cluster's.
    elsewhere = ("keycloak-", "archive-", "grafana-")
    assert named == {name for name in drawn if not name.startswith(elsewhere)}
    for each in of_kind("ConfigMap", overlay).values():
        assert not {key for key in each["data"] if key.endswith(("PASSWORD", "SECRET", "DATABASE_URL", "_KEY"))}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_image_is_named_by_a_version(overlay: str) -> None:
    for _, spec in pods(overlay):
        tag = spec["containers"][0]["image"].rpartition(":")[2]
        assert tag not in {"latest", spec["containers"][0]["image"]}


@pytest.mark.parametrize("name", [*SERVICES, "gateway"])
def test_probes_ask_where_the_program_tells_its_state_by_a_name_that_it_answers(name: str) -> None:
    [program] = pod(name)["containers"]
    paths = {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
    for probe, path in paths.items():
        asked = program[probe]["httpGet"]
        assert asked["path"] == path
        [host] = asked["httpHeaders"]
        assert host["name"] == "Host"
        assert host["value"] in json.loads(variables(name)["ALLOWED_HOSTS"])
    # A minute to start, as the health check of the image has.
    started = program["startupProbe"]["periodSeconds"] * program["startupProbe"]["failureThreshold"]
    assert started >= 60


@pytest.mark.parametrize("name", [*SERVICES, "gateway"])
def test_a_pod_is_given_the_time_to_end_what_is_under_way(name: str) -> None:
    entrypoint = (ROOT / "deploy/entrypoint").read_text(encoding="utf-8")
    drain = int(entrypoint.partition("--timeout-graceful-shutdown ")[2].split()[0])
    spec = pod(name)
    pause = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert spec["terminationGracePeriodSeconds"] >= pause + drain


def test_migrations_can_be_applied_before_everything_else() -> None:
    jobs = of_kind("Job")
    assert sorted(jobs) == sorted(JOBS)
    labels = {each["metadata"]["labels"]["app.kubernetes.io/component"] for each in jobs.values()}
    assert labels == {"migration"}
    assert f"--selector app.kubernetes.io/component={labels.pop()}" in PAGE


def test_whatever_answers_has_two_replicas_and_keeps_one() -> None:
    scaled, kept = of_kind("HorizontalPodAutoscaler"), of_kind("PodDisruptionBudget")
    for name in (*SERVICES, "gateway"):
        assert scaled[name]["spec"]["minReplicas"] >= 2
        assert scaled[name]["spec"]["scaleTargetRef"]["name"] == name
        assert kept[name]["spec"]["maxUnavailable"] == 1
        assert "replicas" not in of_kind("Deployment")[name]["spec"], "the autoscaler says how many"
    for name in SERVICES:
        assert of_kind("Service")[name]["spec"]["clusterIP"] == "None", "the gateway finds replicas by the name"


def test_the_database_has_a_connection_for_every_replica_at_its_most() -> None:
    most = sum(of_kind("HorizontalPodAutoscaler")[name]["spec"]["maxReplicas"] for name in SERVICES)
    parameters = of_kind("Cluster")["splot"]["spec"]["postgresql"]["parameters"]
    # A pool of ten and half as many for searches; jobs, streams and administration beside them.
    assert 15 * most + 40 <= int(parameters["max_connections"])


def test_the_database_is_set_as_with_compose_and_copied_before_it_acknowledges() -> None:
    spec = of_kind("Cluster")["splot"]["spec"]
    flags = [each for each in COMPOSE["postgres"]["command"] if "=" in each]
    wanted = dict(each.split("=", 1) for each in flags)
    # By size, or the operator's own to set.
    own = {
        "shared_buffers",
        "max_connections",
        "archive_mode",
        "archive_command",
        "archive_timeout",
        "wal_level",
    }
    # Of the archive beside the database, which is the operator's here.
    own |= {"hba_file", "max_slot_wal_keep_size"}
    given = spec["postgresql"]["parameters"]
    assert {key: given.get(key) for key in wanted if key not in own} == {
        key: value for key, value in wanted.items() if key not in own
    }
    made = spec["bootstrap"]["initdb"]
    collation = dict(each.removeprefix("--").split("=", 1) for each in COLLATION)
    assert made["localeCollate"] == collation["locale"]
    assert made["localeCType"] == collation["lc-ctype"]
    assert made["localeProvider"] == collation["locale-provider"]
    assert made["builtinLocale"] == collation["builtin-locale"]
    assert made["dataChecksums"] is True
    assert spec["instances"] == 3
    assert spec["postgresql"]["synchronous"] == {
        "method": "any",
        "number": 1,
        "dataDurability": "required",
    }
    [archived] = spec["plugins"]
    assert archived["parameters"]["barmanObjectName"] in of_kind("ObjectStore")
    assert archived["isWALArchiver"] is True
    assert of_kind("ScheduledBackup")["splot"]["spec"]["pluginConfiguration"]["name"] == archived["name"]


def _matches(selector: Object, labels: dict[str, str]) -> bool:
    rules = selector.get("matchExpressions", ())
    assert all(rule["operator"] == "In" for rule in rules)
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items()) and all(
        labels.get(rule["key"]) in rule["values"] for rule in rules
    )


def _labels(overlay: str) -> dict[str, dict[str, str]]:
    templates = [each for each in built(overlay) if each["kind"] in {"Deployment", "Job"}]
    known = {each["metadata"]["name"]: each["spec"]["template"]["metadata"]["labels"] for each in templates}
    return {**known, "postgres": {"cnpg.io/cluster": "splot", "cnpg.io/instanceRole": "primary"}}


def _ways(overlay: str, direction: str, side: str) -> set[tuple[str, str, int]]:
    """Who (first) may reach whom (second) at which port, by the policies of one direction, inside the namespace."""
    labels, found = _labels(overlay), set()
    for policy in of_kind("NetworkPolicy", overlay).values():
        here = [name for name in labels if _matches(policy["spec"]["podSelector"], labels[name])]
        for rule in policy["spec"].get(direction, ()):
            selectors = [peer["podSelector"] for peer in rule.get(side, ()) if "podSelector" in peer]
            there = [name for each in selectors for name in labels if _matches(each, labels[name])]
            ports = [each["port"] for each in rule["ports"]]
            found |= {(name, other, port) for name in here for other in there for port in ports}
    return found if direction == "egress" else {(other, name, port) for name, other, port in found}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nobody_reaches_anybody_but_for_those_who_have_to(overlay: str) -> None:
    nobody = of_kind("NetworkPolicy", overlay)["nobody"]["spec"]
    assert nobody == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    ways = _ways(overlay, "egress", "to") & _ways(overlay, "ingress", "from")
    wanted = {("gateway", name, 8000) for name in SERVICES}
    wanted |= {(name, "postgres", 5432) for name in (*SERVICES, *JOBS)}
    wanted |= {("postgres", "postgres", 5432), ("postgres", "postgres", 8000)}
    asking = {name: COMPOSE[name]["environment"].keys() & {"REGISTRY_URL", "SCREENING_URL"} for name in SERVICES}
    wanted |= {(name, url.removesuffix("_URL").lower(), 8000) for name, urls in asking.items() for url in urls}
    if overlay == "demo":
        wanted |= {(name, "issuer", 8000) for name in (*SERVICES, "gateway")}
    assert ways == wanted
    # The database keeps its own door too: one careless way out of a pod is not enough.
    admitted = {who for who, whom, port in _ways(overlay, "ingress", "from") if (whom, port) == ("postgres", 5432)}
    assert admitted == {*SERVICES, *JOBS, "postgres"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_gateway_alone_is_reached_from_outside(overlay: str) -> None:
    for each in of_kind("Ingress", overlay).values():
        paths = [path["backend"]["service"] for rule in each["spec"]["rules"] for path in rule["http"]["paths"]]
        assert paths == [{"name": "gateway", "port": {"name": "http"}}]
        assert each["spec"]["tls"]
    assert len(of_kind("Ingress", overlay)) == (overlay == "production")
    assert {each["spec"].get("type") for each in of_kind("Service", overlay).values()} == {None}
    entered = {
        name
        for name, policy in of_kind("NetworkPolicy", overlay).items()
        for rule in policy["spec"].get("ingress", ())
        for peer in rule["from"]
        if peer.get("namespaceSelector", {}).get("matchLabels", {}).get("splot/role") == "ingress"
    }
    assert entered == {"gateway"}


def test_production_has_no_development_issuer() -> None:
    assert "issuer" not in of_kind("Deployment")
    assert variables("gateway")["ENVIRONMENT"] == "production"
    assert "ISSUER_UPSTREAM" not in variables("gateway")
