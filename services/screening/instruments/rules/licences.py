"""The licence gate: text of items that may not be passed on never leaves the service."""

from collections.abc import Mapping
from typing import Any

from services.screening.instruments.rules.definitions import Licence

# Only the wording is removed, because a licence protects the wording: codes, values and
# scoring stay.
_TEXTS_OF_ITEMS = ("text", "help")


def may_show_items(licence: Licence) -> bool:
    """Whether the text of items may be shown to anybody outside the service."""
    return licence.items_redistributable and licence.electronic_use_allowed


def public_definition(document: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a definition that its licence allows to be shown.

    Without permission the texts of items, options, rows, instructions and critical
    answers are left out. Only an exact `true` in the licence is a permission.
    """
    licence = document.get("licence") or {}
    if (
        licence.get("items_redistributable") is True
        and licence.get("electronic_use_allowed") is True
    ):
        return dict(document)
    items = [_bare(item, _TEXTS_OF_ITEMS) for item in document.get("items", [])]
    for item in items:
        if "options" in item:
            item["options"] = [_bare(option, ("label",)) for option in item["options"]]
        if "rows" in item:
            item["rows"] = [_bare(row, ("text",)) for row in item["rows"]]
    forms = [_bare(form, ("instructions",)) for form in document.get("forms", [])]
    critical = [_bare(item, ("text",)) for item in document.get("critical_items", [])]
    return {**document, "items": items, "forms": forms, "critical_items": critical}


def _bare(part: Mapping[str, Any], texts: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in texts}
