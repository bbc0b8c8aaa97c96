"""What cases, units and steps are called, by the region pack."""

from collections.abc import Iterator

from gateway.progress.domain.case import Case, CaseKind, CaseState, Followed, Title
from gateway.progress.domain.standings import DUTIES, standing_of
from shared.region import GOVERNS_SHARING, Nature, NotInRegionPack, Openness, RegionPack, SharingClass, Text

_FILING_KINDS = {
    "establishment": Title("设立登记", "Registration of establishment"),
    "alteration": Title("变更登记", "Registration of a change"),
    "deregistration": Title("注销登记", "Deregistration"),
    "record": Title("备案", "Record"),
    "suspension": Title("歇业备案", "Business suspension"),
    "relocation": Title("迁移登记", "Relocation"),
}
_DELIVERY = Title("结果送达", "Delivery of the result")
_OUTSIDE = Title("外部系统办件", "Case of an outside system")
_FEE = Title("缴费", "Payment")


class Wording:
    """Looks up names in the region's rules; what they do not know is called by its key."""

    def __init__(self, pack: RegionPack) -> None:
        self._pack = pack

    def title(self, case: Case, matter: Case | None = None) -> Title:
        """What the case is; of a part, by its matter's theme."""
        about = case.about or case.kind.value
        match case.kind:
            case CaseKind.MATTER:
                found = self._theme_title(about)
            case CaseKind.FILING:
                found = _FILING_KINDS.get(about, Title(about, about))
            case CaseKind.APPLICATION:
                found = self._industry_title(about)
            case CaseKind.TICKET:
                found = self._request_title(about)
            case CaseKind.TASK:
                found = self._task_title(about, matter)
            case CaseKind.PAYMENT:
                found = _FEE
            case CaseKind.DELIVERY:
                found = _DELIVERY
            case CaseKind.EXTERNAL:
                found = _OUTSIDE
        if case.name is None:
            return found
        if case.kind in (CaseKind.MATTER, CaseKind.EXTERNAL):  # as it was called when it was told
            return Title(case.name, case.name_en or case.name)
        return Title(f"{found.zh}：{case.name}", f"{found.en}: {case.name_en or case.name}")

    def unit(self, case: Case) -> tuple[str, Title] | None:
        """Who handles it: the unit that its events named, else the agency whose duty it is."""
        uscc = case.unit_uscc or self.dutiful(case)
        if uscc is None:
            return None
        return uscc, self.agency(uscc)

    def agency(self, uscc: str) -> Title:
        """The name of an agency."""
        agency = self._pack.agency_by_uscc(uscc)
        return _of(agency.name) if agency else Title(uscc, uscc)

    def dutiful(self, case: Case) -> str | None:
        """The agency that answers for a case of this kind."""
        if case.kind is CaseKind.MATTER:
            try:
                return self._pack.agency(self._pack.matter(case.about or "").lead_agency).uscc
            except NotInRegionPack:
                return None
        duty = DUTIES.get(case.kind)
        agencies = (a.uscc for a in self._pack.agencies if duty and a.has_duty(duty))
        return next(agencies, None)

    def division(self, case: Case) -> str:
        """Where the case is: its own place, or the whole region."""
        return case.division_code or self._pack.region.code

    def now(self, followed: Followed) -> Title:
        """What is being done now; of a matter, what its open parts wait for."""
        case = followed.case
        if case.kind is CaseKind.EXTERNAL and case.about and not case.state.is_ended:
            return Title(case.about, case.about)
        if case.kind is not CaseKind.MATTER or case.state is not CaseState.IN_PROGRESS:
            return standing_of(case.kind, case.own_state).now
        running = [part for part in followed.parts if not part.state.is_ended]
        if not running:
            return standing_of(case.kind, case.own_state).now
        first = min(running, key=lambda part: part.state is not CaseState.RETURNED)
        title, stands = self.title(first, case), standing_of(first.kind, first.own_state).now
        return Title(f"{title.zh}（{stands.zh}）", f"{title.en} ({stands.en})")

    def then(self, followed: Followed) -> Title:
        """What comes next; of a matter, the first part that has not begun."""
        case = followed.case
        if case.kind is CaseKind.MATTER and case.state is CaseState.IN_PROGRESS:
            waiting = next(iter(self.not_begun(followed)), None)
            if waiting is not None:
                return waiting
        return standing_of(case.kind, case.own_state).then

    def not_begun(self, followed: Followed) -> Iterator[Title]:
        """Steps and tasks of the theme that no service or department has yet."""
        try:
            theme = self._pack.matter(followed.case.about or "")
        except NotInRegionPack:
            return
        kinds = [part.kind for part in followed.parts]
        tasks = {part.about for part in followed.parts if part.kind is CaseKind.TASK}
        for step in theme.steps:
            kind = CaseKind.FILING if step.kind.value == "filing" else CaseKind.APPLICATION
            if kind in kinds:
                kinds.remove(kind)
            else:
                yield _of(step.title)
        for task in theme.tasks:
            if task.key not in tasks:
                yield _of(task.title)

    def public_catalogue_items(self) -> tuple[str, ...]:
        """Items of the credit catalogue whose records anybody may see.

        None of a negative nature: its publication ends, and only the credit service knows when.
        """
        return tuple(
            item.key
            for item in self._pack.credit_catalogue
            if item.openness is Openness.PUBLIC and item.nature is not Nature.NEGATIVE
        )

    def bureaus(self) -> frozenset[str]:
        """Agencies that govern data sharing (政务数据共享主管部门)."""
        return frozenset(agency.uscc for agency in self._pack.agencies if agency.has_duty(GOVERNS_SHARING))

    def is_open_to(self, agency_uscc: str, resource: str) -> bool:
        """Whether an agency needs no grant for a resource: it is shared with all, or the agency's own (数源部门)."""
        try:
            found = self._pack.resource(resource)
        except NotInRegionPack:
            return False
        provider = self._pack.agency(found.provider).uscc
        return found.sharing_class is SharingClass.UNCONDITIONAL or agency_uscc == provider

    def protected_fields(self, resource: str) -> frozenset[str]:
        """Fields of a resource that are not public."""
        try:
            fields = self._pack.resource(resource).fields
        except NotInRegionPack:
            return frozenset()
        return frozenset(field.name for field in fields if field.field_class.value != "public")

    def _theme_title(self, key: str) -> Title:
        try:
            return _of(self._pack.matter(key).title)
        except NotInRegionPack:
            return Title(key, key)

    def _industry_title(self, key: str) -> Title:
        try:
            name = self._pack.scheme(key).name
        except NotInRegionPack:
            return Title(key, key)
        return Title(f"{name.zh}行业综合许可", f"Comprehensive permit: {name.en}")

    def _request_title(self, key: str) -> Title:
        kinds = {kind.key: kind.name for kind in self._pack.hotline.kinds}
        return (
            Title(f"热线诉求（{kinds[key].zh}）", f"Hotline request ({kinds[key].en})")
            if key in kinds
            else _HOTLINE
        )

    def _task_title(self, key: str, matter: Case | None) -> Title:
        try:
            theme = self._pack.matter(matter.about or "" if matter else "")
        except NotInRegionPack:
            return Title(key, key)
        steps, tasks = ({p.key: p.title for p in theme.steps}, {p.key: p.title for p in theme.tasks})
        found = tasks.get(key) or steps.get(key)
        return _of(found) if found else Title(key, key)


_HOTLINE = Title("热线诉求", "Hotline request")


def _of(text: Text) -> Title:
    return Title(text.zh, text.en)
