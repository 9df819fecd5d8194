"""The choices on the command line."""

from enum import StrEnum

_TERRITORIES, _INSTITUTIONS = "/v1/registry/territory-imports", "/v1/registry/institution-imports"


class Kind(StrEnum):
    """What a register file is."""

    TERC = "terc"
    POPULATIONS = "populations"
    RSPO = "rspo"
    NURSERIES = "nurseries"
    INSTITUTIONS = "institutions"

    @property
    def address(self) -> str:
        """Where such a file is imported."""
        return _TERRITORIES if self in {Kind.TERC, Kind.POPULATIONS} else _INSTITUTIONS

    @property
    def wire_name(self) -> str:
        """What the import calls it."""
        return "generic" if self is Kind.INSTITUTIONS else self.value


class Demo(StrEnum):
    """The data to begin with."""

    NONE = "none"
    SMALL = "small"
