"""Invented places and public bodies: who reports, what it calls itself and its area.

Every name is put together from syllables; none is meant to be a real one, and the best known real ones are left out.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from random import Random

import yaml

from models.synthesis.facts import Level

_FIRST = (
    "澄岚青沅棠翠梧柏槐榆樟枫竹菱荷芦苇莲桐杏桃梨橘松楠桑柘枣栗椿槿兰蕙芷蘅芙蓉茗禾稻麦粟黍"
    "云霁雾霞露霜晴曦晓暮晨朝夕星辰虹泽涧溪湾潭漾淇沂澜泊渚汀洲浦滩渡津堰渠川河江湖海洋池泉"
    "峰岭峦岩崖岗坡坪峪峡屏嶂磐砚碧玉珠琼瑶琅璞瑾金银铜铁石沙赤紫丹朱白墨苍素双三九五七千百长"
    "平安宁康泰和顺清静瑞祥福禄嘉庆永恒昌盛兴隆鼎新东西南北中上下前后左右高低凤龙鹤鹭雁莺鹿麟马"
)
_SECOND = (
    "溪川湾潭泽涧浦洲渡津堰渠河江湖泉池塘陂坝沟港岭峰岗坡坪峪岩崖屏台阜丘原塬梁塔亭桥楼阁寨堡"
    "城关口集店铺屯营庄坊巷里园林木树桐梧柏榆槐竹枫荷莲菱芦阳阴平安宁康和顺清远昌兴隆盛庆嘉祥瑞"
    "云霞星月山水田禾谷穗丰源华荣明光辉朗玉珠石沙凤龙鹤鹭马鹿牛羊雁"
)
_SEATS = ("市", "市", "区", "区", "县", "县", "新区", "自治县", "旗", "开发区", "高新区", "管理区", "经济技术开发区")
_TOWNS = ("镇", "镇", "镇", "乡", "乡", "街道", "街道", "街道", "民族乡")
_SELF = ("我{}", "我{}", "本{}", "本机关", "我单位", "本单位")


@cache
def _listed(kind: str) -> tuple[str, ...]:
    text = resources.files("models").joinpath("synthesis", "prose", "bodies.yaml").read_text(encoding="utf-8")
    lists: dict[str, str] = yaml.safe_load(text)
    return tuple(lists[kind].split())


def draw_name(rng: Random) -> str:
    """A two-character stem of a place name, in some reports three: 澄岭, 芦荷桥."""
    while True:
        first, second = rng.choice(_FIRST), rng.choice(_SECOND)
        if first != second and first + second not in _listed("real_places"):
            return first + second + (rng.choice(_SECOND) if rng.random() < 0.06 else "")


def draw_seat(rng: Random, suffix: str | None = None) -> str:
    """A city, district or county: 澄岭县."""
    return draw_name(rng) + (suffix or rng.choice(_SEATS))


def draw_town(rng: Random) -> str:
    """A town, township or street: 芦湾镇."""
    return draw_name(rng) + rng.choice(_TOWNS)


def draw_bureau(rng: Random) -> str:
    """A department without its place: 水利局."""
    return rng.choice(_listed("bureaus"))


def area_of(place: str) -> str:
    """What a report calls the whole of a place: 全市, 全县, 全区."""
    for suffix, area in (("自治县", "全县"), ("县", "全县"), ("旗", "全旗"), ("区", "全区"), ("省", "全省")):
        if place.endswith(suffix):
            return area
    return "全市"


def short_of(body: str) -> str:
    """The last character by which a body calls itself: 局, 委, 办, 镇, 街道."""
    for end, short in (
        ("街道办事处", "街道"), ("街道", "街道"), ("委员会", "委"), ("办公室", "办"), ("中心", "中心"),
        ("联合社", "社"),
        ("联合会", "会"), ("支队", "支队"), ("大队", "大队"), ("调查队", "队"), ("海关", "关"), ("公司", "公司"),
        ("检查站", "站"), ("镇人民政府", "镇"), ("乡人民政府", "乡"), ("镇", "镇"), ("乡", "乡"),
        ("管理处", "处"), ("红十字会", "会"), ("会", "会"),
    ):  # fmt: skip
        if body.endswith(end):
            return short
    return "局"


def draw_issuer(rng: Random) -> tuple[str, str, Level, str, str]:
    """(issuer, place, level, area, we). ``place`` is the city or county it belongs to, ``area`` all of that place."""
    level: Level = rng.choices(
        ("city", "district", "office", "bureau", "street", "vertical"), (5, 12, 15, 36, 26, 6)
    )[0]  # fmt: skip
    above = draw_seat(rng, "市") if rng.random() < 0.3 else ""
    if level in ("city", "district"):
        place = draw_seat(rng, "市" if level == "city" else rng.choice(_SEATS[2:]))
        area, tail = area_of(place), place[-1]
        we = rng.choice((f"我{tail}", f"我{tail}", area, f"{tail}政府", place, f"{area}各级行政机关"))
        issuer = place + rng.choice(("", "", "人民政府", "人民政府"))
        return (above if level == "district" else "") + issuer, place, level, area, we
    place = draw_seat(rng)
    area, tail = area_of(place), place[-1] if place[-1] in "市区县旗" else "区"
    if level == "office":
        end = rng.choice(("人民政府办公室", "人民政府办公室", "人民政府办公室", "人民政府办公厅", "管理委员会办公室"))
        we = rng.choice(("我办", "本机关", "区政府办公室".replace("区", tail), f"{tail}政府办", "我室", "办公室"))
        return above + place + end, place, level, area, we
    if level == "street":
        town = draw_town(rng)
        end = "办事处" if town.endswith("街道") else "人民政府"
        we = rng.choice(_SELF).format(short_of(town)) if rng.random() < 0.8 else town
        return above + place + town + rng.choice((end, end, "")), place, level, area, we
    if level == "vertical":
        body = rng.choice(_listed("vertical"))
        body = body.format(place) if "{}" in body else place + body
        return body, place, level, area, rng.choice(_SELF).format(short_of(body))
    bureau = draw_bureau(rng)
    we = rng.choice(_SELF).format(short_of(bureau)) if rng.random() < 0.8 else tail + bureau
    return above + place + bureau, place, level, area, we
