"""What the pages about accounts say, in both languages."""

from typing import Final

SECOND_FACTOR_WORDING: Final[dict[str, tuple[str, str]]] = {
    "code_heading": ("请输入验证码", "Enter your code"),
    "code": ("验证码", "Code"),
    "code_hint": (
        "打开身份验证器应用，输入显示的 6 位数字；设备不在身边时，可输入一个恢复码。",
        "Open your authenticator app and type the 6 digits that it shows. "
        "Without the device, type one of your recovery codes.",
    ),
    "go_on": ("继续", "Continue"),
    "wrong_code": (
        "验证码不正确，或已经使用过。",
        "The code is not right, or it was used before.",
    ),
    "one_time_code": ("6 位动态验证码", "6-digit code"),
    "recovery_code": ("恢复码", "Recovery code"),
    "second_factor": ("两步验证", "Two-step sign-in"),
    "second_factor_text": (
        "开启后，登录时除密码外还需输入身份验证器应用生成的动态验证码，他人仅凭密码无法登录。",
        "With it, signing in takes the password and a code from an authenticator app, "
        "so that nobody gets in with the password alone.",
    ),
    "needs_second_factor": (
        "要求更强的身份认证，请先开启两步验证。",
        "asks for a stronger sign-in. Turn on two-step sign-in first.",
    ),
    "second_factor_on": ("两步验证已开启。", "Two-step sign-in is on."),
    "second_factor_off": ("两步验证未开启。", "Two-step sign-in is off."),
    "second_factor_manage": ("管理两步验证", "Manage two-step sign-in"),
    "codes_left": ("还有 {count} 个恢复码可用。", "Recovery codes left: {count}."),
    "renew_codes": ("重新生成恢复码", "Make new recovery codes"),
    "remove_second_factor": ("关闭两步验证", "Turn off two-step sign-in"),
    "begin_enrolment": ("开启两步验证", "Turn on two-step sign-in"),
    "enrolment_install": (
        "在手机上安装任意一款支持 TOTP 的身份验证器应用。",
        "Install any authenticator app that knows TOTP on your telephone.",
    ),
    "enrolment_scan": ("用该应用扫描二维码。", "Scan this QR code with the app."),
    "qr": ("身份验证器二维码", "QR code for the authenticator"),
    "enrolment_key": ("无法扫描时，请手工输入密钥：", "If you cannot scan it, type this key:"),
    "enrolment_confirm": ("输入应用显示的 6 位验证码。", "Type the 6 digits that the app shows."),
    "confirm": ("确认", "Confirm"),
    "recovery_codes": ("恢复码", "Recovery codes"),
    "recovery_codes_text": (
        "请抄写或打印并妥善保管。每个恢复码只能使用一次，此页只显示一次。",
        "Write them down or print them and keep them safe. Each is good once, and they are shown only now.",
    ),
    "codes_kept": ("我已保存，返回我的账户", "I have kept them; back to my account"),
    "go_on_to": ("我已保存，继续使用{name}", "I have kept them; continue to {name}"),
}

FACE_WORDING: Final[dict[str, tuple[str, str]]] = {
    "face": ("人脸核验", "Face check"),
    "face_text": (
        "此操作需要核验本人。您的姓名和公民身份号码将提供给人脸核验服务，用于与国家人口库照片比对。",
        "This asks for a check of your face. Your name and citizen identity number go to the face-check service, "
        "which compares you with the national register.",
    ),
    "face_begin": ("开始核验", "Begin the check"),
    "face_demonstration": (
        "本地演示：此处不比对人脸，仅由您在本页确认。正式环境须接入人脸核验服务。",
        "Local demonstration: no face is compared here, you only confirm on this page. "
        "A production installation is connected to a face-check service.",
    ),
    "face_confirm": ("确认（演示）", "Confirm (demonstration)"),
    "face_not_offered": (
        "本系统未接入人脸核验服务，无法完成此操作，请到政务服务大厅办理。",
        "No face-check service is connected here, so this cannot go on. Please come to the service hall.",
    ),
    "face_refused": ("人脸核验未通过。", "The face was not recognised."),
    "face_over": ("这次核验已失效，请重新开始。", "This check is over; begin again."),
    "face_away": (
        "人脸核验服务暂不可用，请稍后重试。",
        "The face-check service does not answer; try again later.",
    ),
    "face_leave_text": (
        "请前往人脸核验服务完成核验，之后会自动返回。",
        "Go to the face-check service; it sends you back here.",
    ),
    "face_leave": ("前往人脸核验", "Go to the face check"),
    "face_waiting": ("核验尚未完成。", "The check is not finished yet."),
    "face_ask_again": ("查看核验结果", "Look for the result"),
}

