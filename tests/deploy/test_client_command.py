"""`tongban client`: an administrator registers clients at a gateway from the command line."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from deploy.local.cli import app
from deploy.local.postgres import Cluster
from tests.gateway.conftest import gateway_settings
from tests.gateway.seed import AGENCY_KEYS
from tests.gateway.serving import served
from tests.support.service import service_under_test

TAX = "11140881MB9Y000405"


@dataclass(frozen=True)
class Desk:
    """A terminal of the data bureau, with its key, in front of a gateway."""

    gateway: str
    folder: Path

    async def run(self, *words: str) -> Result:
        """Type `tongban client ...`."""
        whom = ("--gateway", self.gateway, "--as", "data_bureau", "--key", str(self.folder / "admin.pem"))
        return await asyncio.to_thread(CliRunner().invoke, app, ["client", *whom, *words])

    async def told(self, *words: str) -> dict[str, object]:
        """Type it with `--json`, and expect it to be done."""
        done = await self.run(*words, "--json")
        assert done.exit_code == 0, done.output
        found: dict[str, object] = json.loads(done.stdout)
        return found

    async def new_key(self, name: str) -> tuple[Path, dict[str, str]]:
        """Make a key pair; returns where the public half lies, and what it says."""
        done = await self.run("new-key", str(self.folder / f"{name}.pem"))
        assert done.exit_code == 0, done.output
        public = self.folder / f"{name}.json"
        public.write_text(done.stdout)
        return public, json.loads(done.stdout)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """The desk, and a gateway with a seed."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "admin.pem").write_bytes(AGENCY_KEYS["data_bureau"].to_pem())
    settings = gateway_settings(folder)
    async with (
        service_under_test(
            "gateway", cluster, folder, package="gateway", settings=settings, worker=False
        ) as gateway,
        served(gateway.app) as port,
    ):
        yield Desk(f"http://127.0.0.1:{port}", folder)


async def test_a_client_goes_from_its_key_to_live_and_through_a_change_of_keys(desk: Desk) -> None:
    public, jwk = await desk.new_key("first")
    next_public, next_jwk = await desk.new_key("next")
    named = ("--name", "电子税务局", "--agency", TAX, "--scope", "registration.enterprise.read")

    registered = await desk.run("register", "tax-desk", *named, "--jwk", str(public))
    trial = await desk.told("show", "tax-desk")
    live = await desk.told("release", "tax-desk", "--scope", "matters.task.handle", "--tier", "large")
    added = await desk.told("add-key", "tax-desk", str(next_public), "--until", "2099-01-01")
    removed = await desk.told("remove-key", "tax-desk", jwk["kid"])
    suspended = await desk.told("suspend", "tax-desk", "--reason", "异常调用")
    listed = await desk.run("list", "--agency", TAX, "--standing", "suspended")
    resumed = await desk.told("resume", "tax-desk")
    closed = await desk.told("close", "tax-desk", "--reason", "系统下线")

    assert registered.exit_code == 0, registered.output
    assert "电子税务局" in registered.stdout
    assert (trial["environment"], trial["tier"]) == ("test", "small")
    assert (live["environment"], live["tier"], live["scopes"]) == ("live", "large", ["matters.task.handle"])
    assert [key["kid"] for key in added["keys"]] == [jwk["kid"], next_jwk["kid"]]  # type: ignore[attr-defined]
    assert [key["kid"] for key in removed["keys"]] == [next_jwk["kid"]]  # type: ignore[attr-defined]
    assert (suspended["standing"], resumed["standing"], closed["standing"]) == (
        "suspended",
        "active",
        "closed",
    )
    assert "tax-desk" in listed.stdout


async def test_a_private_key_is_its_owners_alone_and_never_overwritten(desk: Desk) -> None:
    await desk.new_key("own")
    file = desk.folder / "own.pem"

    again = await desk.run("new-key", str(file))
    sent = await desk.run("add-key", "tax", str(file))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (again.exit_code, "exists" in again.stderr) == (1, True)
    assert (sent.exit_code, "never leaves its owner" in sent.stderr) == (1, True)


async def test_a_refusal_says_what_is_wrong_and_what_to_do(desk: Desk) -> None:
    public, _ = await desk.new_key("refused")
    named = ("--name", "某系统", "--agency", TAX, "--jwk", str(public))

    wrong = await desk.run("register", "tax-wrong", *named, "--scope", "registration.filing.decide")
    unknown = await desk.run("show", "no-such-client")
    own = await desk.run("suspend", "data_bureau", "--reason", "误操作")
    taken = await desk.run("register", "tax", *named, "--scope", "registration.enterprise.read")
    away = await asyncio.to_thread(
        CliRunner().invoke,
        app,
        [
            "client",
            "--gateway",
            "http://127.0.0.1:9",
            "--as",
            "x",
            "--key",
            f"{desk.folder}/admin.pem",
            "list",
        ],
    )

    answers = (wrong, unknown, own, taken, away)
    assert [answer.exit_code for answer in answers] == [1] * 5
    assert "/scopes: registration.filing.decide is no scope" in wrong.stderr
    assert "`tongban client list` shows all" in unknown.stderr
    assert "another administrator" in own.stderr
    assert "choose another id" in taken.stderr
    assert "check --gateway" in away.stderr
