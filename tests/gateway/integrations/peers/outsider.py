"""What every outsider needs: a token, CloudEvents, the event stream, tasks."""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

Json = dict[str, Any]


@dataclass
class Outsider:
    """A system outside, with the address of the city and a token of the agency that answers for it."""

    gateway: str
    token: str
    system: str

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Make a call; commands carry a key, so that they may be repeated."""
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        if method == "POST":
            headers["Idempotency-Key"] = secrets.token_hex(16)
        return httpx.request(method, self.gateway + path, headers=headers, timeout=30, **more)

    def event(self, verb: str, subject: str, data: Json) -> Json:
        """A CloudEvent with an id that is never used again."""
        return {
            "specversion": "1.0",
            "id": f"{self.system}-{secrets.token_hex(8)}",
            "source": f"https://{self.system}.example",
            "type": f"cn.tongban.external.{self.system}.{verb}.v1",
            "subject": data[subject],
            "time": datetime.now(UTC).isoformat(),
            "data": data,
        }

    def send(self, verb: str, subject: str, **data: Any) -> str:
        """Send an event, and again until it is taken; returns its id."""
        event = self.event(verb, subject, data)
        media = {"Content-Type": "application/cloudevents+json"}
        for _ in range(3):
            answer = self.call("POST", "/integrations/v1/events", content=json.dumps(event), headers=media)
            if answer.status_code in (200, 202):
                return str(event["id"])
            if answer.status_code < 500:
                break
        raise RuntimeError(answer.text)

    def follow(self, event_type: str, wanted: Callable[[Json], bool]) -> Json:
        """Read the event stream from the start until the event that is wanted comes."""
        query = {"types": event_type}
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.gateway}/subscriptions/v1/events"
        with httpx.stream("GET", url, params=query, headers=headers, timeout=30) as stream:
            return next(event for event in _events(stream) if wanted(event))

    def carry_out(self, kind: str, uscc: str, result: Json) -> Json:
        """Hear of the department's task, take it and complete it with its result."""
        assigned = self.follow(
            "cn.tongban.gateway.task.assigned.v1",
            lambda event: bool(event["data"]["kind"] == kind and event["data"]["uscc"] == uscc),
        )
        path = f"/matters/v1/tasks/{assigned['data']['task_id']}"
        self.call("POST", f"{path}/taking").raise_for_status()
        answer = self.call("POST", f"{path}/completion", json={"result": result})
        answer.raise_for_status()
        completed: Json = answer.json()
        return completed


def _events(stream: httpx.Response) -> Iterator[Json]:
    for line in stream.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))
