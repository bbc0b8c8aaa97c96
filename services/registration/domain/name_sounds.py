"""How the characters of a name sound (字音): names that sound the same are told apart by nobody who hears them.

GB/T 2312-1980 puts its 3,755 characters of the first level in the order of their pinyin, so that the first character
of each of the 396 syllables tells the sound of all that follow it. Characters of the second level, which stand by
radical, sound only as themselves, but for those that names are often written with. Tones are left aside; of several
readings of a character (行, 长, 乐) only the one counts by which the standard orders it.
"""

from bisect import bisect_right
from typing import Final

_SYLLABLES: Final = (
    "啊埃鞍肮凹芭白斑邦苞杯奔崩逼鞭标鳖彬兵玻捕擦猜餐苍操厕层插拆搀昌超车郴撑吃充抽初揣川疮吹春戳疵聪凑粗"
    "蹿摧村磋搭呆耽当刀德蹬堤颠碉跌丁丢东兜督端堆墩掇蛾恩而发藩坊菲芬丰佛否夫噶该干冈篙哥给根耕工钩辜刮乖"
    "棺光瑰辊锅哈骸酣夯壕呵嘿痕哼轰喉呼花槐欢荒灰荤豁击嘉歼僵蕉揭巾荆炯揪鞠捐撅均喀开刊康考坷肯坑空抠枯夸"
    "块宽匡亏坤括垃莱蓝琅捞勒雷棱厘俩联粮撩列琳玲溜龙楼芦驴峦掠抡萝妈埋瞒芒猫么玫门萌眯棉苗蔑民明谬摸谋拇"
    "拿氖南囊挠呢馁嫩能妮蔫娘鸟捏您柠牛脓奴女暖虐挪哦欧啪拍攀乓抛呸喷砰坯篇飘撇拼乒坡扑期掐牵枪橇切钦青琼"
    "秋趋圈缺裙然瓤饶惹壬扔日戎揉茹软蕊闰若撒腮三桑搔瑟森僧莎筛珊墒梢奢砷声师收蔬刷摔栓霜谁吮说斯松搜苏酸"
    "虽孙蓑塌胎坍汤掏特藤梯天挑贴厅通偷凸湍推吞拖挖歪豌汪威瘟嗡挝巫昔瞎掀相萧楔薪星兄休墟轩靴勋压焉殃邀椰"
    "一茵英哟拥幽迂鸳曰耘匝栽咱赃遭责贼怎增扎摘瞻樟招遮珍蒸芝中舟珠抓拽专桩椎谆捉兹鬃邹租钻嘴尊昨"
)
_OFTEN_IN_NAMES: Final = """
    鑫薪 晟声 睿蕊 琪期 淼苗 焱焉 垚邀 犇奔 骉标 昊壕 璟荆 瑾巾 婷厅 妍焉 娅压 薇威 芸耘 茗明 萱轩 蕙灰
    馨薪 麒期 麟琳 骅花 禧昔 祺期 祯珍 璐芦 瑜迂 璞扑 珑龙 琦期 煜迂 烨椰 炜威 炫轩 煊轩 焜坤 皓壕 珺均
    珂坷 玮威 玥曰 钰迂 锟坤 铄说 镒一 镓嘉 沣丰 沅鸳 沄耘 泓轰 泾荆 洺明 浠昔 淏壕 淇期 滢英 漪一 濠壕
    灏壕 岚蓝 嵘戎 嵩松 菀豌 荟灰 茜牵 莞棺 菡酣 蓓杯 藜厘 芃砰 芮蕊 翊一 翎玲 曦昔 晗酣 晖灰 昕薪 暄轩
    暻荆 昱迂 旻民 炅炯 宸郴 宥幽 寰欢 谕迂 霏菲 雯瘟 鸾峦 鹭芦 鹂厘 骐期 骁萧 骊厘 铖撑 锜期 镕戎 懿一
    祎一 祉芝 稷击 筠耘 筱萧 箐青 纭耘 绮期 缇梯 缦瞒 琨坤 琰焉 璇轩 璨餐 瓒咱 倩牵 俪厘 侬脓 勖墟 勰楔
    堃坤 奕一 嫣焉 孚夫 岱呆 彧迂 徕莱 恺开 愫苏 斐菲 楠南 榕戎 槿巾 樾曰 栩墟 桦花 桉鞍 梓兹 毓迂
"""


def _place(character: str) -> bytes:
    """Where the standard puts it; nothing that it does not hold on its first level."""
    try:
        place = character.encode("gb2312")
    except UnicodeEncodeError:
        return b""
    return place if len(place) == 2 and 0xB0 <= place[0] <= 0xD7 else b""


_STARTS: Final = tuple(_place(character) for character in _SYLLABLES)
_SECOND_LEVEL: Final = {pair[0]: pair[1] for pair in _OFTEN_IN_NAMES.split()}


def sounds_of(text: str) -> str:
    """Write each character as the first of its syllable, or as itself where its sound is not known."""
    return "".join(_sound_of(character) for character in text)


def _sound_of(character: str) -> str:
    place = _place(character)
    if place:
        return _SYLLABLES[bisect_right(_STARTS, place) - 1]
    return _SECOND_LEVEL.get(character, character)
