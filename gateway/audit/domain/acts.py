"""Which events stand in the log beside readings: every step of a case, every decision (办理留痕), in words.

Every published type is listed here or in `LEFT_OUT`; a test compares with what the services declare.
"""

from collections.abc import Mapping
from typing import Final

Words = tuple[str, str]
"""Chinese, then English."""

ACTS: Final[Mapping[str, Mapping[str, Words]]] = {
    "registration.filing": {
        "submitted": ("提交登记申请", "a filing was submitted"),
        "returned": ("登记申请退回补正", "a filing was returned for correction"),
        "approved": ("准予登记", "a filing was approved"),
        "refused": ("不予登记", "a filing was refused"),
        "withdrawn": ("撤回登记申请", "a filing was withdrawn"),
    },
    "registration.enterprise": {"registered": ("企业登记入册", "an enterprise was entered in the register")},
    "credit.record": {"entered": ("归集信用信息", "a credit record was entered")},
    "credit.subject": {
        "opened": ("建立信用主体", "a credit subject was opened"),
        "evaluated": ("公共信用综合评价", "a credit evaluation was made"),
        "warned": ("信用预警", "a credit warning was given"),
    },
    "licensing.application": {
        "submitted": ("提交许可申请", "an application was submitted"),
        "component_decided": ("作出单项许可决定", "a component permit was decided"),
        "component_overdue": ("单项许可超期", "a component permit is overdue"),
        "approved": ("准予行业综合许可", "an application was approved"),
        "refused": ("不予行业综合许可", "an application was refused"),
    },
    "licensing.permit": {"issued": ("颁发许可证", "a permit was issued")},
    "licensing.commitment": {"made": ("作出告知承诺", "a commitment was made")},
    "hotline.ticket": {
        "received": ("受理诉求", "a request was taken"),
        "dispatched": ("派发工单", "a ticket was dispatched"),
        "returned": ("退回工单", "a ticket was returned by its unit"),
        "contacted": ("联系诉求人", "the requester was contacted"),
        "replied": ("答复诉求", "a ticket was answered"),
        "rated": ("评价办理结果", "a ticket was rated"),
        "closed": ("办结工单", "a ticket was closed"),
        "overdue": ("工单超期", "a ticket is overdue"),
    },
    "gateway.matter": {
        "opened": ("开办一件事", "a matter was opened"),
        "step_completed": ("一件事环节办结", "a step of a matter was completed"),
        "returned": ("一件事退回补正", "a matter was returned for correction"),
        "completed": ("一件事办结", "a matter was completed"),
        "withdrawn": ("撤回一件事", "a matter was withdrawn"),
        "overdue": ("一件事超期", "a matter is overdue"),
    },
    "gateway.task": {
        "assigned": ("派发部门任务", "a department was given a task"),
        "taken": ("部门接办任务", "a department took a task"),
        "returned": ("部门退回任务", "a department returned a task"),
        "completed": ("部门办结任务", "a department completed a task"),
        "overdue": ("部门任务超期", "a task is overdue"),
    },
    "gateway.grant": {
        "issued": ("授权共享数据", "data were granted to an agency"),
        "withdrawn": ("撤回数据授权", "a grant was withdrawn"),
    },
    "gateway.power": {
        "delegated": ("委托事权", "a power was delegated"),
        "withdrawn": ("收回事权", "a power was withdrawn"),
    },
}

LEFT_OUT: Final[Mapping[str, str]] = {
    "registration.access": "a reading: chained as such",
    "credit.access": "a reading: chained as such",
    "licensing.access": "a reading: chained as such",
    "hotline.access": "a reading: chained as such",
    "gateway.access": "a reading: chained as such",
    "registration.representative": "follows from a filing that is in the log, and is for the gateway alone",
    "gateway.audit_root": "says something about the log itself",
}
"""Aggregates that are not in the log, and why."""


def aggregates_of(publisher: str) -> tuple[str, ...]:
    """The aggregates of a publisher that the log follows."""
    names = (name.split(".") for name in ACTS)
    return tuple(aggregate for service, aggregate in names if service == publisher)


def types_of(publisher: str) -> tuple[str, ...]:
    """The event types of a publisher that the log holds."""
    return tuple(
        f"cn.tongban.{name}.{verb}.v1"
        for name, verbs in ACTS.items()
        for verb in verbs
        if name.startswith(f"{publisher}.")
    )


def words_for(resource: str, action: str) -> Words:
    """What an entry tells people; an act without words of its own is named as it is."""
    if action == "read":
        return "查询信息", "data were read"
    return ACTS.get(resource, {}).get(action, (action, action))
