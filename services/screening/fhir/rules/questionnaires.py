"""A form of an instrument version as a FHIR R4 Questionnaire, and its items back from it.

What FHIR has a place for stands there; the rest (exact kind of item, nested conditions, what counts when not asked)
travels as JSON in one extension of the item, so that nothing is lost on the way there and back.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from services.screening.instruments.rules.answers import options_of
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.items import CHOICES, Item, ItemType, Words
from services.screening.instruments.rules.licences import may_show_items

ITEM_EXTENSION = "urn:splot:fhir:item"
ICF = "http://hl7.org/fhir/sid/icf"
NO_ANSWERS = "urn:splot:no-answer"
"""The code system of why a question has no answer."""
_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
_LANGUAGE = "http://hl7.org/fhir/StructureDefinition/language"
_ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
_LIMITS = {
    "minimum": "http://hl7.org/fhir/StructureDefinition/minValue",
    "maximum": "http://hl7.org/fhir/StructureDefinition/maxValue",
}
_STATUS = {"draft": "draft", "published": "active", "retired": "retired"}
_TYPES = {ItemType.DATE: "date", ItemType.TEXT: "text", ItemType.MATRIX: "group"}
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
    """Which version of which instrument a definition is."""

    id: str
    instrument: str
    number: int
    state: str


def canonical(instrument: str, number: int, form: str) -> str:
    """What responses call the Questionnaire."""
    return f"urn:splot:instrument:{instrument}:{form}|{number}"


def named(address: str) -> tuple[str, str, int | None]:
    """Instrument, form and number of a canonical; the number only where it is said."""
    url, _, number = address.partition("|")
    instrument, form = url.split(":")[-2:]
    return instrument, form, int(number) if number else None


def options_system(instrument: str, leaf: str) -> str:
    """The code system of an item's options: codes mean something within their item only."""
    return f"urn:splot:instrument:{instrument}:{leaf.split('.', maxsplit=1)[0]}"


def questionnaire_of(
    definition: Definition, number: int, version: Version
) -> dict[str, Any]:
    """The Questionnaire of the form at that place. Texts of items only where the licence lets them out."""
    form = definition.forms[number]
    shown = may_show_items(definition.licence)
    items = {item.code: item for item in definition.items}
    licence = definition.licence
    return {
        "resourceType": "Questionnaire",
        "id": f"{version.id}.{number}",
        "url": canonical(version.instrument, version.number, form.code).partition("|")[
            0
        ],
        "version": str(version.number),
        "name": f"{version.instrument}_{form.code}".replace("-", "_"),
        **_texts("title", form.title),
        "status": _STATUS[version.state],
        "subjectType": ["Patient"],
        "publisher": licence.holder,
        "copyright": licence.licence_id,
        **(_texts("description", form.instructions) if shown else {}),
        "item": [
            _item(items[code], version.instrument, shown=shown) for code in form.items
        ],
    }


def _texts(name: str, words: Words | None) -> dict[str, Any]:
    """A text in Polish with its English translation; only English where there is no Polish, and marked as such."""
    if words is None or (words.pl is None and words.en is None):
        return {}
    if words.pl is None:
        return {
            name: words.en,
            f"_{name}": {"extension": [{"url": _LANGUAGE, "valueCode": "en"}]},
        }
    if words.en is None:
        return {name: words.pl}
    parts = [
        {"url": "lang", "valueCode": "en"},
        {"url": "content", "valueString": words.en},
    ]
    return {
        name: words.pl,
        f"_{name}": {"extension": [{"url": _TRANSLATION, "extension": parts}]},
    }


def _item(item: Item, instrument: str, *, shown: bool) -> dict[str, Any]:
    kept = item.model_dump(mode="json", exclude_unset=True)
    carried = {
        name: kept[name]
        for name in _CARRIED
        if name in kept and (shown or name != "help")
    }
    limits = [
        {"url": url, "valueDecimal": kept[name]}
        for name, url in _LIMITS.items()
        if kept.get(name) is not None
    ]
    found: dict[str, Any] = {
        "extension": [
            {
                "url": ITEM_EXTENSION,
                "valueString": json.dumps(carried, ensure_ascii=False),
            },
            *limits,
        ],
        "linkId": item.code,
        **(
            {"code": [{"system": ICF, "code": code} for code in item.icf]}
            if item.icf
            else {}
        ),
        **(_texts("text", item.text) if shown else {}),
        "type": _type(item),
        **_shown_when(item, instrument),
    }
    if item.type == ItemType.MULTI_SELECT:
        found["repeats"] = True
    if item.type == ItemType.MATRIX:
        found["item"] = [
            _row(item, row.code, instrument, row.text if shown else None, shown=shown)
            for row in item.rows
        ]
    elif options_of(item):
        found["answerOption"] = _options(item, instrument, shown=shown)
    return found


