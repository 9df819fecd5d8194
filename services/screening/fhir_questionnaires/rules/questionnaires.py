"""A form of an instrument version as a FHIR R4 Questionnaire, and the way back to its items.

Facts that FHIR has members for are in these members; the others (exact kind of item,
nested conditions, the value when not asked) are JSON in one extension of the item, so
that the conversion loses nothing.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from services.screening.fhir_questionnaires.rules.conditions import FormConditions
from services.screening.instruments.rules.answers import Leaf, options_of
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.items import CHOICES, Item, ItemType, Words
from services.screening.instruments.rules.licences import may_show_items

ITEM_EXTENSION = "urn:splot:fhir:item"
ICF = "http://hl7.org/fhir/sid/icf"
_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
_LANGUAGE = "http://hl7.org/fhir/StructureDefinition/language"
_ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
_LIMITS = {
    "minimum": "http://hl7.org/fhir/StructureDefinition/minValue",
    "maximum": "http://hl7.org/fhir/StructureDefinition/maxValue",
}
_STATUS = {"draft": "draft", "published": "active", "retired": "retired"}
_TYPES = {ItemType.DATE: "date", ItemType.TEXT: "text", ItemType.MATRIX: "group"}
_MEMBERS = {ItemType.DATE: "valueDate", ItemType.TEXT: "valueString"}
_CARRIED = (
    "type",
    "block",
    "no_answers",
    "value_when_not_asked",
    "asked_when",
    "is_whole",
    "help",
    "max_length",
)


class Version(NamedTuple):
    """The instrument version that a definition belongs to."""

    id: str
    instrument: str
    number: int
    state: str


def canonical(instrument: str, number: int, form: str) -> str:
    """The canonical URL by which responses name the Questionnaire."""
    return f"urn:splot:instrument:{instrument}:{form}|{number}"


class Canonical(NamedTuple):
    """The parts of a Questionnaire's canonical URL.

    `number` is None when the URL names no version.
    """

    instrument: str
    form: str
    number: int | None


def read_canonical(address: str) -> Canonical:
    """Read the canonical URL of a Questionnaire."""
    url, _, number = address.partition("|")
    # The patterns of both codes allow no colon.
    instrument, form = url.split(":")[-2:]
    return Canonical(instrument, form, int(number) if number else None)


def options_system(instrument: str, leaf: str) -> str:
    """The code system of an item's options: a code has a meaning within its item only."""
    # Without the code of the row: all rows of a matrix share the options of their item.
    return f"urn:splot:instrument:{instrument}:{leaf.partition('.')[0]}"


def member_of(leaf: Leaf) -> str:
    """The member that holds the answer to an item of this kind."""
    if leaf.type == ItemType.NUMBER:
        return "valueInteger" if leaf.is_whole else "valueDecimal"
    return _MEMBERS.get(leaf.type, "valueCoding")


def questionnaire_of(
    definition: Definition, number: int, version: Version
) -> dict[str, Any]:
    """The Questionnaire of the form at the index `number`.

    It has the texts of items only if the licence allows them to be shown.
    """
    form, licence = definition.forms[number], definition.licence
    shows_texts = may_show_items(licence)
    items = {item.code: item for item in definition.items}
    address = canonical(version.instrument, version.number, form.code)
    form_items = [items[code] for code in form.items]
    systems = {code: options_system(version.instrument, code) for code in form.items}
    conditions = FormConditions(form_items, systems)
    return {
        "resourceType": "Questionnaire",
        "id": f"{version.id}.{number}",
        "url": address.partition("|")[0],
        "version": str(version.number),
        # FHIR demands a name that a program can use: letters,
        # digits and underscores.
        "name": f"{version.instrument}_{form.code}".replace("-", "_"),
        **_texts("title", form.title),
        "status": _STATUS[version.state],
        "subjectType": ["Patient"],
        "publisher": licence.holder,
        "copyright": licence.licence_id,
        **(_texts("description", form.instructions) if shows_texts else {}),
        "item": [
            _with_condition(
                _item(item, version.instrument, shows_texts=shows_texts),
                conditions.members_of(item.asked_when),
            )
            for item in form_items
        ],
    }


def _with_condition(
    resource: dict[str, Any], when: Mapping[str, Any]
) -> dict[str, Any]:
    """The item with the members of its condition added."""
    extension = [*resource["extension"], *when.get("extension", ())]
    return {**resource, **when, "extension": extension}


def _texts(name: str, words: Words | None) -> dict[str, Any]:
    """A text in Polish with its English translation.

    A text in English only is marked as English.
    """
    if words is None or (words.pl is None and words.en is None):
        return {}
    if words.pl is None:
        language = {"url": _LANGUAGE, "valueCode": "en"}
        return {name: words.en, f"_{name}": {"extension": [language]}}
    if words.en is None:
        return {name: words.pl}
    parts = [
        {"url": "lang", "valueCode": "en"},
        {"url": "content", "valueString": words.en},
    ]
    translation = {"url": _TRANSLATION, "extension": parts}
    return {name: words.pl, f"_{name}": {"extension": [translation]}}