PASSWORD_WORDING: Final[dict[str, tuple[str, str]]] = {
    "current_password": ("当前密码", "Current password"),
    "new_password": ("新密码", "New password"),
    "repeated_password": ("再次输入新密码", "New password again"),
    "password_hint": (
        "至少 10 个字符，不要与用户名相同或使用常见密码；可以用几个词组成。",
        "At least 10 characters; not your user name, not a common password. Several words do well.",
    ),
    "set_password": ("设置密码", "Set the password"),
    "change_password": ("修改密码", "Change the password"),
    "change_password_text": (
        "修改后，其他设备上的登录都会退出。",
        "After that you are signed out on every other device.",
    ),
    "password_changed_text": (
        "其他设备上的登录已退出。",
        "You are signed out on every other device.",
    ),
    "passwords_differ": ("两次输入的新密码不一致。", "The two new passwords are not the same."),
    "password_same": ("新密码不能与当前密码相同。", "The new password is the current one."),
    "password_too_short": ("新密码至少需要 10 个字符。", "The new password needs at least 10 characters."),
    "password_too_long": ("新密码不能超过 256 个字符。", "The new password may have 256 characters at most."),
    "password_like_name": ("新密码不能与用户名相同。", "The new password must not be the user name."),
    "password_common": (
        "这是一个常见密码，很容易被猜中，请换一个。",
        "This is a common password and easily guessed; choose another.",
    ),
    "current_wrong": ("当前密码不正确。", "The current password is not right."),
    "new_password_demanded": ("请设置新密码", "Set a new password"),
    "new_password_demanded_text": (
        "管理员要求您在继续之前更换密码。",
        "An operator asks you to change your password before you go on.",
    ),
    "password_set": ("密码已设置", "The password is set"),
    "password_set_text": ("请使用新密码登录。", "Sign in with your new password."),
    "forgotten_link": ("忘记密码？", "Forgotten your password?"),
    "forgotten": ("忘记密码", "Forgotten password"),
    "forgotten_text": (
        "如已开启两步验证，请输入动态验证码和一个恢复码，并设置新密码。所有已登录的设备都会退出。",
        "If you use two-step sign-in, give a code, one of your recovery codes, and a new password. "
        "Every device is signed out.",
    ),
    "not_recovered": (
        "提供的信息不正确，密码没有更改。",
        "What you gave is not right; the password was not changed.",
    ),
    "forgotten_else": ("没有恢复码？", "No recovery code?"),
    "forgotten_else_text": (
        "请携带有效身份证件到政务服务大厅综合窗口，工作人员核验后会提供一次性链接。",
        "Bring your identity card to a window of the government service hall: "
        "an officer checks it and gives you a link that is good once.",
    ),
    "back_to_sign_in": ("返回登录", "Back to sign-in"),
    "activate": ("启用账户", "Activate your account"),
    "recover": ("重设密码", "Set a new password"),
    "link_text": (
        "请为您的账户设置密码。此链接只能使用一次。",
        "Set a password for your account. This link is good once.",
    ),
    "link_not_good": ("链接无效", "The link is not good"),
    "link_not_good_text": (
        "链接已使用或已过期，请向提供链接的工作人员重新申请。",
        "It was used, or it is too old. Ask the officer who gave it to you for another.",
    ),
    "stale_form_text": (
        "请返回上一页，刷新后重新填写。",
        "Go back, load the page again and fill it in once more.",
    ),
}

ACCOUNT_WORDING: Final[dict[str, tuple[str, str]]] = {
    "account": ("我的账户", "My account"),
    "display_name": ("姓名", "Name"),
    "citizen_id": ("公民身份号码", "Citizen identity number"),
    "phone": ("手机号码", "Telephone"),
    "own_cases": ("我的办件", "My cases"),
    "protection": ("安全设置", "Protection"),
    "sessions": ("登录设备", "Where I am signed in"),
    "this_session": ("当前设备", "this device"),
    "unknown_device": ("未知设备", "Unknown device"),
    "signed_in_at": ("登录时间", "Signed in"),
    "end_session": ("退出此设备", "Sign this device out"),
    "end_others": ("退出其他所有设备", "Sign all other devices out"),
    "applications": ("已授权的应用", "Applications that I allowed"),
    "no_applications": ("您还没有授权任何应用。", "You have not allowed any application."),
    "allowed_at": ("授权时间", "allowed"),
    "withdraw_consent": ("撤回授权", "Take it back"),
    "history": ("最近的安全记录", "What happened lately"),
    "event_opened": ("账户开立", "Account opened"),
    "event_signed_in": ("登录", "Signed in"),
    "event_stepped_up": ("加强认证", "Stronger sign-in"),
    "event_guessed_at": ("多次尝试登录失败", "Many failed attempts"),
    "event_password_changed": ("设置或修改密码", "Password set or changed"),
    "event_password_recovered": ("重设密码", "Password recovered"),
    "event_link_issued": ("窗口工作人员提供了密码重设链接", "An officer issued a recovery link"),
    "event_face_refused": ("人脸核验未通过", "Face check failed"),
    "event_second_factor_added": ("开启两步验证", "Two-step sign-in turned on"),
    "event_second_factor_removed": ("关闭两步验证", "Two-step sign-in turned off"),
    "event_recovery_code_used": ("使用恢复码", "Recovery code used"),
    "event_recovery_codes_renewed": ("重新生成恢复码", "New recovery codes made"),
    "event_consent_withdrawn": ("撤回应用授权", "An application's permission taken back"),
    "event_sessions_ended": ("退出其他设备", "Other devices signed out"),
    "event_changed": ("账户信息变更", "Account changed by an operator"),
    "event_identity_linked": ("关联上级平台账号", "An upper platform's identity linked"),
    "event_identity_unlinked": ("解除上级平台账号关联", "An upper platform's identity unlinked"),
    "event_closed": ("账户关闭", "Account closed"),
    "event_reopened": ("账户重新开启", "Account reopened"),
    "method_pwd": ("密码", "password"),
    "method_otp": ("验证码", "code"),
    "method_face": ("人脸核验", "face check"),
    "method_fed": ("上级平台", "another platform"),
    "method_ecl": ("电子营业执照", "electronic business licence"),
}
