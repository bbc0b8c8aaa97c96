"""Components (单项许可任务): an agency's own tasks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.licensing.api.component_models import ComponentOut
from services.licensing.api.dependencies import InOffice
from services.licensing.domain.component import ComponentStatus
from services.licensing.store.tasks import AgencyTask, TaskStore
from services.licensing.use_cases.authority import reach_of
from shared.security.access import requires
from shared.web.openapi import refuses
from shared.web.paging import Page, Paged
from shared.web.problems import FORBIDDEN, Refusal
from shared.web.routes import Caller, InTransaction, Now, ServiceRoute

router = APIRouter(prefix="/licensing/v1/components", route_class=ServiceRoute, tags=["components"])


class TaskOut(ComponentOut):
    """A component with the application that it belongs to."""

    application_id: UUID
    industry_code: str
    uscc: str
    matter_id: str | None

    @classmethod
    def of_task(cls, task: AgencyTask) -> "TaskOut":
        """From the store."""
        return cls(
            **vars(ComponentOut.of(task.component)),
            application_id=task.component.application_id,
            industry_code=task.industry_code,
            uscc=task.uscc,
            matter_id=task.matter_id,
        )


@router.get(
    "",
    dependencies=[requires("licensing.component.decide")],
    summary="List an agency's own components (本部门任务)",
)
@refuses(FORBIDDEN)
async def list_components(
    caller: Caller,
    paged: Paged,
    uow: InTransaction,
    now: Now,
    office: InOffice,
    response: Response,
    status: Annotated[ComponentStatus | None, Query(description="Only in this state (状态)")] = None,
) -> Page[TaskOut]:
    """Oldest first; only for a caller that works for an agency: its own in the region of the caller's office.

    A zone finds what is delegated to it too, the comprehensive window what is decided on the spot.
    """
    if caller.agency is None:
        raise Refusal(FORBIDDEN)
    after = (UUID(paged.after[0]), str(paged.after[1])) if paged.after else None
    reach = await reach_of(caller.agency, caller, uow, now, office)
    tasks = await TaskStore(uow.session).within(reach, status, after, paged.fetch)
    entries = [TaskOut.of_task(task) for task in tasks]
    return paged.page(entries, lambda entry: (entry.application_id, entry.item), response)
