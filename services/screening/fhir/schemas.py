"""FHIR resources on the wire; their shape is that of HL7 FHIR R4."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, Strict, StringConstraints

from services.chassis.fhir.asking import FhirSearch
from services.chassis.ground.scalars import (
    Date,
    Flag,
    Id,
    Line,
    Number,
    Text,
    Unread,
    Whole,
    Wire,
)
from services.screening.fhir_questionnaires.schemas import Form, FormOfVersion
from services.screening.instruments.rules.items import LeafCode, OptionCode
from services.screening.screenings.schemas import ExternalId

VersionId = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,64}$")
]
_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_DAY = "(1[89]|20|21)[0-9]{2}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))"
# In FHIR R4 an instant must have seconds and an offset.
_TIME = (
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])"
)
Uri = Annotated[str, Strict(), StringConstraints(pattern=r"^[!-~]{1,200}$")]
SubjectToken = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^(urn:splot:subject\|)?{_UUID}$")
]
ResponseReference = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^(QuestionnaireResponse/)?{_UUID}$")
]
DayOrInstant = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^{_DAY}({_TIME})?$")
]
DayOrMonth = Annotated[str, Strict(), StringConstraints(pattern=f"^{_DAY}?$")]
_SUBJECT = "6f1f64a5-3c4e-4a43-9c0c-5d3f6a1b2c3d"
_EXAMPLE: dict[str, Any] = {
    "resourceType": "QuestionnaireResponse",
    "extension": [
        {"url": "urn:splot:fhir:county", "valueCode": "2469"},
        {"url": "urn:splot:fhir:sex", "valueCode": "female"},
        {"url": "urn:splot:fhir:informant", "valueCode": "parent"},
        {"url": "urn:splot:fhir:birth-date", "valueDate": "2024-03-15"},
        {"url": "urn:splot:fhir:consent-to-refer", "valueBoolean": True},
    ],
    "identifier": {"system": "urn:splot:source:clinic", "value": "2026/0001"},
    "questionnaire": "urn:splot:instrument:DEMO:YOUNGER|1",
    "status": "completed",
    "subject": {"identifier": {"system": "urn:splot:subject", "value": _SUBJECT}},
    "authored": "2025-03-14",
    "item": [
        {
            "linkId": "Y_MOVE1",
            "answer": [
                {
                    "valueCoding": {
                        "system": "urn:splot:instrument:DEMO:Y_MOVE1",
                        "code": "yes",
                    }
                }
            ],
        }
    ],
}


class FhirExtension(Wire):
    """A fact that FHIR has no member for, named by the URL of the extension."""

    url: Uri
    valueBoolean: Flag | None = None  # noqa: N815
    valueCode: Line | None = None  # noqa: N815
    valueDate: DayOrMonth | None = None  # noqa: N815
    valueId: Id | None = None  # noqa: N815
    valueInteger: Whole | None = None  # noqa: N815
    valueString: Line | None = None  # noqa: N815


Extensions = Annotated[list[FhirExtension], Field(min_length=1, max_length=20)]


# Form renderers add these members to every response: refusing them would
# refuse every response.
UnreadPart = Annotated[Unread, Field(description="taken and not kept")]
UnreadText = Annotated[Text, Field(description="taken and not kept")]


class FhirSourceIdentifier(Wire):
    """The identifier of a screening at its source."""

    use: UnreadText | None = None
    # Only systems of sources: the system of a national identification
    # number is refused.
    system: Annotated[
        str,
        Strict(),
        StringConstraints(pattern=r"^urn:splot:source:[a-z0-9][a-z0-9_.-]{0,63}$"),
    ]
    value: ExternalId


class FhirPseudonym(Wire):
    """The subject's pseudonym; the identity behind it is not known here."""

    system: Literal["urn:splot:subject"]
    value: Id


class FhirSubject(Wire):
    """A subject without a name or a Patient; all other members that could identify it
    are not stored.
    """

    identifier: FhirPseudonym
    reference: UnreadText | None = None
    type: UnreadText | None = None
    display: UnreadText | None = None


class FhirCoding(Wire):
    """A code of an item's own code system, or of the reasons for a missing answer.

    Its `display` is not read.
    """

    system: Uri
    code: OptionCode
    display: Text | None = None
    # Not read, because the questionnaire names the version whose codes count.
    version: UnreadText | None = None
    userSelected: Flag | None = None  # noqa: N815


AnswerText = Annotated[Text, StringConstraints(min_length=1, max_length=4000)]


class FhirAnswer(Wire):
    """One answer, in the member for the item's type in the Questionnaire."""

    valueCoding: FhirCoding | None = None  # noqa: N815
    valueDate: Date | None = None  # noqa: N815
    valueDecimal: Number | None = None  # noqa: N815
    valueInteger: Whole | None = None  # noqa: N815
    valueString: AnswerText | None = None  # noqa: N815


class FhirRow(Wire):
    """An item that is answered. Its text is not read."""

    linkId: LeafCode  # noqa: N815
    extension: Extensions | None = None
    text: Text | None = None
    definition: UnreadText | None = None
    answer: list[FhirAnswer] | None = Field(default=None, min_length=1, max_length=60)


class FhirItem(FhirRow):
    """An item that is answered, or a group of them."""

    # One level of nesting only: nested items are always rows of a matrix.
    item: list[FhirRow] | None = Field(default=None, min_length=1, max_length=100)


class FhirQuestionnaireResponse(Wire):
    """The accepted members of a FHIR R4 QuestionnaireResponse; other members are refused."""

    resourceType: Literal["QuestionnaireResponse"]  # noqa: N815
    id: (
        Annotated[str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,64}$")]
        | None
    ) = Field(default=None, description="not kept: a new resource has an id of its own")
    meta: UnreadPart | None = None
    language: UnreadText | None = None
    text: UnreadPart | None = None
    author: UnreadPart | None = None
    source: UnreadPart | None = None
    extension: Extensions | None = None
    identifier: FhirSourceIdentifier | None = None
    questionnaire: FormOfVersion
    # Every status of FHIR is accepted here, so that the refusal can name
    # the supported ones.
    status: Literal[
        "in-progress", "completed", "amended", "entered-in-error", "stopped"
    ]
    subject: FhirSubject
    authored: DayOrInstant | None = None
    item: list[FhirItem] | None = Field(default=None, min_length=1, max_length=500)

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})


class SubjectSearch(FhirSearch):
    """A search for the resources of a subject."""

    subject: SubjectToken | None = Field(
        default=None,
        description="pseudonym, with or without its system",
        examples=[_SUBJECT],
    )
    subject_identifier: SubjectToken | None = Field(
        default=None,
        alias="subject:identifier",
        description="the same, as FHIR writes it",
    )


class ResponseSearch(SubjectSearch):
    """A search for responses."""

    questionnaire: Form | None = Field(
        default=None, description="canonical of the form, of one version or of any"
    )


class ObservationSearch(SubjectSearch):
    """A search for observations."""

    screening_id: Id | None = Field(default=None, description="of the screening")
    derived_from: ResponseReference | None = Field(
        default=None,
        alias="derived-from",
        description="the response that they were made from",
    )
