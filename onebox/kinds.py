"""The choices on the command line."""

from enum import StrEnum

_TERRITORIES, _INSTITUTIONS = "/v1/registry/territory-imports", "/v1/registry/institution-imports"
_REGISTER_REPORTS = "/v1/registry/register-report-imports"
_SCREENINGS = "/v1/screening/screening-imports"


class Kind(StrEnum):
    """The kinds of register files."""

    TERC = "terc"
    POPULATIONS = "populations"
    RSPO = "rspo"
    NURSERIES = "nurseries"
    INSTITUTIONS = "institutions"
    REGISTER_REPORTS = "register-reports"
    SCREENINGS = "screenings"

    @property
    def address(self) -> str:
        """The path of the import for such a file."""
        if self is Kind.SCREENINGS:
            return _SCREENINGS
        if self is Kind.REGISTER_REPORTS:
            return _REGISTER_REPORTS
        return _TERRITORIES if self in {Kind.TERC, Kind.POPULATIONS} else _INSTITUTIONS

    @property
    def service(self) -> str:
        """The service that imports it."""
        return self.address.split("/")[2]

    @property
    def wire_name(self) -> str | None:
        """The name of the format in the import's parameters; None where it has only one format."""
        if self in {Kind.REGISTER_REPORTS, Kind.SCREENINGS}:
            return None
        return "generic" if self is Kind.INSTITUTIONS else self.value


class Demo(StrEnum):
    """The data that an empty platform starts with."""

    NONE = "none"
    SMALL = "small"
    PILOT = "pilot"
