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
        "overdue": ("登记申请审查超期", "the time for a filing ran out"),
        "reopened": (
            "撤销不予登记决定，重新审查",
            "a refusal was set aside, the filing is under review again",
        ),
    },
    "registration.enterprise": {
        "registered": ("企业登记入册", "an enterprise was entered in the register"),
        "representative_entered": ("补录法定代表人", "a representative was entered"),
        "altered": ("变更登记", "registered items were altered"),
        "recorded": ("备案", "recorded items changed"),
        "relocated": ("迁移登记", "an enterprise moved"),
        "moved_out": ("迁出本登记机关", "an enterprise moved to another register"),
        "suspended": ("歇业", "an enterprise suspended its business"),
        "resumed": ("恢复营业", "an enterprise does business again"),
        "deregistered": ("注销登记", "an enterprise was deregistered"),
        "forcibly_deregistered": ("强制注销", "an enterprise was deregistered by the registrar"),
        "licence_revoked": ("吊销营业执照", "a business licence was revoked"),
        "closed_by_order": ("责令关闭", "an enterprise was ordered to close"),
        "registration_revoked": ("撤销登记", "a registration was revoked"),
        "restored": ("恢复登记", "an enterprise stands in the register again"),
        "court_ruled": ("法院裁定记入登记簿", "a court's ruling was entered in the register"),
    },
    "registration.licence": {
        "issued": ("颁发电子营业执照", "a version of a business licence was issued"),
        "ended": ("电子营业执照失效", "a business licence ended"),
        "copied": ("制作营业执照加注件", "a copy of a business licence was made for a purpose"),
        "copy_revoked": ("收回营业执照加注件", "a copy of a business licence was taken back"),
    },
    "registration.merged_filing": {
        "sent": ("多证合一备案推送", "a filing merged into a licence was sent to its agency")
    },
    "registration.relocation": {
        "requested": ("请求移交登记档案", "a registrar was asked for an enterprise's file"),
        "handed_over": ("移交登记档案", "an enterprise's file was handed over"),
        "refused": ("不予移交登记档案", "an enterprise's file was kept back"),
        "withdrawn": ("撤回档案移交请求", "a file is not asked for any more"),
        "taken_back": ("退回登记档案", "a file came back"),
        "overdue": ("档案移交超期", "the time to hand a file over ran out"),
        "paper_files_moved": ("移交纸质档案", "paper files followed"),
    },
    "registration.name_reservation": {
        "made": ("保留企业名称", "a name was reserved"),
        "reminded": ("名称保留到期提醒", "a reservation of a name ends soon"),
        "released": ("放弃名称保留", "a reserved name was given back"),
        "lapsed": ("名称保留期满", "a reservation of a name ran out"),
    },
    "registration.name_dispute": {
        "submitted": ("申请名称争议裁决", "a dispute over a name was submitted"),
        "accepted": ("受理名称争议", "a dispute over a name was taken up"),
        "rejected": ("不予受理名称争议", "a dispute over a name was not taken up"),
        "closed": ("名称争议终结", "a dispute over a name is over"),
        "overdue": ("名称争议超期", "a dispute over a name is overdue"),
    },
    "registration.appeal": {
        "made": ("以先例申诉不予登记", "a refusal was appealed with a precedent"),
        "answered": ("书面答复先例申诉", "the registrar answered an appeal in writing"),
        "withdrawn": ("撤回先例申诉", "an appeal was withdrawn"),
        "overdue": ("先例申诉答复超期", "the answer to an appeal is overdue"),
    },
    "registration.name": {
        "ruled": ("裁决企业名称", "the registrar ruled on a name"),
        "withdrawn": ("以统一社会信用代码代替名称", "the credit code stands in for a name"),
    },
    "registration.annual_report": {
        "due": ("催报年度报告", "an annual report was reminded of"),
        "submitted": ("报送年度报告", "an annual report was filed"),
        "received": ("部门接收年度报告事项", "a department was given its part of a report"),
    },
    "registration.disclosure": {"published": ("公示即时信息", "an enterprise made something known")},
    "registration.abnormal_list": {
        "entered": ("列入经营异常名录", "an enterprise was put on the abnormal list"),
        "removed": ("移出经营异常名录", "an enterprise was taken off the abnormal list"),
        "three_years": ("列入经营异常名录满三年", "an entry of the abnormal list lasted three years"),
        "objection_answered": ("答复列入异议", "an objection to an entry was answered"),
    },
    "registration.notice": {
        "published": ("简易注销公告", "notice of a simple deregistration was given"),
        "objected": ("对简易注销提出异议", "somebody objected to a simple deregistration"),
        "ended": ("简易注销公告期届满", "a notice ended without objection"),
        "warned": ("简易注销公告临期提醒", "a notice soon serves no more"),
        "lapsed": ("简易注销公告失效", "a notice was not used in time"),
        "withdrawn": ("撤回简易注销公告", "a notice was withdrawn"),
    },
    "registration.exit_bar": {
        "entered": ("登记注销限制", "an agency holds something against an exit"),
        "lifted": ("解除注销限制", "an agency holds it against an exit no more"),
    },
    "registration.forced_exit": {
        "due": ("列入强制注销名单", "an enterprise is due for forced deregistration"),
        "noticed": ("强制注销公告", "notice of a forced deregistration was given"),
        "objected": ("对强制注销提出异议", "somebody objected to a forced deregistration"),
        "resumed": ("强制注销异议不成立", "objections to a forced deregistration were dismissed"),
        "elapsed": ("强制注销公告期届满", "the notice of a forced deregistration ended"),
        "terminated": ("终止强制注销", "a forced deregistration was given up"),
    },
    "registration.false_registration": {
        "submitted": ("申请撤销虚假登记", "somebody said that a registration is false"),
        "accepted": ("受理虚假登记案件", "a case of a false registration was taken up"),
        "rejected": ("不予受理虚假登记案件", "a case of a false registration was not taken up"),
        "withdrawn": ("撤回撤销登记申请", "a case of a false registration was withdrawn"),
        "published": ("公示涉嫌虚假登记", "the facts of a false registration were published"),
        "objected": ("对虚假登记公示提出异议", "somebody objected to published facts"),
        "elapsed": ("虚假登记公示期届满", "a publication of facts ended"),
        "overdue": ("虚假登记案件超期", "a case of a false registration is overdue"),
        "decided": ("作出是否撤销登记的决定", "a case of a false registration was decided"),
        "set_aside": ("撤销登记决定被撤销", "a revocation of a registration was set aside"),
    },
    "registration.clearance": {"told": ("反馈清税结果", "the tax agency told that taxes are cleared")},
    "registration.liquidation": {
        "opened": ("清算组备案", "a liquidation group was put on record"),
        "group_changed": ("变更清算组", "a liquidation group was changed"),
        "creditors_notified": ("发布债权人公告", "creditors were notified"),
        "concluded": ("确认清算报告", "a liquidation report was confirmed"),
        "abandoned": ("终止清算", "a liquidation was given up"),
    },
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
    "licensing.permit": {
        "issued": ("颁发许可证", "a permit was issued"),
        "altered": ("变更许可证", "a permit followed its holder's new name or address"),
        "premises_changed": ("许可场所变动", "the holder of a permit left its premises, or is back"),
        "cancelled": ("注销许可证", "a permit was cancelled"),
    },
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
        "resubmitted": ("一件事补正后再次提交", "a matter was corrected and submitted again"),
        "handed_over": ("一件事移交属地办理", "a matter was handed over to where it is handled"),
        "step_refused": ("一件事环节不予办理", "a step of a matter was refused"),
        "filing_merged": ("多证合一信息推送", "a filing merged into the licence was sent to its agency"),
        "choice_asked": ("请申请人选择后续办理方式", "the applicant was asked how to go on"),
        "partly_completed": ("一件事部分办结", "a matter was completed in part"),
        "warned": ("一件事临期提醒", "a matter's time runs out soon"),
        "escalated": ("一件事超期上报", "an overdue matter was escalated"),
    },
    "gateway.task": {
        "assigned": ("派发部门任务", "a department was given a task"),
        "taken": ("部门接办任务", "a department took a task"),
        "returned": ("部门退回任务", "a department returned a task"),
        "completed": ("部门办结任务", "a department completed a task"),
        "overdue": ("部门任务超期", "a task is overdue"),
        "released": ("部门退出接办", "a department put a task back"),
        "visit_requested": ("请申请人到现场", "the applicant was asked to come in person"),
        "refused": ("部门不予办理", "a department refused a task"),
        "cancelled": ("取消部门任务", "a task was cancelled"),
        "warned": ("部门任务临期提醒", "a task's time runs out soon"),
        "escalated": ("部门任务超期上报", "an overdue task was escalated"),
    },
    "gateway.grant": {
        "issued": ("授权共享数据", "data were granted to an agency"),
        "withdrawn": ("撤回数据授权", "a grant was withdrawn"),
        "narrowed": ("缩小数据授权", "a grant was narrowed"),
        "suspended": ("暂停数据授权", "a grant was suspended"),
        "resumed": ("恢复数据授权", "a grant was resumed"),
        "expired": ("数据授权到期", "a grant ended"),
    },
    "gateway.power": {
        "delegated": ("委托事权", "a power was delegated"),
        "withdrawn": ("收回事权", "a power was withdrawn"),
    },
    "gateway.payment": {
        "requested": ("发出缴费通知", "a payment was asked for"),
        "paid": ("缴费成功", "a payment came in"),
        "voided": ("缴费取消", "a payment was voided"),
        "refunded": ("已退费", "money was given back"),
    },
    "gateway.delivery": {
        "prepared": ("结果待送达", "results are ready"),
        "ordered": ("已下寄送订单", "a courier has the order"),
        "shipped": ("结果已寄出", "results are on their way"),
        "delivered": ("结果已送达", "results were delivered"),
        "failed": ("投递失败", "a delivery failed"),
    },
    "gateway.delivery_address": {
        "purged": ("收件地址到期删除", "addresses were purged"),
    },
    "gateway.notice": {
        "given_up": ("通知发送失败", "a notice could not be sent"),
        "purged": ("通知到期删除", "notices were purged"),
    },
    "gateway.record": {
        "resolved": ("归集异常处理", "a fact was filed under its enterprise"),
    },
    "gateway.item": {
        "published": ("事项发布", "a service item was published"),
        "withdrawn": ("事项取消", "a service item was withdrawn"),
    },
    "gateway.consent": {
        "given": ("同意授权", "consent was given"),
        "withdrawn": ("撤回同意", "consent was withdrawn"),
    },
    "gateway.entry": {
        "submitted": ("目录条目提交审核", "a catalogue entry was submitted"),
        "returned": ("目录条目退回", "a catalogue entry was returned"),
        "published": ("目录条目发布", "a catalogue entry was published"),
    },
    "gateway.resource": {
        "updated": ("数据更新", "a resource was brought up to date"),
        "stale": ("数据超期未更新", "a resource is older than its cycle"),
        "change_overdue": ("目录超期未更新", "an entry ought to have followed a change"),
    },
    "gateway.share_request": {
        "submitted": ("提出共享申请", "data were asked for"),
        "completion_asked": ("共享申请待补正", "a request was to be completed"),
        "completed": ("共享申请已补正", "a request was completed"),
        "answered": ("答复共享申请", "a request was answered"),
        "provided": ("提供共享数据", "data were provided"),
        "disputed": ("提请协调", "a refusal was disputed"),
        "decided": ("协调裁决", "a dispute was decided"),
        "withdrawn": ("撤回共享申请", "a request was withdrawn"),
        "due_soon": ("共享申请临期", "a request is due soon"),
        "overdue": ("共享申请超期", "a request is overdue"),
    },
    "gateway.need": {
        "submitted": ("提出数据需求", "a need was stated"),
        "assigned": ("列入责任清单", "a need was assigned"),
        "declined": ("不予列入责任清单", "a need was declined"),
        "fulfilled": ("责任事项完成", "a need was fulfilled"),
        "overdue": ("责任事项超期", "a need is overdue"),
    },
    "gateway.correction": {
        "submitted": ("提出数据校核", "a correction was asked for"),
        "answered": ("答复数据校核", "a correction was answered"),
        "overdue": ("数据校核超期", "a correction is overdue"),
    },
    "gateway.acknowledgement": {
        "overdue": (
            "登记信息未及时接收",
            "a department did not acknowledge registration information in time",
        ),
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
    "gateway.external": "kept as it came by the integrations part; what a department does upon it is in the log",
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
