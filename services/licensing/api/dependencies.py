"""What routes of this service depend on beside the shared dependencies."""

from typing import Annotated

from fastapi import Depends, Path, Request

from services.licensing.use_cases.office import Office
from shared.security.principal import Principal, SubjectKind


async def _office(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


def name_of(caller: Principal) -> str | None:
    """In whose name the call is made: a person's or an enterprise's; None for a system that speaks for itself."""
    return None if caller.kind is SubjectKind.CLIENT else caller.subject


InOffice = Annotated[Office, Depends(_office)]
IndustryCode = Annotated[
    str, Path(max_length=64, pattern=r"^[a-z][a-z0-9_]*$", description="Industry of the directory (行业)")
]
ItemCode = Annotated[
    str, Path(max_length=64, pattern=r"^[a-z][a-z0-9_]*$", description="Permit item (许可事项)")
]
PermitNumber = Annotated[
    str,
    Path(max_length=32, pattern=r"^[A-Z]{2}-[0-9]{6}-[0-9]{8}-[0-9]{6}-[0-9A-Z]$", description="许可证编号"),
]
Identifier = Annotated[
    str, Path(max_length=128, pattern=r"^[0-9A-Z.]{20,128}$", description="电子证照标识 (GB/T 36904)")
]
