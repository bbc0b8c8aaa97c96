"""What the pages of federation say, in both languages."""

from typing import Final

FEDERATION_WORDING: Final[dict[str, tuple[str, str]]] = {
    "other_ways": ("其他登录方式", "Other ways to sign in"),
    "sign_in_with": ("使用{name}账号登录", "Sign in with {name}"),
    "going_on": ("正在继续", "Going on"),
    "going_on_text": ("即将自动跳转；如未跳转，请点击：", "You are taken on; if not, follow this link:"),
    "go_on": ("继续", "Continue"),
    "fed_failed": ("登录未完成", "The sign-in was not completed"),
    "sign_in_again": ("返回登录页面", "Back to the sign-in page"),
    "fed_unknown_platform": (
        "本市未开通该平台的登录。",
        "This city does not offer sign-in through that platform.",
    ),
    "fed_platform_away": (
        "该平台暂时没有响应。请稍后重试，或使用其他方式登录。",
        "That platform does not answer at the moment. Try again later, or sign in another way.",
    ),
    "fed_not_begun_here": (
        "此次登录不是在本浏览器中开始的，或者已经超时。请重新登录。",
        "This sign-in was not begun in this browser, or took too long. Please begin again.",
    ),
    "fed_mixed_up": (
        "收到的答复来自另一平台，已被拒绝。请重新登录。",
        "The answer came from another platform and was refused. Please begin again.",
    ),
    "fed_denied": ("您在该平台没有同意授权。", "You did not agree at that platform."),
    "fed_refused": ("该平台拒绝了登录请求。", "That platform refused the sign-in."),
    "fed_bad_token": (
        "该平台的答复未通过验证，已被拒绝。请重新登录。",
        "The platform's answer could not be verified and was refused. Please begin again.",
    ),
    "fed_no_citizen_id": (
        "该平台没有提供您的实名信息，因此无法在本市开立账户。请先在该平台完成实名认证。",
        "The platform did not say who you are by your citizen number, so no account can be opened here. "
        "Complete the real-name check there first.",
    ),
    "fed_account_closed": ("您在本市的账户已关闭。", "Your account here is closed."),
    "fed_linked_otherwise": (
        "该平台账号或您的本地账户已关联了另一账号。",
        "That identity, or your account here, is linked with another already.",
    ),
    "fed_request_too_long": ("应用的请求过长。", "The application's request is too long."),
    "link_identity": ("关联账户", "Link your account"),
    "link_explained": (
        "您在本市已有账户。为了您的安全，请先用本地账户登录一次，确认后即可使用{name}账号登录。",
        "You have an account here already. For your safety, sign in to it once; after that you may sign in "
        "with {name}.",
    ),
    "link_other_account": (
        "当前登录的账户不属于同一人，请用您本人的账户登录。",
        "The account that is signed in belongs to somebody else; sign in to your own.",
    ),
    "link_sign_in": ("登录本地账户", "Sign in to your account here"),
    "link_confirm": ("关联并继续", "Link and continue"),
    "link_ask": (
        "是否允许今后使用{name}账号登录此账户？",
        "May {name} sign you in to this account from now on?",
    ),
    "identities": ("已关联的平台账号", "Linked identities"),
    "no_identities": ("没有关联的平台账号。", "No identity is linked."),
    "linked_at": ("关联时间", "Linked"),
    "last_used_at": ("最近使用", "Last used"),
    "unlink": ("解除关联", "Unlink"),
    "only_way_in": (
        "这是您唯一的登录方式。请先设置密码，再解除关联。",
        "This is your only way in. Set a password first.",
    ),
}
