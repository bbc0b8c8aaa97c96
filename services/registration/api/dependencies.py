"""What routes take from the app: the registrar's desk."""

from typing import Annotated

from fastapi import Depends, Request

from services.registration.use_cases.registrar_desk import RegistrarDesk


async def _desk(request: Request) -> RegistrarDesk:
    desk: RegistrarDesk = request.app.state.desk
    return desk


Desk = Annotated[RegistrarDesk, Depends(_desk)]
