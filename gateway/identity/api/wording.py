"""What the pages say, in both languages."""

from typing import Final

from gateway.identity.api.account_wording import (
    ACCOUNT_WORDING,
    FACE_WORDING,
    PASSWORD_WORDING,
    SECOND_FACTOR_WORDING,
)
from gateway.identity.api.federation_wording import FEDERATION_WORDING
from gateway.identity.api.licence_wording import LICENCE_WORDING

SCOPE_WORDING: Final[dict[str, tuple[str, str]]] = {
    "openid": ("确认您的身份", "Know who you are"),
    "profile": ("查看您的姓名和用户名", "See your name and user name"),
    "phone": ("查看您的手机号码", "See your telephone number"),
    "real_name": ("查看您的姓名和公民身份号码", "See your name and citizen identity number"),
    "uplink.record.read": ("查看数据上联情况", "See what was reported to the platforms above"),
    "uplink.record.manage": ("重发上联数据", "Send records to the platforms above again"),
    "identity.trust.manage": ("管理数字证书信任列表", "Manage the trust list of digital certificates"),
    "offline_access": ("在您离开后继续代您办理", "Continue on your behalf after you have left"),
    "registration.filing.submit": ("代您提交企业登记申请", "File with the enterprise register for you"),
    "registration.filing.read": ("查看您的企业登记申请", "See your filings with the enterprise register"),
    "registration.filing.represent": (
        "为创办人免费代办企业设立登记",
        "File new enterprises for their founders, free of charge",
    ),
    "registration.filing.decide": ("办理企业登记申请", "Decide on filings with the enterprise register"),
    "registration.listing.decide": (
        "办理经营异常名录列入和移出",
        "Decide on the list of abnormal operations",
    ),
    "registration.objection.submit": (
        "对企业注销提出异议",
        "Object to the end of an enterprise",
    ),
    "registration.clearance.submit": (
        "反馈企业注销的限制和清税结果",
        "Tell what stands against the end of an enterprise, and that its taxes are cleared",
    ),
    "registration.ruling.enter": (
        "告知破产、清算裁定",
        "Tell the register of rulings on bankruptcy and liquidation",
    ),
    "registration.enterprise.read": ("查看企业登记信息", "Read the enterprise register"),
    "registration.relocation.exchange": (
        "办理企业跨区迁移档案移交",
        "Exchange files of enterprises that move",
    ),
    "registration.register.import": ("导入既有登记数据", "Take over an existing register"),
    "credit.subject.read": ("查看企业信用信息", "Read the credit of enterprises"),
    "credit.record.write": ("归集信用信息", "Enter credit records"),
    "licensing.application.submit": ("代您提交许可申请", "Apply for permits for you"),
    "licensing.application.read": ("查看许可申请", "See permit applications"),
    "licensing.application.decide": ("办理许可申请", "Decide on permit applications"),
    "licensing.component.decide": ("办理单项许可", "Decide on component permits"),
    "hotline.ticket.submit": ("代您提交 12345 诉求", "Send requests to the 12345 hotline for you"),
    "hotline.ticket.read": ("查看 12345 工单", "See hotline tickets"),
    "hotline.ticket.handle": ("办理 12345 工单", "Handle hotline tickets"),
    "hotline.ticket.manage": ("管理 12345 工单", "Manage hotline tickets"),
    "hotline.identity.read": ("查看诉求人的身份", "See who sent a request to the hotline"),
    "matters.matter.submit": ("代您办理“一件事”", "Open and carry on a matter for you"),
    "matters.matter.read": ("查看“一件事”的办理进度", "See how a matter stands"),
    "progress.record.read": ("查看企业名下的公开信息", "See what is on public record about an enterprise"),
    "progress.exception.manage": ("处理归集异常", "Resolve records without an enterprise"),
    "matters.task.handle": ("办理部门任务", "Handle tasks of an agency"),
    "payments.payment.read": ("查看您的缴费单和收据", "See your payments and receipts"),
    "payments.payment.pay": ("代您缴费", "Pay for you"),
    "payments.reconciliation.read": ("查看缴费对账", "Reconcile payments"),
    "deliveries.delivery.read": ("查看您的办理结果和送达情况", "See your results and how they reach you"),
    "deliveries.choice.submit": ("选择办理结果的领取方式", "Choose how your results reach you"),
    "deliveries.delivery.handle": ("在窗口发放办理结果", "Hand results over at a window"),
    "notices.notice.read": ("查看发给您的通知", "See notices to you"),
    "notices.notice.manage": ("设置通知方式", "Set how you are notified"),
    "notices.dispatch.read": ("查看通知发送情况", "See how notices were sent"),
    "materials.file.submit": ("代您上传申请材料", "Hand in files for you"),
    "materials.file.read": ("查看您上传的材料", "See the files that you handed in"),
    "catalogue.grant.read": ("查看数据授权", "See data-sharing grants"),
    "catalogue.consent.manage": (
        "同意或撤回他人读取您的数据",
        "Consent to the reading of your data, and withdraw it",
    ),
    "catalogue.item.manage": ("管理本部门的事项标准", "Keep the standards of the department's service items"),
    "catalogue.resource.manage": ("编制和维护数据目录", "Keep the entries of the data catalogue"),
    "catalogue.request.manage": ("申请和答复数据共享", "Ask for shared data and answer those who ask"),
    "catalogue.correction.submit": ("提出数据校核", "Say that your data, or data shared with you, are wrong"),
    "catalogue.grant.manage": ("管理数据授权", "Manage data-sharing grants"),
    "powers.delegation.read": ("查看权限下放", "See which powers are delegated to zones"),
    "powers.delegation.manage": ("下放和收回权限", "Delegate powers to zones and withdraw them"),
    "subscriptions.subscription.manage": ("管理事件订阅", "Manage event subscriptions"),
    "identity.mandate.manage": (
        "查看、授予和撤回代办授权",
        "Give, take on and withdraw mandates to act for others",
    ),
    "audit.record.read": ("查看谁读取了您的数据", "See who read your data"),
    "integrations.event.send": ("接入外部系统事件", "Send events of an outside system"),
    "integrations.record.read": ("查看回流数据", "Read records that came back to the region"),
    "audit.record.review": ("审查审计记录", "Review entries of the audit log"),
    "events.read": ("接收事件", "Receive events"),
    "identity.client.manage": ("管理接入方", "Register and manage clients"),
    "identity.client.self": ("查看本接入方并更换密钥", "See its own registration and replace its keys"),
    "identity.system.manage": ("管理业务系统清单", "Keep the register of departments' systems"),
    "identity.system.read": ("查看业务系统联通情况", "See which systems are connected"),
    "identity.system.report": ("报告业务系统在线", "Report its systems alive"),
    "identity.account.self": (
        "查看您的登录设备和已授权的应用",
        "See your sessions and the applications you allowed",
    ),
    "identity.account.manage": ("管理账户", "Manage accounts"),
    "identity.account.recover": ("为本人到场的用户重设密码", "Issue recovery links at the counter"),
    "identity.key.manage": ("更换令牌签名密钥", "Replace the keys that sign tokens"),
}

