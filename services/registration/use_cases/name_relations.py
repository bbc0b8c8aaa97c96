"""Look up whose like names do not bar the name that is asked for."""

from collections.abc import Iterable

from services.registration.domain.kinds import Party
from services.registration.domain.name_relations import NameConsent, Related
from services.registration.domain.person import Person
from services.registration.store.known_enterprises import KnownEnterprises
from shared.database.unit_of_work import UnitOfWork


async def related_of(
    uscc: str | None, people: Iterable[Person], consent: NameConsent | None, uow: UnitOfWork
) -> Related:
    """Organisations among the owners, and the enterprises that the applicant, once registered, owns part of."""
    owners = {p.id_number for p in people if p.is_owner and p.party is Party.ORGANISATION}
    owned = await KnownEnterprises(uow.session).owned_by(uscc) if uscc is not None else frozenset[str]()
    invested = frozenset(owners) | owned
    agreed = frozenset({consent.uscc}) - invested if consent is not None else frozenset[str]()
    return Related(invested, agreed)
