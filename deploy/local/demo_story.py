"""The main job, step by step: each step is a call that an outside client could make."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Final

import httpx

from deploy.local.demo_client import Client, Json, agency_client, sign_in, until
from deploy.local.demo_savings import Savings, savings_of
from deploy.local.demo_subscriber import USER, TaxSubscriber
from deploy.local.demo_timeline import Said, Timeline
from deploy.local.environment import Surroundings
from deploy.local.refusals import Refused
from deploy.local.seed import PERSONS
from shared.region import load_region_pack

THEME: Final = "open_restaurant"
INDUSTRY: Final = "restaurant"
FIRE: Final = "fire_check"
ANSWERS: Final = {
    "floor_area_m2": 180,
    "sells_tobacco": False,
    "discharges_to_sewer": False,
    "is_assembly_place": True,
}
QUESTION: Final = "我在办餐饮店，一次告知单里为什么没有排水许可？需要另外申请吗？"
REPLY: Final = "您填报不向城镇排水管网排放污水，所以告知单里没有排水许可，无需申请；情况有变时再办理即可。"
_LUCKY: Final = "鑫源瑞祥福顺兴隆泰和盛昌裕丰恒达永宁安康佳惠美嘉悦聚德仁义礼信诚远博雅清泉春晖锦绣华庭"
GATEWAY: Final = Said("统一网关", "gateway")
REGISTRAR: Final = Said("登记机关", "registration")
CREDIT: Final = Said("信用平台", "credit")
LICENSING: Final = Said("许可平台", "licensing")
EVENT: Final = "cn.tongban.{}.v1"


@dataclass
class Story:
    """Who takes part, and what was found out so far."""

    around: Surroundings
    http: httpx.AsyncClient
    timeline: Timeline
    owner: Client
    agencies: dict[str, Client]
    names: dict[str, Said]
    subscriber: TaxSubscriber
    owner_name: Said
    keys: dict[str, str]
    """Credit code by the agency's key."""

    def agency(self, uscc: str) -> Client:
        if uscc not in self.agencies:
            raise Refused(f"no client of the local seed works for agency {uscc}")
        return self.agencies[uscc]

    async def matter(self, matter_id: str) -> Json:
        return await self.owner.get(f"/matters/v1/matters/{matter_id}")


async def begin(around: Surroundings, http: httpx.AsyncClient, timeline: Timeline) -> Story:
    """Sign everybody in, and connect the subscriber; then cut it off."""
    timeline.heading(Said("一、一次登录", "1. Sign in once"))
    person = PERSONS[0]
    name = Said(person.display_name, person.username)
    tokens, owner = await sign_in(
        http, around.data, person.username, around.secrets.accounts[person.username]
    )
    minutes = int(tokens["expires_in"]) // 60
    timeline.tell(
        name,
        Said(
            f"登录并同意授权（授权码 + PKCE），令牌 {minutes} 分钟内通行各系统",
            "signs in and consents (code + PKCE)",
        ),
    )
    pack = await asyncio.to_thread(load_region_pack, around.region_pack)
    agencies = {
        agency.uscc: agency_client(http, around.data, agency.key, around.public_url)
        for agency in pack.agencies
    }
    subscriber = TaxSubscriber(around)
    story = Story(
        around,
        http,
        timeline,
        owner,
        agencies,
        {agency.uscc: Said(agency.name.zh, agency.name.en) for agency in pack.agencies},
        subscriber,
        name,
        {agency.key: agency.uscc for agency in pack.agencies},
    )
    await subscriber.connect()
    waiting = await subscriber.catch_up()
    await subscriber.cut_off()
    timeline.tell(
        _tax(story),
        Said(
            f"作为订阅方连接 NATS，收到积压事件 {waiting} 条，随后断线",
            f"connects to NATS as a subscriber, takes {waiting} waiting events, then is cut off",
        ),
    )
    return story


async def tell_notice(story: Story) -> Json:
    """One notice for everything that the restaurant needs."""
    story.timeline.heading(Said("二、一次告知、一张表单", "2. One notice, one form"))
    notice = await story.owner.post(f"/licensing/v1/industries/{INDUSTRY}/notice", {"answers": ANSWERS})
    zh = "、".join(each["name"]["zh"] for each in notice["required"])
    en = ", ".join(each["name"]["en"] for each in notice["required"])
    story.timeline.tell(
        LICENSING,
        Said(f"一次告知：180 平方米、不售烟草，需办 {zh}", f"one notice for 180 m² without tobacco: {en}"),
    )
    for each in notice["not_required"]:
        reason = each["reason"]
        story.timeline.tell(LICENSING, Said(f"无需：{reason['zh']}", f"not needed: {reason['en']}"))
    return notice


