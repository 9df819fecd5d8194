"""The permissions of screening, and the reach of each permission by role."""

from enum import StrEnum

from services.chassis.trust.callers import Grants, Reach


class Permission(StrEnum):
    """A permission that an endpoint demands."""

    READ_INSTRUMENTS = "screening:instruments:read"
    EDIT_INSTRUMENTS = "screening:instruments:edit"
    PUBLISH_INSTRUMENTS = "screening:instruments:publish"
    IMPORT_PACKAGES = "screening:instrument-packages:import"
    READ_NORM_SETS = "screening:norm-sets:read"
    EDIT_NORM_SETS = "screening:norm-sets:edit"
    READ_PROTOCOLS = "screening:protocols:read"
    EDIT_PROTOCOLS = "screening:protocols:edit"
    READ_CAMPAIGNS = "screening:campaigns:read"
    EDIT_CAMPAIGNS = "screening:campaigns:edit"
    READ_STATISTICS = "screening:statistics:read"
    SELECT_SUBJECTS = "screening:selections:select"
    SELECT_BY_HAND = "screening:selections:select-by-hand"
    READ_SELECTIONS = "screening:selections:read"
    READ_SCREENINGS = "screening:screenings:read"
    SUBMIT_SCREENINGS = "screening:screenings:submit"
    CONFIRM_SCREENINGS = "screening:screenings:confirm"
    ANNUL_SCREENINGS = "screening:screenings:annul"
    IMPORT_SCREENINGS = "screening:screenings:import"
    RESCORE = "screening:rescorings:rescore"
    READ_STUDIES = "screening:studies:read"
    EDIT_STUDIES = "screening:studies:edit"
    EXPORT_STUDIES = "screening:studies:export"
    READ_EVENTS = "screening:events:read"
    OPERATE_JOBS = "screening:jobs:operate"
    READ_AUDIT = "screening:audit-records:read"


P = Permission

_KNOWN_TO_ALL = {
    P.READ_INSTRUMENTS: Reach.EVERYWHERE,
    P.READ_NORM_SETS: Reach.EVERYWHERE,
    P.READ_PROTOCOLS: Reach.EVERYWHERE,
    P.READ_CAMPAIGNS: Reach.EVERYWHERE,
    P.READ_STATISTICS: Reach.EVERYWHERE,
}
"""What nearly every role may read: methods, campaigns and published statistics."""

_OWN_WORK = {
    P.READ_SCREENINGS: Reach.OWN_INSTITUTION,
    P.SUBMIT_SCREENINGS: Reach.OWN_INSTITUTION,
}
_COUNTY_WORK = {
    P.EDIT_CAMPAIGNS: Reach.OWN_COUNTIES,
    P.SELECT_SUBJECTS: Reach.OWN_COUNTIES,
    P.SELECT_BY_HAND: Reach.OWN_COUNTIES,
    P.READ_SELECTIONS: Reach.OWN_COUNTIES,
    P.READ_SCREENINGS: Reach.OWN_COUNTIES,
    P.SUBMIT_SCREENINGS: Reach.OWN_COUNTIES,
    P.ANNUL_SCREENINGS: Reach.OWN_COUNTIES,
    P.IMPORT_SCREENINGS: Reach.OWN_COUNTIES,
    P.RESCORE: Reach.OWN_COUNTIES,
}
_CONFIRMATION = {P.CONFIRM_SCREENINGS: Reach.OWN_COUNTIES}
"""Only a person may confirm a result (GDPR, art. 22), never a service account."""

_METHOD = {
    P.EDIT_INSTRUMENTS: Reach.EVERYWHERE,
    P.PUBLISH_INSTRUMENTS: Reach.EVERYWHERE,
    P.IMPORT_PACKAGES: Reach.EVERYWHERE,
    P.EDIT_NORM_SETS: Reach.EVERYWHERE,
    P.EDIT_PROTOCOLS: Reach.EVERYWHERE,
}
"""Decisions that hold for the whole country and are therefore made in one place."""

_RESEARCH = {
    P.READ_STUDIES: Reach.EVERYWHERE,
    P.EDIT_STUDIES: Reach.EVERYWHERE,
    P.EXPORT_STUDIES: Reach.EVERYWHERE,
}

GRANTS: Grants = {
    # Plans campaigns, and reads no child's screening.
    "county_coordinator": _KNOWN_TO_ALL | {P.EDIT_CAMPAIGNS: Reach.OWN_COUNTIES},
    "registry_editor": _KNOWN_TO_ALL,
    "institution_coordinator": _KNOWN_TO_ALL,
    "service_provider": _KNOWN_TO_ALL,
    "early_screening_coordinator": _KNOWN_TO_ALL | _COUNTY_WORK | _CONFIRMATION,
    "pupil_screening_coordinator": _KNOWN_TO_ALL | _COUNTY_WORK | _CONFIRMATION,
    "screener": _KNOWN_TO_ALL | _OWN_WORK,
    "specialist": _KNOWN_TO_ALL,
    "training_manager": _KNOWN_TO_ALL,
    "trainer": _KNOWN_TO_ALL,
    "trainee": _KNOWN_TO_ALL,
    "adviser": _KNOWN_TO_ALL,
    "authority_member": _KNOWN_TO_ALL,
    # A screening has only a pseudonym: this service does not know a child's guardian.
    "guardian": {},
    # May apply the protocol's rule in all counties of its token, and gets neither
    # children nor their number: the numbers that may be known are released.
    "programme_manager": _KNOWN_TO_ALL
    | _METHOD
    | {P.EDIT_CAMPAIGNS: Reach.EVERYWHERE, P.SELECT_SUBJECTS: Reach.OWN_COUNTIES},
    "researcher": _KNOWN_TO_ALL | _RESEARCH,
    # Sees who did what, without contents: an auditor of this service cannot
    # read a screening.
    "auditor": {P.READ_AUDIT: Reach.OWN_COUNTIES},
    # This role and `events:read` see only events that concern no child; an event of a
    # screening also needs the permission to read screenings
    # (docs/decisions/0012-who-sees-an-event.md).
    "operator": {P.OPERATE_JOBS: Reach.EVERYWHERE, P.READ_EVENTS: Reach.EVERYWHERE},
    "screening:read": _KNOWN_TO_ALL | {P.READ_SCREENINGS: Reach.OWN_COUNTIES},
    "screening:submit": _KNOWN_TO_ALL
    | dict.fromkeys(
        (P.READ_SCREENINGS, P.SUBMIT_SCREENINGS, P.IMPORT_SCREENINGS),
        Reach.OWN_COUNTIES,
    ),
    "screening:write": _KNOWN_TO_ALL | _METHOD | _COUNTY_WORK | _RESEARCH,
    "events:read": {P.READ_EVENTS: Reach.EVERYWHERE},
}
