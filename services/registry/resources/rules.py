"""What a county lacks. Pure."""

from collections.abc import Collection

from services.registry.institutions.rules.kinds import Sector
from services.registry.support_services.rules import SupportKind

MODEL_SECTORS = (
    Sector.EDUCATION,
    Sector.HEALTH,
    Sector.SOCIAL_ASSISTANCE,
    Sector.FAMILY_SUPPORT,
)
"""The sectors that the cross-sector support model weaves together."""


def missing_support(
    present: Collection[tuple[str, str]],
) -> list[tuple[Sector, SupportKind]]:
    """Which of sector × kind nobody offers."""
    return [
        (sector, kind)
        for sector in MODEL_SECTORS
        for kind in SupportKind
        if (sector, kind) not in present
    ]
