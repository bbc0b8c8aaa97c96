"""Reads the file of upstream platforms; a file that is not right stops the start."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator
from ruamel.yaml import YAML

from gateway.uplink.domain.facts import ITEMS
from gateway.uplink.domain.upstreams import Upstream
from shared.security.keys import SigningKey


class UpstreamIn(BaseModel):
    """One platform; it counts where the gateway's region is the one named. `key_file` lies beside this file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=500)]
    client_id: Annotated[str, Field(min_length=1, max_length=128)]
    key_file: Path
    region: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    items: Annotated[frozenset[str], Field(min_length=1)]

    @field_validator("items")
    @classmethod
    def _are_known(cls, items: frozenset[str]) -> frozenset[str]:
        if not items <= ITEMS:
            raise ValueError(f"items are {', '.join(sorted(ITEMS))}")
        return items


class UpstreamsIn(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    upstreams: tuple[UpstreamIn, ...] = ()


def read_upstreams(file: Path | None, region_code: str) -> tuple[Upstream, ...]:
    """Return the platforms of a region; raises OSError, ValueError or UnusableKey, and the worker does not start."""
    if file is None:
        return ()
    listed = UpstreamsIn.model_validate(YAML(typ="safe").load(file.read_text()) or {}).upstreams
    if len({each.key for each in listed}) < len(listed):
        raise ValueError("every key is listed once")
    return tuple(
        Upstream(
            each.key,
            each.url,
            each.client_id,
            SigningKey.from_pem((file.parent / each.key_file).read_bytes()),
            each.region,
            each.items,
        )
        for each in listed
        if each.region == region_code
    )
