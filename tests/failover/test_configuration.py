"""The configuration that is shipped, and tried, keeps what the rest of the platform promises."""

import re
from typing import Any

import yaml

from onebox.postgres import COLLATION, LOG_PRIVACY
from tests.failover.members import CONFIGURATION

PATRONI: dict[str, Any] = yaml.safe_load(CONFIGURATION.read_text())
CLUSTER = PATRONI["bootstrap"]["dcs"]


def test_a_silent_leader_is_replaced_in_time_and_never_by_one_that_lacks_a_write() -> None:
    # Patroni's own rule for its three times, and the least that it takes for the first.
    assert CLUSTER["loop_wait"] + 2 * CLUSTER["retry_timeout"] <= CLUSTER["ttl"] == 20
    assert CLUSTER["synchronous_mode"] is True
    assert not {"synchronous_commit", "synchronous_standby_names"} & CLUSTER["postgresql"]["parameters"].keys()


def test_its_log_repeats_nothing_that_was_sent_and_its_text_sorts_as_ours() -> None:
    parameters = {name: str(value) for name, value in CLUSTER["postgresql"]["parameters"].items()}
    assert LOG_PRIVACY.items() <= parameters.items()
    asked = [f"--{name}={value}" for option in PATRONI["bootstrap"]["initdb"] for name, value in option.items()]
    assert asked == COLLATION


def test_it_holds_no_secret_and_its_example_of_an_environment_none_either() -> None:
    example = CONFIGURATION.with_name("node.env.example").read_text()
    assert "password" not in CONFIGURATION.read_text().lower().replace("with a password", "")
    assert re.findall(r"PASSWORD=(.*)", example) == [""] * 4
