"""What the pages about one's cases say, Chinese first, then English."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from gateway.progress.domain.case import CaseState

_CIVIL: Final = ZoneInfo("Asia/Shanghai")
_DAY: Final = 86_400
_HOUR: Final = 3_600

STATES: Final[dict[CaseState, tuple[str, str]]] = {
    CaseState.SUBMITTED: ("已提交", "Submitted"),
    CaseState.IN_PROGRESS: ("办理中", "In progress"),
    CaseState.RETURNED: ("待您办理", "Waits for you"),
    CaseState.PAUSED: ("已暂停", "Paused"),
    CaseState.COMPLETED: ("已办结", "Completed"),
    CaseState.REFUSED: ("不予批准", "Refused"),
    CaseState.WITHDRAWN: ("已撤回", "Withdrawn"),
}
WORDS: Final[dict[str, tuple[str, str]]] = {
    "my_cases": ("我的办件", "My cases"),
    "my_cases_text": (
        "您在各部门、各渠道的办件都在这里，状态实时更新。",
        "All your cases, with whichever department and by whichever way, as they stand now.",
    ),
    "no_cases": ("您还没有办件。", "You have no cases yet."),
    "waits_for_you": ("待您办理", "Waits for you"),
    "under_way": ("办理中", "Under way"),
    "ended": ("已结束", "Ended"),
    "older": ("更早的办件", "Older cases"),
    "case_no": ("受理编号", "Case number"),
    "state": ("状态", "State"),
    "now": ("当前环节", "Present step"),
    "then": ("下一步", "Next step"),
    "unit": ("办理单位", "Handled by"),
    "due": ("时限", "Time limit"),
    "opened": ("提交时间", "Submitted"),
    "late": ("已超过时限", "Past its time limit"),
    "parts": ("各环节", "Parts"),
    "results": ("办理结果", "Results"),
    "result": ("查看并核验结果", "See and verify the result"),
    "history": ("办理过程", "History"),
    "see": ("查看进度", "See how it stands"),
    "act": ("查看需要您做什么", "See what you have to do"),
    "to_do": ("需要您做的", "What you have to do"),
    "to_account": ("返回我的账号", "Back to my account"),
    "to_cases": ("返回我的办件", "Back to my cases"),
    "no_such_case": ("未找到此办件", "No such case"),
    "no_such_case_text": (
        "请核对受理编号。刚提交的办件约一秒后可查。",
        "Check the number. A case can be seen about a second after it was submitted.",
    ),
}


def civil(at: datetime) -> str:
    """A moment as people here read it: in China's one civil time."""
    return at.astimezone(_CIVIL).strftime("%Y-%m-%d %H:%M")


def due_words(due_at: datetime, now: datetime, *, english: bool) -> str:
    """How long there is until the limit, or since, in words; and the moment itself."""
    seconds = (due_at - now).total_seconds()
    span = _span(abs(seconds), english=english)
    if seconds < 0:
        words = f"{span} late" if english else f"已超过{span}"
    else:
        words = f"{span} left" if english else f"还剩{span}"
    return f"{words} ({civil(due_at)})" if english else f"{words}（{civil(due_at)}）"


def _span(seconds: float, *, english: bool) -> str:
    days, hours = int(seconds // _DAY), int(seconds % _DAY // _HOUR)
    if days:
        return _counted(days, "天", "day", english=english)
    if hours:
        return _counted(hours, "小时", "hour", english=english)
    return "less than an hour" if english else "不到1小时"


def _counted(number: int, zh: str, en: str, *, english: bool) -> str:
    return f"{number} {en}{'' if number == 1 else 's'}" if english else f"{number}{zh}"
