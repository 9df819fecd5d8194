"""The permission that an endpoint demands, as the type of its `caller` parameter."""

from typing import Annotated

from services.chassis.trust.callers import Caller
from services.chassis.trust.identity import requires
from services.screening.permissions import Permission

CanReadInstruments = Annotated[Caller, requires(Permission.READ_INSTRUMENTS)]
CanEditInstruments = Annotated[Caller, requires(Permission.EDIT_INSTRUMENTS)]
CanPublishInstruments = Annotated[Caller, requires(Permission.PUBLISH_INSTRUMENTS)]
CanImportPackages = Annotated[Caller, requires(Permission.IMPORT_PACKAGES)]
CanReadNormSets = Annotated[Caller, requires(Permission.READ_NORM_SETS)]
CanEditNormSets = Annotated[Caller, requires(Permission.EDIT_NORM_SETS)]
CanReadProtocols = Annotated[Caller, requires(Permission.READ_PROTOCOLS)]
CanEditProtocols = Annotated[Caller, requires(Permission.EDIT_PROTOCOLS)]
CanReadCampaigns = Annotated[Caller, requires(Permission.READ_CAMPAIGNS)]
CanEditCampaigns = Annotated[Caller, requires(Permission.EDIT_CAMPAIGNS)]
CanReadStatistics = Annotated[Caller, requires(Permission.READ_STATISTICS)]
CanReadSelections = Annotated[Caller, requires(Permission.READ_SELECTIONS)]
CanSelectByHand = Annotated[Caller, requires(Permission.SELECT_BY_HAND)]
CanSelectSubjects = Annotated[Caller, requires(Permission.SELECT_SUBJECTS)]
CanReadScreenings = Annotated[Caller, requires(Permission.READ_SCREENINGS)]
CanSubmitScreenings = Annotated[Caller, requires(Permission.SUBMIT_SCREENINGS)]
CanConfirmScreenings = Annotated[Caller, requires(Permission.CONFIRM_SCREENINGS)]
CanAnnulScreenings = Annotated[Caller, requires(Permission.ANNUL_SCREENINGS)]
CanImportScreenings = Annotated[Caller, requires(Permission.IMPORT_SCREENINGS)]
CanRescore = Annotated[Caller, requires(Permission.RESCORE)]
CanReadStudies = Annotated[Caller, requires(Permission.READ_STUDIES)]
CanEditStudies = Annotated[Caller, requires(Permission.EDIT_STUDIES)]
CanExportStudies = Annotated[Caller, requires(Permission.EXPORT_STUDIES)]
