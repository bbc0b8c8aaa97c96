"""Choices (领取方式): how the results of a case are wanted, until they are on their way."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from gateway.deliveries.api.shapes import ChoiceOut, DeliveryChoice
from gateway.deliveries.domain.errors import AddressNeeded, ChoiceClosed, ChoiceNotFound
from gateway.deliveries.use_cases.choose_delivery import ChangeChoice, change_choice, read_choice
from shared.security.access import requires
from shared.web.conditional import IfMatch, set_etag
from shared.web.openapi import refuses
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/deliveries/v1/choices", route_class=ServiceRoute, tags=["deliveries"])

READ = requires("deliveries.delivery.read")
CHOOSE = requires("deliveries.choice.submit")
CaseId = Annotated[
    str,
    Path(
        min_length=1, max_length=64, pattern=r"^[0-9A-Za-z-]+$", description="Matter, filing or application"
    ),
]


@router.get("/{case_id}", summary="How results are wanted (查看领取方式)", dependencies=[READ])
@refuses(ChoiceNotFound)
async def show_choice(case_id: CaseId, caller: Caller, uow: InTransaction, response: Response) -> ChoiceOut:
    """Of a case of one's own; the address is masked."""
    choice = await read_choice(case_id, caller.subject, uow)
    set_etag(response, choice.version)
    return ChoiceOut.of(choice)


@router.put("/{case_id}", summary="Choose how results are wanted (选择领取方式)", dependencies=[CHOOSE])
@refuses(ChoiceNotFound, AddressNeeded, ChoiceClosed)
async def choose(
    case_id: CaseId,
    body: DeliveryChoice,
    caller: Caller,
    read: IfMatch,
    uow: InTransaction,
    now: Now,
    response: Response,
) -> ChoiceOut:
    """Until the case has ended. Each way is open to every case."""
    address = body.address.as_address() if body.address else None
    command = ChangeChoice(case_id, caller.subject, body.method, address)
    choice = await change_choice(command, read.check, uow, now)
    set_etag(response, choice.version)
    return ChoiceOut.of(choice)
