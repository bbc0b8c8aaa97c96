"""Events of matters and their tasks, as they are published."""

from datetime import UTC, datetime
from typing import Final

from gateway.matters.published.payloads import (
    FindingV1,
    MatterChoiceAskedV1,
    MatterCompletedV1,
    MatterEscalatedV1,
    MatterFilingMergedV1,
    MatterHandedOverV1,
    MatterOpenedV1,
    MatterOverdueV1,
    MatterPartlyCompletedV1,
    MatterResubmittedV1,
    MatterReturnedV1,
    MatterStepCompletedV1,
    MatterStepRefusedV1,
    MatterWarnedV1,
    MatterWithdrawnV1,
    TaskAssignedV1,
    TaskCancelledV1,
    TaskCompletedV1,
    TaskEscalatedV1,
    TaskOverdueV1,
    TaskRefusedV1,
    TaskReleasedV1,
    TaskReturnedV1,
    TaskTakenV1,
    TaskVisitRequestedV1,
    TaskWarnedV1,
)
from shared.messaging.access import AccessRecorded
from shared.messaging.contracts import Published
from shared.messaging.events import EventType

MATTER: Final = "matter"
TASK: Final = "task"


def event_type(aggregate: str, verb: str) -> EventType:
    return EventType("gateway", aggregate, verb)


ACCESS: Final = event_type("access", "recorded")
_M: Final = "01938f0e-7c1a-7a52-9a53-0b6f0a4be001"
_T: Final = "01938f0e-7c1a-7a52-9a53-0b6f0a4be002"
_USCC: Final = "91140881MAE0000003"
_LEAD: Final = "11140881MB9Y00016L"
_POLICE: Final = "11140881MB9Y000328"
_AT: Final = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
_OF: Final = {
    "matter_id": _M,
    "case_no": "YJS-140881-20261123-000001-T",
    "theme": "open_restaurant",
    "applicant": "p-7c1f",
}