async def open_matter(story: Story, notice: Json) -> tuple[Json, Json]:
    """Send the one form; returns the theme and the opened matter."""
    theme = await story.owner.get(f"/matters/v1/themes/{THEME}")
    form = _form(notice)
    offered = {each["item"] for each in notice["required"] if each["offers_commitment"]}
    body = {"theme": THEME, "channel": "portal", "form": form, "commitments": sorted(offered & {FIRE})}
    matter = await story.owner.post("/matters/v1/matters", body)
    story.timeline.tell(
        story.owner_name,
        Said(
            f"提交“{theme['title']['zh']}”：{form['enterprise_name']}",
            f"opens the matter “{theme['title']['en']}” for {form['enterprise_name']}",
        ),
        EVENT.format("gateway.matter.opened"),
    )
    return theme, matter


async def follow_registration(story: Story, matter_id: str) -> Json:
    """Registered by rules, without a human; the licence can be verified by anyone."""
    story.timeline.heading(
        Said("三、无人工登记、部门并联", "3. Registration by rules, departments in parallel")
    )

    async def registered() -> Json | None:
        matter = await story.matter(matter_id)
        if matter["state"] == "returned":
            raise Refused(f"the matter was returned: {matter['findings']}")
        return matter if matter["uscc"] else None

    matter = await until("the enterprise to be registered", registered)
    step = next(each for each in matter["steps"] if each["kind"] == "filing")
    licence = step["result"].get("licence_identifier", "")
    story.timeline.tell(
        REGISTRAR,
        Said(
            f"规则审核通过，核发电子营业执照，统一社会信用代码 {matter['uscc']}",
            f"approves by rules; credit code {matter['uscc']}, electronic licence issued",
        ),
        EVENT.format("registration.enterprise.registered"),
    )
    if licence:
        verified = await _public(story, f"/registration/v1/verify/{licence}")
        if not verified.get("is_valid", verified.get("valid")):
            raise Refused(f"the licence {licence} does not verify: {verified}")
        story.timeline.tell(
            Said("任何人", "anybody"), Said("公开核验营业执照：有效", "verifies the licence in public: valid")
        )
    return matter


async def departments(story: Story, matter: Json) -> None:
    """Every department takes and completes its task at the same time."""
    await asyncio.gather(*(_department(story, matter["id"], task) for task in matter["tasks"]))


async def _department(story: Story, matter_id: str, task: Json) -> None:
    agency = story.agency(task["agency_uscc"])
    who = story.names[task["agency_uscc"]]

    async def assigned() -> Json | None:
        page = await agency.get("/matters/v1/tasks", status="assigned", kind=task["kind"], limit=200)
        return next((each for each in page["entries"] if each["matter_id"] == matter_id), None)

    found = await until(f"the task {task['kind']}", assigned)
    url = f"/matters/v1/tasks/{found['id']}"
    read = await agency.get(url)
    open_facts = [fact for fact in read["facts"] if not fact["is_withheld"]]
    withheld = len(read["facts"]) - len(open_facts)
    await agency.post(f"{url}/taking")
    story.timeline.tell(
        who,
        Said(
            f"受理“{task['title']['zh']}”，直接获得共享信息 {len(open_facts)} 项（未授权 {withheld} 项不可见）",
            f"takes “{task['title']['en']}” with {len(open_facts)} shared facts ({withheld} withheld)",
        ),
        EVENT.format("gateway.task.taken"),
    )
    result = {"receipt": f"{task['kind']}-{secrets.token_hex(4)}"}
    await agency.post(f"{url}/completion", {"result": result})
    story.timeline.tell(
        who,
        Said(f"办结“{task['title']['zh']}”", f"completes “{task['title']['en']}”"),
        EVENT.format("gateway.task.completed"),
    )


async def read_credit(story: Story, uscc: str) -> Json:
    """The grade that allows a commitment."""
    story.timeline.heading(Said("四、信用、综合许可", "4. Credit and the comprehensive permit"))

    async def graded() -> Json | None:
        answer = await story.http.get(f"/credit/v1/subjects/{uscc}")
        return answer.json() if answer.status_code == httpx.codes.OK else None

    subject = await until("the credit grade", graded)
    allows = subject["allows_commitment"]
    story.timeline.tell(
        CREDIT,
        Said(
            f"建立信用主体并评价：{subject['grade']} 级，{'可' if allows else '不可'}适用告知承诺",
            f"grade {subject['grade']}; commitments {'allowed' if allows else 'not allowed'}",
        ),
        EVENT.format("credit.subject.evaluated"),
    )
    return subject


