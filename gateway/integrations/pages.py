"""Writes a page for each outside system and the guide to them all: `python -m gateway.integrations.pages`.

Pages are of the repository's sample region: who answers for a system is read from its region pack.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from gateway.integrations.contracts import load_contracts
from gateway.integrations.domain.contract import EVERYBODY, Contracts, SentEvent, System
from shared.region import RegionPack, load_region_pack

_ROOT: Final = Path(__file__).parents[2]
DIRECTORY: Final = _ROOT / "docs" / "integrations"
SAMPLE_REGION: Final = _ROOT / "deploy" / "regions" / "yongji"
_GUIDE: Final = Path(__file__).parent / "guide.md"
_HEADER: Final = "<!-- Written by `python -m gateway.integrations.pages` from gateway/integrations. -->\n"
_REFUSALS: Final = """\
| answer | problem | what to do |
|---|---|---|
| 400 | `event-not-in-contract` | send only the types above |
| 400 | `invalid-input` | it is no CloudEvent 1.0; `errors` names each place |
| 401, 403 | `not-your-system`, `insufficient-scope` | use the token of the agency that answers for the system |
| 409 | `another-event-of-this-id` | the id was used for other content: never use an id twice |
| 422 | `outside-event-not-accepted` | mend the data at each `pointer`, send again under the same id |
| 429, 5xx, no answer | | send the same event again later: it is taken once |
"""
_CHECKLIST: Final = """\
- [ ] client registered, its key made by the system itself, token fetched
- [ ] the example above answers 202, and 200 when it is sent again
- [ ] a wrong datum answers 422 and is told to somebody
- [ ] ids of events are unique for ever, and kept until the answer was 202 or 200
"""


def pages(contracts: Contracts, region: RegionPack) -> dict[str, str]:
    """Return every page by its file name."""
    return {"README.md": _guide(contracts)} | {
        f"{system.key}.md": "\n".join(_page(system, region)) + "\n" for system in contracts.systems
    }


def cloud_event(kind: SentEvent) -> dict[str, Any]:
    """A whole event of this kind, as its system sends it."""
    return {
        "specversion": "1.0",
        "id": f"{kind.system}-{kind.verb}-000001",
        "source": f"https://{kind.system.replace('_', '-')}.example.gov.cn",
        "type": kind.type,
        "subject": str(kind.example[kind.subject]),
        "time": "2026-11-20T01:30:00Z",
        "data": dict(kind.example),
    }


def _guide(contracts: Contracts) -> str:
    systems = [
        f"| {', '.join(each.rows)} | [{each.title.zh}]({each.key}.md) | {each.title.en} | {_ways(each)} |"
        for each in sorted(contracts.systems, key=lambda each: (each.rows, each.key))
    ]
    without = [
        f"| {each.row} | {each.reason.zh} | {each.reason.en} |" for each in contracts.without_interface
    ]
    guide = _GUIDE.read_text()
    return _HEADER + guide.replace("{systems}", "\n".join(systems)).replace("{without}", "\n".join(without))


def _ways(system: System) -> str:
    ways = {
        "sends": system.sends,
        "follows": system.follows,
        "calls": system.calls,
        "tasks": system.tasks,
        "files": system.takes_files,
    }
    return ", ".join(name for name, used in ways.items() if used)


def _page(system: System, region: RegionPack) -> Iterator[str]:
    agency = region.agency(system.agency)
    yield f"{_HEADER}# {system.title.zh} ({system.title.en})\n"
    yield f"{system.purpose.zh}。{system.purpose.en}.\n"
    yield "| | |\n|---|---|"
    yield f"| requirements | {', '.join(system.rows)} |"
    yield f"| who answers for it (责任单位) | {agency.name.zh}, `{agency.uscc}` |"
    yield f"| contract, machine-readable | `GET /integrations/v1/systems/{system.key}` |\n"
    yield "How to connect, step by step: [README](README.md).\n"
    yield from _sends(system, region)
    yield from _follows(system)
    yield from _calls(system)
    if system.tasks:
        keys = ", ".join(f"`{key}`" for key in system.tasks)
        yield "## Tasks of matters (一件事中的部门任务)\n"
        yield f"Carries out {keys}: `gateway.task.assigned` tells of each; take it, then complete it with its result.\n"
    yield from _files(system)
    yield f"## Refusals (拒绝)\n\n{_REFUSALS}\n## Checklist (联调清单)\n\n{_CHECKLIST}".rstrip()


def _sends(system: System, region: RegionPack) -> Iterator[str]:
    yield "## Sends (发送)\n"
    yield "To `POST /integrations/v1/events`, scope `integrations.event.send`.\n"
    for kind in system.sends:
        yield f"### `{kind.type}`\n\n{kind.summary.zh}。{kind.summary.en}. Subject: `{kind.subject}`.\n"
        yield "| datum | kind | must be there |\n|---|---|---|"
        for name, datum in kind.data.items():
            yield f"| `{name.rstrip('?')}` | {datum} | {'no' if name.endswith('?') else 'yes'} |"
        shown = json.dumps(cloud_event(kind), ensure_ascii=False, indent=2)
        yield f"\n```json\n{shown}\n```\n\nFollowed by: {_followers(kind, region)}.\n"


def _followers(kind: SentEvent, region: RegionPack) -> str:
    if EVERYBODY in kind.open_to:
        return "every agency of the region (`cn.tongban.gateway.external.received.v1`)"
    if not kind.open_to:
        shown = ", and shown to the enterprise in `GET /matters/v1/mine`" if kind.verb == "progressed" else ""
        return f"no agency; kept{shown}"
    return "、".join(region.agency(key).name.zh for key in kind.open_to)


def _follows(system: System) -> Iterator[str]:
    if system.follows:
        yield "## Follows (订阅)\n"
        yield "By NATS, event stream, webhook or file: [following events](../following-events.md).\n"
        yield "\n".join(f"- `{each}`" for each in system.follows) + "\n"


def _calls(system: System) -> Iterator[str]:
    if system.calls:
        yield "## Calls (调用)\n\n| call | scope | why |\n|---|---|---|"
        for call in system.calls:
            scope = f"`{call.scope}`" if call.scope else "none"
            yield f"| `{call.method} {call.path}` | {scope} | {call.why.zh}。{call.why.en}. |"
        yield ""


def _files(system: System) -> Iterator[str]:
    yield "## Files (文件交换)\n"
    wont = (
        "Meant for it, weekly or monthly, until it is connected: "
        if system.takes_files
        else "Also possible: "
    )
    verbs = "|".join(kind.verb for kind in system.sends)
    yield (
        f"{wont}`POST /integrations/v1/files/{system.key}` with NDJSON of such events, or"
        f" `?verb={verbs}` with CSV: `id,time` and the data by name. Good lines are taken, bad ones told with"
        " their line; the same file again changes nothing.\n"
    )


def main() -> None:
    """Write all pages, and take away those of systems that are no more."""
    DIRECTORY.mkdir(exist_ok=True)
    written = pages(load_contracts(), load_region_pack(SAMPLE_REGION))
    for path in DIRECTORY.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (DIRECTORY / name).write_text(text)


if __name__ == "__main__":
    main()
