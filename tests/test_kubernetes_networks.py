"""Who reaches whom in Kubernetes, by the network policies of its overlays."""

import pytest

from tests.support.overlays import COMPOSE, JOBS, OVERLAYS, Object, built, of_kind
from tests.support.services import SERVICES


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