async def permits(story: Story, matter_id: str) -> Json:
    """Every authority decides its part; one comprehensive permit comes of it."""

    async def applied() -> str | None:
        matter = await story.matter(matter_id)
        if matter["state"] == "returned":
            raise Refused(f"the matter was returned: {matter['findings']}")
        step = next(each for each in matter["steps"] if each["kind"] == "permit_application")
        reference: str | None = step["reference"]
        return reference

    reference = await until("the application for the permit", applied)
    url = f"/licensing/v1/applications/{reference}"
    application = await story.owner.get(url)
    await asyncio.gather(
        *(_authority(story, url, component["item"]) for component in application["components"])
    )

    async def approved() -> Json | None:
        read = await story.owner.get(url)
        return read if read["permit_number"] else None

    decided = await until("the comprehensive permit", approved)
    number = decided["permit_number"]
    permit = await _public(story, f"/licensing/v1/permits/{number}")
    story.timeline.tell(
        LICENSING,
        Said(f"颁发{permit['name']['zh']} {number}", f"issues {permit['name']['en']} {number}"),
        EVENT.format("licensing.permit.issued"),
    )
    verified = await _public(story, permit["verify_path"])
    qr = await story.http.get(f"/licensing/v1/permits/{number}/qr.svg")
    if not verified["is_valid"] or qr.status_code != httpx.codes.OK:
        raise Refused(f"the permit {number} does not verify: {verified}")
    story.timeline.tell(
        Said("任何人", "anybody"),
        Said(
            f"扫码核验：有效 {story.around.public_url}{permit['verify_path']}",
            f"scans the code: valid, {story.around.public_url}{permit['verify_path']}",
        ),
    )
    return permit


async def _authority(story: Story, url: str, item: str) -> None:
    """The commitment or the authority's own decision, whatever the component comes to."""

    async def settled() -> Json | None:
        application = await story.owner.get(url)
        component = next(each for each in application["components"] if each["item"] == item)
        if component["status"] == "under_review":
            await _decide(story, url, component)
        return component if component["decided_at"] is not None else None

    component = await until(f"the decision on {item}", settled)
    if component["decided_by"] == "commitment" or (component["commitment"] or {}).get("issued_at"):
        story.timeline.tell(
            story.names[component["agency_uscc"]],
            Said(f"{item}：告知承诺，当场准予", f"{item}: granted at once by commitment"),
            EVENT.format("licensing.application.component_decided"),
        )


async def _decide(story: Story, url: str, component: Json) -> None:
    agency = story.agency(component["agency_uscc"])
    answer = await agency.try_post(f"{url}/components/{component['item']}/decision", {"decision": "granted"})
    if answer.is_success:
        story.timeline.tell(
            story.names[component["agency_uscc"]],
            Said(f"审查并准予 {component['item']}", f"reviews and grants {component['item']}"),
            EVENT.format("licensing.application.component_decided"),
        )
    elif answer.status_code != httpx.codes.CONFLICT:
        raise Refused(f"{component['item']} cannot be decided: {answer.text[:500]}")


async def finish(story: Story, matter_id: str) -> Json:
    """The matter closes as one."""

    async def completed() -> Json | None:
        matter = await story.matter(matter_id)
        return matter if matter["state"] == "completed" else None

    matter = await until("the matter to be completed", completed)
    story.timeline.tell(
        GATEWAY,
        Said(
            f"一件事办结，工作时间 {matter['clock']['working_minutes']} 分钟（时限 {matter['clock']['limit']}）",
            f"the matter is complete: {matter['clock']['working_minutes']} working minutes",
        ),
        EVENT.format("gateway.matter.completed"),
    )
    return matter


