"""The enterprise for which a theme is opened: it stands in the register, and the caller acts in its name.

Who may do so, and until when, is for identity: its mandates begin and end as the register says.
"""

from dataclasses import dataclass

from gateway.matters.store.enterprises import EnterpriseStore, KnownEnterprise
from gateway.matters.use_cases.acting import Actor
from gateway.matters.use_cases.form_checks import FormNotAccepted
from shared import region
from shared.database.unit_of_work import UnitOfWork
from shared.web.problems import FieldFault
from shared.web.validation import fault


@dataclass(eq=False)
class EnterpriseNotFound(Exception):
    """There is no such enterprise in the register, or it is not the caller's to act for."""

    uscc: str


class ThemeNotForCaller(Exception):
    """A person opens it in their own name, not an enterprise."""


async def enterprise_for(
    theme: region.Matter, uscc: str | None, actor: Actor, uow: UnitOfWork
) -> KnownEnterprise | None:
    """None where the theme makes its enterprise, or is a person's.

    Raises: EnterpriseNotFound, ThemeNotForCaller, FormNotAccepted where the code is missing or not asked for.
    """
    if not theme.is_for_registered:
        if actor.enterprise is not None:
            raise ThemeNotForCaller
        if uscc is not None:
            raise FormNotAccepted(
                (
                    FieldFault(
                        "/uscc", "not-asked-for", "此主题不填写信用代码", "this theme takes no credit code"
                    ),
                )
            )
        return None
    wanted = uscc or actor.enterprise
    if wanted is None:
        raise FormNotAccepted((fault("/uscc", "missing"),))
    return await own_enterprise(wanted, actor, uow)


async def own_enterprise(uscc: str, actor: Actor, uow: UnitOfWork) -> KnownEnterprise:
    """Raises: EnterpriseNotFound, for somebody else's too."""
    known = await EnterpriseStore(uow.session).find(uscc)
    if actor.agent is not None:
        raise EnterpriseNotFound(uscc)  # an agent files for founders, whose enterprise is not there yet
    if actor.enterprise != uscc or (known is not None and known.is_gone):
        raise EnterpriseNotFound(uscc)
    return known or KnownEnterprise(uscc)
