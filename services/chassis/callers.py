"""Who is calling, and how far each of their permissions reaches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any
from uuid import UUID


class Reach(IntEnum):
    """How far a permission goes."""

    OWN_INSTITUTION = 1
    OWN_COUNTIES = 2
    EVERYWHERE = 3


Grants = Mapping[str, Mapping[Any, Reach]]
"""What each role, and each scope of a service account, may do, and how far."""


@dataclass(frozen=True)
class Caller:
    """Somebody with a verified token, and what this service lets them do."""

    subject: str
    roles: tuple[str, ...] = ()
    counties: frozenset[str] = frozenset()
    institution_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    permissions: Mapping[str, Reach] = field(default_factory=dict)

    def reach(self, permission: str) -> Reach | None:
        """How far the caller's permission goes; None without it. Counties `*` make own counties everywhere."""
        reach = self.permissions.get(permission)
        return Reach.EVERYWHERE if reach == Reach.OWN_COUNTIES and "*" in self.counties else reach
