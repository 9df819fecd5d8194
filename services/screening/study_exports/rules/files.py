"""The files of an export. Without numpy, because the service itself imports this module."""

from collections.abc import Mapping
from enum import StrEnum


class ExportFile(StrEnum):
    """The files of an export."""

    DATA = "data.csv"
    CODEBOOK = "codebook.csv"
    SPSS = "data.sav"


MEDIA_TYPES: Mapping[ExportFile, str] = {
    ExportFile.DATA: "text/csv; charset=utf-8",
    ExportFile.CODEBOOK: "text/csv; charset=utf-8",
    ExportFile.SPSS: "application/x-spss-sav",
}