def _item(item: Item, instrument: str, *, shows_texts: bool) -> dict[str, Any]:
    # Members without content are left out: FHIR forbids empty arrays.
    codes = [{"system": ICF, "code": code} for code in item.icf]
    resource: dict[str, Any] = {
        "extension": _extensions(item, shows_texts=shows_texts),
        "linkId": item.code,
        **({"code": codes} if codes else {}),
        **(_texts("text", item.text) if shows_texts else {}),
        "type": _type(item),
    }
    if item.type == ItemType.MULTI_SELECT:
        resource["repeats"] = True
    options = _options(item, instrument, shows_texts=shows_texts)
    if item.type == ItemType.MATRIX:
        resource["item"] = [
            {
                "linkId": f"{item.code}.{row.code}",
                **(_texts("text", row.text) if shows_texts else {}),
                "type": "choice",
                "answerOption": options,
            }
            for row in item.rows
        ]
    elif options:
        resource["answerOption"] = options
    return resource


def _extensions(item: Item, *, shows_texts: bool) -> list[dict[str, Any]]:
    """The extension with the facts that FHIR has no members for, and the limits of a number."""
    members = item.model_dump(mode="json", exclude_unset=True)
    # The help text falls under the same licence as the item's text.
    content = {
        name: members[name]
        for name in _CARRIED
        if name in members and (shows_texts or name != "help")
    }
    limits = [
        {"url": url, "valueDecimal": members[name]}
        for name, url in _LIMITS.items()
        if members.get(name) is not None
    ]
    text = json.dumps(content, ensure_ascii=False)
    return [{"url": ITEM_EXTENSION, "valueString": text}, *limits]


def _type(item: Item) -> str:
    if item.type == ItemType.NUMBER:
        return "integer" if item.is_whole else "decimal"
    return _TYPES.get(item.type, "choice")


def _options(item: Item, instrument: str, *, shows_texts: bool) -> list[dict[str, Any]]:
    """The codes that can answer an item or each of its rows; empty without any."""
    labels = (
        {option.code: option.label for option in item.options} if shows_texts else {}
    )
    system = options_system(instrument, item.code)
    options = []
    for code, value in options_of(item):
        coding = {"system": system, "code": code, **_texts("display", labels.get(code))}
        if value is not None:
            ordinal = {"url": _ORDINAL, "valueDecimal": value}
            coding = {"extension": [ordinal], **coding}
        options.append({"valueCoding": coding})
    return options


def items_of(questionnaire: Mapping[str, Any]) -> list[Item]:
    """The items of a Questionnaire that this module made."""
    return [Item.model_validate(_read_item(item)) for item in questionnaire["item"]]


def _read_item(item: Mapping[str, Any]) -> dict[str, Any]:
    extensions = {extension["url"]: extension for extension in item["extension"]}
    members: dict[str, Any] = {
        "code": item["linkId"],
        **json.loads(extensions[ITEM_EXTENSION]["valueString"]),
        **_read_words("text", item),
    }
    for name, url in _LIMITS.items():
        if url in extensions:
            members[name] = float(extensions[url]["valueDecimal"])
    if "code" in item:
        members["icf"] = [coding["code"] for coding in item["code"]]
    rows = item.get("item", [])
    if rows:
        members["rows"] = [
            {"code": row["linkId"].partition(".")[2], **_read_words("text", row)}
            for row in rows
        ]
    if members["type"] in {*CHOICES, ItemType.MULTI_SELECT}:
        options = (rows[0] if rows else item)["answerOption"]
        members["options"] = [_read_option(option["valueCoding"]) for option in options]
    return members


def _read_option(coding: Mapping[str, Any]) -> dict[str, Any]:
    option: dict[str, Any] = {"code": coding["code"]}
    words = _read_words("display", coding)
    if words:
        option["label"] = words["display"]
    for extension in coding.get("extension", []):
        if extension["url"] == _ORDINAL:
            option["value"] = float(extension["valueDecimal"])
    return option


def _read_words(name: str, resource: Mapping[str, Any]) -> dict[str, Any]:
    if name not in resource:
        return {}
    extensions = resource.get(f"_{name}", {}).get("extension", [])
    if not extensions:
        return {name: {"pl": resource[name]}}
    if extensions[0]["url"] == _LANGUAGE:
        return {name: {"en": resource[name]}}
    # `_texts` writes the language first, then the content.
    english = extensions[0]["extension"][1]["valueString"]
    return {name: {"pl": resource[name], "en": english}}