async def ask_hotline(story: Story, matter: Json) -> Json:
    """A question, to the agency whose duty it is, answered in time and rated."""
    story.timeline.heading(Said("五、热线", "5. Hotline"))
    person = PERSONS[0]
    ticket = await story.owner.post(
        "/hotline/v1/tickets",
        {
            "kind": "consult",
            "channel": "app",
            "content": QUESTION,
            "contact": {"name": person.display_name, "phone": person.phone},
            "uscc": matter["uscc"],
            "matter_id": matter["id"],
        },
    )
    url = f"/hotline/v1/tickets/{ticket['number']}"
    story.timeline.tell(
        story.owner_name,
        Said(f"提问：{QUESTION}", "asks why the drainage permit is not in the notice"),
        EVENT.format("hotline.ticket.received"),
    )
    if ticket["state"] == "received":
        ticket = await story.agency(story.keys["hotline_center"]).post(f"{url}/dispatch", {})
    who = story.names[ticket["agency_uscc"]]
    story.timeline.tell(
        who,
        Said(f"按职责派单（{ticket['category']}）", f"has the ticket by duty ({ticket['category']})"),
        EVENT.format("hotline.ticket.dispatched"),
    )
    unit = story.agency(ticket["agency_uscc"])
    await unit.post(f"{url}/signature")
    await unit.post(f"{url}/contact")
    story.timeline.tell(
        who, Said("签收并联系", "signs for it and calls"), EVENT.format("hotline.ticket.contacted")
    )
    await unit.post(f"{url}/reply", {"text": REPLY})
    story.timeline.tell(who, Said(f"答复：{REPLY}", "replies"), EVENT.format("hotline.ticket.replied"))
    rated = await story.owner.post(f"{url}/rating", {"score": 5, "solved": True})
    story.timeline.tell(
        story.owner_name, Said("评价：非常满意", "rates it 5 of 5"), EVENT.format("hotline.ticket.rated")
    )
    return rated


async def resume_subscriber(story: Story, uscc: str) -> None:
    """What happened while it was away comes now, once and in order."""
    story.timeline.heading(Said("六、订阅方续传", "6. The subscriber resumes"))
    await story.subscriber.connect()
    event = await story.subscriber.wait_for(uscc, within=30)
    await story.subscriber.cut_off()
    if event["data"]["uscc"] != uscc:
        raise Refused("the tax subscriber received another enterprise under this subject")
    story.timeline.tell(
        _tax(story),
        Said(
            f"恢复连接，补收断线期间的事件，按序、不缺（本次共 {story.subscriber.received} 条）",
            f"resumes and misses nothing ({story.subscriber.received} events in order)",
        ),
        event["type"],
    )


def savings(theme: Json, matter: Json, notice: Json) -> Savings:
    there = [part["key"] for part in matter["steps"]] + [task["kind"] for task in matter["tasks"]]
    return savings_of(theme, matter["form"], there, [each["item"] for each in notice["required"]])


async def _public(story: Story, path: str) -> Json:
    answer = await story.http.get(path, headers={"Accept": "application/json"})
    if not answer.is_success:
        raise Refused(f"GET {path} answers {answer.status_code}: {answer.text[:500]}")
    body: Json = answer.json()
    return body


def _tax(story: Story) -> Said:
    return story.names[story.keys[USER]]


def _form(notice: Json) -> Json:
    """Everything that is typed: shared facts once, and what each needed permit alone asks."""
    person = PERSONS[0]
    trade_name = "".join(secrets.choice(_LUCKY) for _ in range(5))
    head = {"name": person.display_name, "id_number": person.citizen_id}
    sections: Json = {
        "food_operation": {
            "food_business_items": ["热食类食品制售"],
            "kitchen_area_m2": 40,
            "food_safety_manager": person.display_name,
        },
        "signboard": {"signboard_text": trade_name, "signboard_width_cm": 300, "signboard_height_cm": 80},
        FIRE: {
            "assembly_floor": 1,
            "capacity_people": 80,
            "safety_exit_count": 2,
            "has_automatic_fire_facilities": False,
        },
    }
    needed = {each["item"] for each in notice["required"]}
    return {
        "enterprise_name": f"永济市{trade_name}餐饮有限公司",
        "enterprise_kind": "limited_liability_company",
        "division_code": "140881",
        "address": f"永济市城西街道河东大道{1 + secrets.randbelow(900)}号",
        "premises_area_m2": ANSWERS["floor_area_m2"],
        "scope_codes": ["H6210-01"],
        "capital_fen": 50_000_000,
        "people": [{"role": "legal_representative", **head}, {"role": "shareholder", **head}],
        "contact_phone": person.phone,
        "employee_count": 8,
        "seal_kinds": ["企业名称印章", "财务章"],
        "taxpayer_type": "small_scale",
        "invoice_kinds": ["增值税普通发票"],
        "housing_fund_rate_percent": 5,
        "account_purpose": "日常经营结算",
        "answers": dict(ANSWERS),
        "permits": {item: section for item, section in sections.items() if item in needed},
    }
