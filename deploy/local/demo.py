"""The demo: one restaurant from sign-in to open doors, over HTTP and events, told as a timeline."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from rich.console import Console

from deploy.local import demo_story as story
from deploy.local.blueprint import tongban
from deploy.local.demo_client import Json, open_http
from deploy.local.demo_savings import Savings
from deploy.local.demo_timeline import Said, Timeline, language_of
from deploy.local.environment import Surroundings
from deploy.local.lock import supervisor_pid
from deploy.local.suite import SuiteOptions, running_suite, surroundings_of_running


def run(options: SuiteOptions, *, as_json: bool = False, language: str | None = None) -> None:
    """Against the suite that runs on the data directory, or else one that is started for the demo alone.

    Raises: Refused, saying which step did not come to what was expected.
    """
    timeline = Timeline(language_of(language), as_json)
    asyncio.run(_run(options, timeline))


async def _run(options: SuiteOptions, timeline: Timeline) -> None:
    async with _suite(options) as around:
        await tell(around, timeline)


@contextlib.asynccontextmanager
async def _suite(options: SuiteOptions) -> AsyncIterator[Surroundings]:
    if supervisor_pid(options.data) is not None:
        yield surroundings_of_running(options.data)
        return
    console = Console(stderr=True, highlight=False)
    async with running_suite(options, tongban(), say=console.print, step=console.print) as around:
        yield around


async def tell(around: Surroundings, timeline: Timeline) -> None:
    """Run the main job once. Raises: Refused."""
    async with open_http(around.public_url, timeline.language) as http:
        plot = await story.begin(around, http, timeline)
        try:
            await _main_job(plot, timeline)
        finally:
            await plot.subscriber.cut_off()


async def _main_job(plot: story.Story, timeline: Timeline) -> None:
    notice = await story.tell_notice(plot)
    theme, opened = await story.open_matter(plot, notice)
    matter = await story.follow_registration(plot, opened["id"])
    await story.departments(plot, matter)
    subject = await story.read_credit(plot, matter["uscc"])
    permit = await story.permits(plot, matter["id"])
    matter = await story.finish(plot, matter["id"])
    ticket = await story.ask_hotline(plot, matter)
    await story.resume_subscriber(plot, matter["uscc"])
    saved = story.savings(theme, matter, notice)
    _show_savings(timeline, saved, is_confirmed=theme["is_confirmed"])
    _show_working_time(timeline, matter)
    timeline.document(
        matter_id=matter["id"],
        uscc=matter["uscc"],
        permit_number=permit["permit_number"],
        grade=subject["grade"],
        ticket_number=ticket["number"],
        subscriber={
            "received": plot.subscriber.received,
            "repeated": plot.subscriber.repeated,
            "connections": plot.subscriber.connections,
        },
        saved=_savings_document(saved, is_confirmed=theme["is_confirmed"]),
        working_minutes=_working_minutes(matter),
    )


def _show_savings(timeline: Timeline, saved: Savings, *, is_confirmed: bool) -> None:
    rows = [
        (
            part.title[timeline.language],
            part.agency[timeline.language],
            str(part.fields),
        )
        for part in saved.asked
    ]
    columns = (
        Said("环节", "part"),
        Said("部门", "department"),
        Said("原表单字段数", "fields of its own form"),
    )
    timeline.table(Said("少填了多少", "What was saved"), columns, rows)
    timeline.note(
        Said(
            f"本次填写 {saved.typed} 项；各部门分别申请共需填写 {saved.departments_total} 项；"
            f"少填 {saved.saved_percent}%。",
            f"Typed once: {saved.typed} fields. Asked by the departments one by one: "
            f"{saved.departments_total}. Saved: {saved.saved_percent}%.",
        )
    )
    if not is_confirmed:
        timeline.note(
            Said(
                "各部门原表单的字段清单来自地区配置包，尚待本市确认。",
                "The departments' own lists of fields come from the region pack; the city has not confirmed them.",
            )
        )


def _show_working_time(timeline: Timeline, matter: Json) -> None:
    rows = [
        (part["title"][timeline.language], str(part["clock"]["working_minutes"]), part["clock"]["limit"])
        for part in (*matter["steps"], *matter["tasks"], matter)
        if part["clock"]
    ]
    columns = (
        Said("环节", "part"),
        Said("工作时间（分钟）", "working minutes"),
        Said("时限", "limit"),
    )
    timeline.table(Said("各环节工作时间", "Working time of each part"), columns, rows)
    timeline.note(
        Said(
            "只计办公时间：办公时间以外办结的，为 0 分钟。",
            "Office hours only: what is done outside them took 0 minutes.",
        )
    )


def _savings_document(saved: Savings, *, is_confirmed: bool) -> dict[str, Any]:
    return {
        "typed_fields": saved.typed,
        "department_fields": saved.departments_total,
        "saved_percent": saved.saved_percent,
        "department_lists_confirmed": is_confirmed,
        "parts": [{"key": part.key, "agency": part.agency, "fields": part.fields} for part in saved.asked],
    }


def _working_minutes(matter: Json) -> dict[str, int]:
    parts = {step["key"]: step["clock"] for step in matter["steps"]}
    parts |= {task["kind"]: task["clock"] for task in matter["tasks"]}
    minutes = {key: int(clock["working_minutes"]) for key, clock in parts.items() if clock}
    return minutes | {"matter": int(matter["clock"]["working_minutes"])}