def _row(
    item: Item, code: str, instrument: str, text: Words | None, *, shown: bool
) -> dict[str, Any]:
    options = _options(item, instrument, shown=shown)
    return {
        "linkId": f"{item.code}.{code}",
        **_texts("text", text),
        "type": "choice",
        "answerOption": options,
    }


def _type(item: Item) -> str:
    if item.type == ItemType.NUMBER:
        return "integer" if item.is_whole else "decimal"
    return _TYPES.get(item.type, "choice")


def _options(item: Item, instrument: str, *, shown: bool) -> list[dict[str, Any]]:
    labels = {option.code: option.label for option in item.options} if shown else {}
    system = options_system(instrument, item.code)
    found = []
    for code, value in options_of(item):
        coding = {"system": system, "code": code, **_texts("display", labels.get(code))}
        worth = (
            {"extension": [{"url": _ORDINAL, "valueDecimal": value}]}
            if value is not None
            else {}
        )
        found.append({"valueCoding": {**worth, **coding}})
    return found


def _shown_when(item: Item, instrument: str) -> dict[str, Any]:
    """The plain conditions that FHIR can say: one item is one of these codes."""
    condition = item.asked_when
    plain = (
        condition is not None
        and condition.item is not None
        and condition.is_one_of is not None
    )
    if (
        condition is None
        or not plain
        or any((condition.all_of, condition.any_of, condition.none_of))
    ):
        return {}
    leaf = str(condition.item)
    system = options_system(instrument, leaf)
    tests = [
        {
            "question": leaf,
            "operator": "=",
            "answerCoding": {"system": system, "code": code},
        }
        for code in condition.is_one_of or []
    ]
    return {"enableWhen": tests, "enableBehavior": "any"}


def items_of(questionnaire: Mapping[str, Any]) -> list[Item]:
    """The items of a Questionnaire that this module made."""
    return [Item.model_validate(_read_item(given)) for given in questionnaire["item"]]


def _read_item(given: Mapping[str, Any]) -> dict[str, Any]:
    extensions = {one["url"]: one for one in given["extension"]}
    found: dict[str, Any] = {
        "code": given["linkId"],
        **json.loads(extensions[ITEM_EXTENSION]["valueString"]),
    }
    for name, url in _LIMITS.items():
        if url in extensions:
            found[name] = float(extensions[url]["valueDecimal"])
    if "code" in given:
        found["icf"] = [one["code"] for one in given["code"]]
    found |= _read_words("text", given)
    rows = given.get("item", [])
    if rows:
        found["rows"] = [
            {"code": row["linkId"].partition(".")[2], **_read_words("text", row)}
            for row in rows
        ]
    if found["type"] in {*CHOICES, ItemType.MULTI_SELECT}:
        found["options"] = list(
            _read_options((rows[0] if rows else given)["answerOption"])
        )
    return found


def _read_options(options: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for option in options:
        coding = option["valueCoding"]
        values = [
            one["valueDecimal"]
            for one in coding.get("extension", [])
            if one["url"] == _ORDINAL
        ]
        label = (
            {"label": words}
            if (words := _read_words("display", coding).get("display"))
            else {}
        )
        yield {
            "code": coding["code"],
            **label,
            **({"value": float(values[0])} if values else {}),
        }


def _read_words(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    if name not in given:
        return {}
    extensions = given.get(f"_{name}", {}).get("extension", [])
    if not extensions:
        return {name: {"pl": given[name]}}
    if extensions[0]["url"] == _LANGUAGE:
        return {name: {"en": given[name]}}
    return {
        name: {"pl": given[name], "en": extensions[0]["extension"][1]["valueString"]}
    }
