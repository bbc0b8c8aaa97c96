"""The services behind the gateway as developers know them: name, title, path prefix, where they listen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

GATEWAY: Final = "gateway"
_TITLES: Final = {
    "registration": ("企业登记", "Enterprise registration"),
    "credit": ("公共信用", "Public credit"),
    "licensing": ("行业综合许可", "Comprehensive permits"),
    "hotline": ("12345 工单", "12345 hotline"),
    GATEWAY: ("统一网关", "Gateway"),
}


@dataclass(frozen=True)
class Service:
    """A part of the suite that has an OpenAPI document of its own; the gateway's has no URL to be asked at."""

    name: str
    title_zh: str
    title_en: str
    path_prefix: str
    url: str | None = None


def services_of(urls: Mapping[str, str]) -> tuple[Service, ...]:
    """Return the gateway and the services at these base URLs, by name."""
    behind = [
        Service(name, *_TITLES[name], path_prefix=f"/{name}/v1", url=url.rstrip("/"))
        for name, url in urls.items()
    ]
    here = Service(GATEWAY, *_TITLES[GATEWAY], path_prefix="/")
    return tuple(sorted((here, *behind), key=lambda service: service.name))
