"""By which way a case came in (办理渠道): one set for all services, as every case states it."""

from enum import StrEnum


class Channel(StrEnum):
    """大厅窗口、自助终端、网上大厅、移动端、小程序、电话、代办. Source: GW-10."""

    HALL = "hall"
    KIOSK = "kiosk"
    PORTAL = "portal"
    APP = "app"
    MINI_PROGRAM = "mini_program"
    PHONE = "phone"
    AGENT = "agent"