PAGE_WORDING: Final[dict[str, tuple[str, str]]] = {
    "suite": ("通办 · 统一身份认证", "Tongban · Sign-in"),
    "switch": ("English", "中文"),
    "skip": ("跳到主要内容", "Skip to the main content"),
    "sign_in": ("登录", "Sign in"),
    "sign_in_to": ("登录后继续使用", "Sign in to continue to"),
    "username": ("用户名", "User name"),
    "password": ("密码", "Password"),
    "wrong": ("用户名或密码不正确。", "The user name or the password is not right."),
    "too_soon": (
        "连续多次失败，请在 {seconds} 秒后重试。",
        "After several failures, try again in {seconds} s.",
    ),
    "stale_form": ("页面已失效，请重新填写。", "The page was out of date; please fill it in again."),
    "consent": ("授权确认", "Allow access"),
    "consent_for": ("申请以您的名义进行以下操作：", "asks to do this in your name:"),
    "signed_in_as": ("当前用户", "Signed in as"),
    "returns_to": ("确认后将返回", "You will then return to"),
    "allow": ("同意", "Allow"),
    "deny": ("不同意", "Do not allow"),
    "error": ("无法继续", "This cannot go on"),
    "error_text": (
        "应用发来的请求不正确，为了您的安全，没有跳转。请联系该应用的提供方。",
        "The application sent a request that is not right. For your safety you were not sent on. "
        "Please tell those who provide the application.",
    ),
    "error_code": ("原因", "Reason"),
    "signed_in": ("您已登录", "You are signed in"),
    "signed_in_text": (
        "现在可以关闭此页面，或返回您的应用。",
        "You may close this page or go back to your application.",
    ),
    "sign_out": ("退出登录", "Sign out"),
    "sign_out_text": (
        "退出后，所有应用都需要重新登录。",
        "After that every application asks you to sign in again.",
    ),
    "signed_out": ("您已退出登录", "You are signed out"),
    "signed_out_text": ("现在可以关闭此页面。", "You may close this page."),
}

_ALL_WORDING: Final = (
    PAGE_WORDING
    | SECOND_FACTOR_WORDING
    | FACE_WORDING
    | PASSWORD_WORDING
    | ACCOUNT_WORDING
    | FEDERATION_WORDING
    | LICENCE_WORDING
)


def wording(english: bool) -> dict[str, str]:
    """Return the pages' texts in one language."""
    return {key: pair[1 if english else 0] for key, pair in _ALL_WORDING.items()}


def scope_wording(scope: str, english: bool) -> str:
    """Say what a scope allows; one without wording is shown by its name."""
    pair = SCOPE_WORDING.get(scope)
    return pair[1 if english else 0] if pair else scope