PUBLISHED: tuple[Published, ...] = (
    Published(
        event_type(MATTER, "opened"),
        MatterOpenedV1,
        MatterOpenedV1(
            **_OF,
            title_zh="开餐饮店一件事",
            title_en="Open a restaurant",
            lead_agency_uscc=_LEAD,
            due_at=_AT,
        ),
        "A person opened a matter (一件事)",
    ),
    Published(
        event_type(MATTER, "step_completed"),
        MatterStepCompletedV1,
        MatterStepCompletedV1(**_OF, step="registration", result={"uscc": _USCC}),
        "A service carried out its part of a matter",
    ),
    Published(
        event_type(MATTER, "returned"),
        MatterReturnedV1,
        MatterReturnedV1(
            **_OF,
            step="registration",
            findings=[
                FindingV1(
                    rule="name-conflict",
                    pointer="/form/enterprise_name",
                    text_zh="名称与已登记的企业名称相同",
                    text_en="the name is registered already",
                )
            ],
        ),
        "A matter waits for its applicant, with all that is missing",
    ),
    Published(
        event_type(MATTER, "resubmitted"),
        MatterResubmittedV1,
        MatterResubmittedV1(**_OF),
        "The applicant corrected a returned matter; what was sent back goes on",
    ),
    Published(
        event_type(MATTER, "completed"),
        MatterCompletedV1,
        MatterCompletedV1(**_OF, uscc=_USCC, completed_at=_AT, working_minutes=86),
        "All steps and tasks of a matter are done; working time in minutes",
    ),
    Published(
        event_type(MATTER, "withdrawn"),
        MatterWithdrawnV1,
        MatterWithdrawnV1(**_OF),
        "The applicant withdrew a matter",
    ),
    Published(
        event_type(MATTER, "overdue"),
        MatterOverdueV1,
        MatterOverdueV1(**_OF, due_at=_AT),
        "A matter is not done in its time; told once",
    ),
    Published(
        event_type(MATTER, "handed_over"),
        MatterHandedOverV1,
        MatterHandedOverV1(
            **_OF,
            mode="full_online",
            from_region="140881101",
            from_agency=_LEAD,
            to_region="140881001",
            to_agency=_LEAD,
        ),
        "A matter accepted in one place goes to the unit of another that handles it",
    ),
    Published(
        event_type(MATTER, "step_refused"),
        MatterStepRefusedV1,
        MatterStepRefusedV1(
            **_OF,
            step="licensing",
            findings=[
                FindingV1(
                    rule="decision", pointer="/form", text_zh="不予许可", text_en="the permit is refused"
                )
            ],
        ),
        "A service refused its part for good; the others go on",
    ),
    Published(
        event_type(MATTER, "filing_merged"),
        MatterFilingMergedV1,
        MatterFilingMergedV1(
            **_OF,
            uscc=_USCC,
            filing="seal_engraving_filing",
            title_zh="公章刻制备案",
            title_en="Filing of the seals made",
            agency_uscc=_POLICE,
        ),
        "A filing that the business licence took in (多证合一), in the story of the matter",
    ),
    Published(
        event_type(MATTER, "choice_asked"),
        MatterChoiceAskedV1,
        MatterChoiceAskedV1(**_OF, parts=["licensing"]),
        "Only refused parts are left: the applicant says how to go on",
    ),
    Published(
        event_type(MATTER, "partly_completed"),
        MatterPartlyCompletedV1,
        MatterPartlyCompletedV1(
            **_OF,
            uscc=_USCC,
            completed_at=_AT,
            working_minutes=86,
            completed_parts=["registration", "seal"],
            open_parts=["licensing"],
        ),
        "A matter is closed with a part of what was wanted: which is done and which is not",
    ),
    Published(
        event_type(MATTER, "warned"),
        MatterWarnedV1,
        MatterWarnedV1(**_OF, step="licensing", due_at=_AT),
        "The time of a matter, or of one of its steps, runs out soon; told once",
    ),
    Published(
        event_type(MATTER, "escalated"),
        MatterEscalatedV1,
        MatterEscalatedV1(**_OF, step=None, due_at=_AT, to="lead_agency", agency_uscc=_LEAD),
        "A matter, or one of its steps, stays overdue: a superior is told, once each",
    ),
    Published(
        event_type(TASK, "assigned"),
        TaskAssignedV1,
        TaskAssignedV1(task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE, uscc=_USCC, due_at=_AT),
        "A department has a task in a matter (部门任务)",
    ),
    Published(
        event_type(TASK, "taken"),
        TaskTakenV1,
        TaskTakenV1(task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE, taken_at=_AT),
        "The department works on its task",
    ),
    Published(
        event_type(TASK, "released"),
        TaskReleasedV1,
        TaskReleasedV1(task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE),
        "Who had taken the task put it back; somebody else of the department may take it",
    ),
    Published(
        event_type(TASK, "visit_requested"),
        TaskVisitRequestedV1,
        TaskVisitRequestedV1(
            task_id=_T,
            matter_id=_M,
            kind="seal",
            agency_uscc=_POLICE,
            reason="领取印章时核对原件",
            basis="（示例）某办法第七条",
        ),
        "The department asks the applicant to come in person, on a legal basis",
    ),
    Published(
        event_type(TASK, "returned"),
        TaskReturnedV1,
        TaskReturnedV1(
            task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE, reason="印章种类与章程不一致"
        ),
        "The department sent its task back, with the reason",
    ),
    Published(
        event_type(TASK, "completed"),
        TaskCompletedV1,
        TaskCompletedV1(
            task_id=_T,
            matter_id=_M,
            kind="seal",
            agency_uscc=_POLICE,
            uscc=_USCC,
            completed_at=_AT,
            working_minutes=42,
        ),
        "The department completed its task; working time in minutes",
    ),
    Published(
        event_type(TASK, "refused"),
        TaskRefusedV1,
        TaskRefusedV1(
            task_id=_T,
            matter_id=_M,
            kind="seal",
            agency_uscc=_POLICE,
            reason="法定代表人身份不符",
            legal_basis="（示例）某办法第八条",
        ),
        "The department refused its task for good, with the legal basis",
    ),
    Published(
        event_type(TASK, "cancelled"),
        TaskCancelledV1,
        TaskCancelledV1(task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE),
        "The applicant withdrew what is left: the task is no longer to be done",
    ),
    Published(
        event_type(TASK, "warned"),
        TaskWarnedV1,
        TaskWarnedV1(task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE, due_at=_AT),
        "The time of a task runs out soon; told once",
    ),
    Published(
        event_type(TASK, "escalated"),
        TaskEscalatedV1,
        TaskEscalatedV1(
            task_id=_T,
            matter_id=_M,
            kind="seal",
            agency_uscc=_POLICE,
            due_at=_AT,
            to="lead_agency",
            to_agency_uscc=_LEAD,
        ),
        "A task stays overdue: a superior is told, once each",
    ),
    Published(
        event_type(TASK, "overdue"),
        TaskOverdueV1,
        TaskOverdueV1(task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE, due_at=_AT),
        "A task is not done in its time; told once",
    ),
    Published(
        ACCESS,
        AccessRecorded,
        AccessRecorded(
            reader="client:police",
            client_id="police",
            agency_uscc=_POLICE,
            on_behalf_of=None,
            resource="gateway.task",
            record_key=_T,
            owner_subject="p-7c1f",
            fields=["legal_representative_id_number"],
            purpose="seal",
            matter_id=_M,
            grant_id=None,
            result="allowed",
            at=_AT,
        ),
        "Somebody read protected fields of another's record",
    ),
)
