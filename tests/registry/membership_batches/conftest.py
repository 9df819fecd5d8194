"""The network whose members are decided about."""

from tests.registry.memberships.conftest import network

__all__ = ["network"]
