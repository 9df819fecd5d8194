"""Which kinds of support a county lacks. Pure."""

from collections.abc import Collection

from services.registry.institutions.rules.kinds import Sector
from services.registry.support_services.rules import SupportKind

MODEL_SECTORS = (
    Sector.EDUCATION,
    Sector.HEALTH,
    Sector.SOCIAL_ASSISTANCE,
    Sector.FAMILY_SUPPORT,
)
"""The sectors of the cross-sector support model."""


def missing_support(
    present: Collection[tuple[str, str]],
) -> list[tuple[Sector, SupportKind]]:
    """The pairs of sector and kind that nobody offers. `present`: the pairs
    that are offered.
    """
    return [
        (sector, kind)
        for sector in MODEL_SECTORS
        for kind in SupportKind
        if (sector, kind) not in present
    ]
