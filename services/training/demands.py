"""What an endpoint demands of its caller, as the type of a parameter."""

from typing import Annotated

from services.chassis.trust.callers import Caller
from services.chassis.trust.identity import requires
from services.training.permissions import Permission

# A dependency and no call in the endpoint: the matrix of permissions reads from the
# routes what each of them demands.
CanReadProgrammes = Annotated[Caller, requires(Permission.READ_PROGRAMMES)]
CanEditProgrammes = Annotated[Caller, requires(Permission.EDIT_PROGRAMMES)]
# Whose side somebody agrees for is in the body: the action demands that.
CanAgree = Annotated[Caller, requires(Permission.AGREE)]
CanReadConceptReviews = Annotated[Caller, requires(Permission.READ_CONCEPT_REVIEWS)]
CanWriteConceptReviews = Annotated[Caller, requires(Permission.WRITE_CONCEPT_REVIEWS)]
CanReadPartners = Annotated[Caller, requires(Permission.READ_PARTNERS)]
CanEditPartners = Annotated[Caller, requires(Permission.EDIT_PARTNERS)]
CanReadMaterials = Annotated[Caller, requires(Permission.READ_MATERIALS)]
CanEditMaterials = Annotated[Caller, requires(Permission.EDIT_MATERIALS)]
CanReadTrainers = Annotated[Caller, requires(Permission.READ_TRAINERS)]
CanEditTrainers = Annotated[Caller, requires(Permission.EDIT_TRAINERS)]
CanReadRooms = Annotated[Caller, requires(Permission.READ_ROOMS)]
CanEditRooms = Annotated[Caller, requires(Permission.EDIT_ROOMS)]
CanReadTrainees = Annotated[Caller, requires(Permission.READ_TRAINEES)]
CanEditTrainees = Annotated[Caller, requires(Permission.EDIT_TRAINEES)]
CanImportTrainees = Annotated[Caller, requires(Permission.IMPORT_TRAINEES)]
CanReadGroups = Annotated[Caller, requires(Permission.READ_GROUPS)]
CanEditGroups = Annotated[Caller, requires(Permission.EDIT_GROUPS)]
CanMoveGroups = Annotated[Caller, requires(Permission.MOVE_GROUPS)]
CanReadEnrolments = Annotated[Caller, requires(Permission.READ_ENROLMENTS)]
CanEnrol = Annotated[Caller, requires(Permission.ENROL)]
CanDecideEnrolments = Annotated[Caller, requires(Permission.DECIDE_ENROLMENTS)]
CanWithdrawEnrolments = Annotated[Caller, requires(Permission.WITHDRAW_ENROLMENTS)]
CanReadSessions = Annotated[Caller, requires(Permission.READ_SESSIONS)]
CanEditSessions = Annotated[Caller, requires(Permission.EDIT_SESSIONS)]
CanReadAttendance = Annotated[Caller, requires(Permission.READ_ATTENDANCE)]
CanRecordAttendance = Annotated[Caller, requires(Permission.RECORD_ATTENDANCE)]
CanReadHours = Annotated[Caller, requires(Permission.READ_HOURS)]
CanImportHours = Annotated[Caller, requires(Permission.IMPORT_HOURS)]
CanReadAdvisoryContacts = Annotated[Caller, requires(Permission.READ_ADVISORY_CONTACTS)]
CanRecordAdvisoryContacts = Annotated[
    Caller, requires(Permission.RECORD_ADVISORY_CONTACTS)
]
CanReadValidations = Annotated[Caller, requires(Permission.READ_VALIDATIONS)]
CanRecordValidations = Annotated[Caller, requires(Permission.RECORD_VALIDATIONS)]
CanReadCertificates = Annotated[Caller, requires(Permission.READ_CERTIFICATES)]
CanIssueCertificates = Annotated[Caller, requires(Permission.ISSUE_CERTIFICATES)]
CanRevokeCertificates = Annotated[Caller, requires(Permission.REVOKE_CERTIFICATES)]
CanShowCertificates = Annotated[Caller, requires(Permission.SHOW_CERTIFICATES)]
CanReadAuthorities = Annotated[Caller, requires(Permission.READ_AUTHORITIES)]
CanEditAuthorities = Annotated[Caller, requires(Permission.EDIT_AUTHORITIES)]
CanMoveAuthorities = Annotated[Caller, requires(Permission.MOVE_AUTHORITIES)]
CanReadAuthorityWork = Annotated[Caller, requires(Permission.READ_AUTHORITY_WORK)]
CanWriteAuthorityWork = Annotated[Caller, requires(Permission.WRITE_AUTHORITY_WORK)]
CanRecordAdvisoryVisits = Annotated[Caller, requires(Permission.RECORD_ADVISORY_VISITS)]
CanDecideCheckIns = Annotated[Caller, requires(Permission.DECIDE_CHECK_INS)]
CanReadGoodPractices = Annotated[Caller, requires(Permission.READ_GOOD_PRACTICES)]
CanWriteGoodPractices = Annotated[Caller, requires(Permission.WRITE_GOOD_PRACTICES)]
CanDecideGoodPractices = Annotated[Caller, requires(Permission.DECIDE_GOOD_PRACTICES)]
CanReadConferences = Annotated[Caller, requires(Permission.READ_CONFERENCES)]
CanEditConferences = Annotated[Caller, requires(Permission.EDIT_CONFERENCES)]
CanRegisterForConferences = Annotated[
    Caller, requires(Permission.REGISTER_FOR_CONFERENCES)
]
CanReadRegistrations = Annotated[Caller, requires(Permission.READ_REGISTRATIONS)]
CanRecordRegistrations = Annotated[Caller, requires(Permission.RECORD_REGISTRATIONS)]
CanReadIndicators = Annotated[Caller, requires(Permission.READ_INDICATORS)]
CanEditIndicators = Annotated[Caller, requires(Permission.EDIT_INDICATORS)]
CanReadBudgets = Annotated[Caller, requires(Permission.READ_BUDGETS)]
CanEditBudgets = Annotated[Caller, requires(Permission.EDIT_BUDGETS)]
CanReadSurveys = Annotated[Caller, requires(Permission.READ_SURVEYS)]
CanEditSurveys = Annotated[Caller, requires(Permission.EDIT_SURVEYS)]
CanAnswerSurveys = Annotated[Caller, requires(Permission.ANSWER_SURVEYS)]
CanReadSurveyResults = Annotated[Caller, requires(Permission.READ_SURVEY_RESULTS)]
CanReadFocusGroups = Annotated[Caller, requires(Permission.READ_FOCUS_GROUPS)]
CanEditFocusGroups = Annotated[Caller, requires(Permission.EDIT_FOCUS_GROUPS)]
CanReadOutreach = Annotated[Caller, requires(Permission.READ_OUTREACH)]
CanEditOutreach = Annotated[Caller, requires(Permission.EDIT_OUTREACH)]
