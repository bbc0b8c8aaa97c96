"""A department at its tasks, over the API."""

from typing import Any

import httpx

from tests.gateway.materials.handing_in import hand, handed_in, send_file
from tests.gateway.matters.conftest import Front
from tests.support.files import pdf
from tests.support.identities import officer_token

JSON = dict[str, Any]
TASKS = "/matters/v1/tasks"


async def assigned(front: Front, **more: Any) -> JSON:
    """A matter whose tasks are at their departments."""
    matter = await front.opened(**more)
    return await front.until(matter["id"], seal="assigned", invoice="assigned")


async def a_material(front: Front, text: str, **more: Any) -> str:
    """A file of the applicant's."""
    return str((await handed_in(front.gateway, pdf(text), hand(), **more))["material_id"])


def task_id(matter: JSON, kind: str = "seal") -> str:
    return str(next(task["id"] for task in matter["tasks"] if task["kind"] == kind))


def officer(front: Front, subject: str, agency: str = "police") -> str:
    """An officer's token for the agency's tasks."""
    return officer_token(subject, front.pack.agency(agency).uscc, "matters.task.handle")


async def act(
    front: Front, task: str, action: str, body: JSON | None = None, token: str = ""
) -> httpx.Response:
    """One move of the police at its task."""
    return await front.gateway.post(f"{TASKS}/{task}/{action}", body, token or front.agency("police"))


async def keep_result(front: Front, task: str, content: bytes, token: str = "") -> httpx.Response:
    """Keep a file that the department made."""
    return await send_file(
        front.gateway,
        content,
        token or front.agency("police"),
        path=f"{TASKS}/{task}/results",
        kind="seal_certificate",
        name="印章备案凭证.pdf",
    )
