"""What the pages of sign-in with an electronic business licence say, in both languages."""

from typing import Final

LICENCE_WORDING: Final[dict[str, tuple[str, str]]] = {
    "sign_in_with_licence": ("以电子营业执照登录", "Sign in with the electronic business licence"),
    "licence_scan": (
        "请用手机上的电子营业执照小程序或应用扫描二维码：",
        "Scan this code with the electronic business licence app on your telephone:",
    ),
    "licence_qr": ("电子营业执照扫码登录二维码", "QR code for the electronic business licence"),
    "licence_show": ("在手机上选择营业执照并确认。", "Choose the licence there and confirm."),
    "licence_come_back": ("回到本页继续。", "Come back to this page and continue."),
    "licence_own_screen_only": (
        "请只扫描您自己打开的本页上的二维码，不要扫描他人发来的。您以本人身份登录。",
        "Scan the code only from a page that you opened yourself, never one that was sent to you. "
        "You sign in as yourself.",
    ),
    "licence_waiting": ("尚未收到出示结果。", "No licence was shown yet."),
    "licence_shown": ("我已确认，继续", "I have confirmed, continue"),
    "licence_look_by_itself": (
        "让本页每 {seconds} 秒自动查看",
        "Let this page look by itself every {seconds} s",
    ),
    "licence_looks_by_itself": (
        "本页每 {seconds} 秒自动查看一次。",
        "This page looks by itself every {seconds} s.",
    ),
    "licence_stop_looking": ("停止自动查看", "Stop that"),
    "licence_without_power": (
        "您已以本人身份登录。但本平台尚无您可代表企业 {uscc} 办事的授权记录：如您是新任法定代表人或经营者，"
        "登记机关公布后即可；否则请由法定代表人授予您代办授权。",
        "You are signed in as yourself. No power of yours to act for the enterprise {uscc} is on record here. "
        "If you have just become its legal representative or operator, it comes with the register's word; "
        "otherwise ask the legal representative for a mandate.",
    ),
    "fed_licence_not_offered": (
        "本市未接入电子营业执照登录。",
        "This city does not offer sign-in with the electronic business licence.",
    ),
    "fed_licence_wallet_away": (
        "电子营业执照平台暂时没有响应。请稍后重试，或使用其他方式登录。",
        "The electronic business licence platform does not answer at the moment. "
        "Try again later, or sign in another way.",
    ),
    "fed_licence_register_away": (
        "暂时无法向登记机关核验营业执照。请稍后重试，或使用其他方式登录。",
        "The licence cannot be checked with the register at the moment. "
        "Try again later, or sign in another way.",
    ),
    "fed_licence_declined": (
        "您没有出示营业执照，或者已经超时。请重新登录。",
        "No licence was shown, or it took too long. Please begin again.",
    ),
    "fed_licence_not_good": (
        "该营业执照当前无效（已注销、吊销、撤销或查无此照）。请向登记机关查询，或使用其他方式登录。",
        "This licence is not in force: it was cancelled or revoked, or the register does not know it. "
        "Ask the registration authority, or sign in another way.",
    ),
    "fed_licence_bad_word": (
        "电子营业执照平台的答复未通过验证，或者已使用过。请重新登录。",
        "The electronic business licence platform's answer could not be verified, or was used before. "
        "Please begin again.",
    ),
}
