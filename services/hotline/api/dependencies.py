"""What the routes of the hotline take from the app and from the caller."""

from typing import Annotated

from fastapi import Depends, Path, Request

from services.hotline.domain.access import Viewer
from services.hotline.domain.desk import DeskRules
from shared.region import RegionPack
from shared.security.principal import SubjectKind
from shared.web.routes import Caller


async def _rules(request: Request) -> DeskRules:
    rules: DeskRules = request.app.state.desk_rules
    return rules


async def _region(request: Request) -> RegionPack:
    region: RegionPack = request.app.state.region
    return region


async def _viewer(caller: Caller) -> Viewer:
    return Viewer(
        subject=caller.subject,
        agency=caller.agency,
        is_system=caller.kind is SubjectKind.CLIENT,
        reference=caller.reference,
        client_id=caller.client_id,
        on_behalf_of=caller.on_behalf_of,
        office=caller.office,
    )


Rules = Annotated[DeskRules, Depends(_rules)]
RegionOfDesk = Annotated[RegionPack, Depends(_region)]
CallingViewer = Annotated[Viewer, Depends(_viewer)]
Number = Annotated[
    str,
    Path(
        min_length=1,
        max_length=40,
        pattern=r"^[0-9A-Z-]+$",
        description="Ticket number (工单编号)",
        examples=["HT-140881-20250106-000001-C"],
    ),
]
