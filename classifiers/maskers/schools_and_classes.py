"""Finds names of schools and of classes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.maskers.finding import Finding, Passage
from classifiers.maskers.named_places import begin
from domain.masked_text import PersonalData

_NUMBER = "[一二三四五六七八九十百零〇0-9]{1,3}"
_SUFFIX = re.compile(
    rf"第?{_NUMBER}(?:实验|完全|初级|高级|附属)?(?:小学|中学|中等|高中|初中|幼儿园|幼稚园|职业|职高|职中)(?:学校|中学|小学)?|"
    rf"(?<=[\u4e00-\u9fff]{{2}})(?:村小|村幼|镇小|镇中|乡小|乡中|县中|区小)(?!学|组|型|伙|队|型|规|区|心|间|国|央|午)|"
    rf"(?:实验|附属|外国语|职业|职教|技工|特教|中心)?第?{_NUMBER}(?:小|中|幼|职|职高|高|初|附小|附中)(?:分校|[东南西北新老本]校区)?|"
    r"(?:小学|中学|高中|初中|初级中学|高级中学|完全中学|附中|附小|附幼|实小|实中|实验学校|外国语学校|外国语|外语学校|完小|中心校|中心学校|教学点|"
    r"九年一贯制学校|九年制学校|一贯制学校|十二年一贯制学校|寄宿制学校|特殊教育学校|特教学校|特教中心|特校|聋哑学校|聋校|盲校|培智学校|启智学校|"
    r"职业技术学校|职业中等专业学校|中等专业学校|中等职业学校|职业技术学院|职业高中|职业学校|职业中学|技工学校|技师学院|职教中心|职高|职中|中专|职校|技校|"
    r"幼儿园|幼稚园|中心园|国小|国中|学堂|书院|体校|体育学校|艺术学校|师范学校|进修学校|党校|双语学校|国际学校|民族学校|希望学校|子弟学校|私立学校|学校)"
    r"(?:附属)?(?:小学部|中学部|初中部|高中部|幼儿园|小学|中学)?(?:[一二三四五六1-6]分校|分校|[东南西北新老本总]校区|总校|分园|教学点)?"
)
# What is left of a name without these words must still single out a school.
_GENERIC = re.compile(
    r"(?:全国|全省|全市|全区|全县|全镇|全乡|普通|农村|乡村|乡镇|城镇|城市|城区|县城|山区|牧区|边远|偏远|村级|镇级|市级|区级|县级|省级|省会|城里|城乡|城关|公办|公立|民办|私立|重点|示范|"
    r"示范性|薄弱|优质|优秀|名牌|普惠|完全|寄宿|寄宿制|"
    r"九年|九年制|一贯制|九年一贯制|十二年|义务|教育|阶段|义务教育|基层|中心|附属|普通话|基础|中等|职业|技术|专业|专业技术|高等|特殊|特教|民族|双语|实验性|规模|大型|小型|小规模|百年|新|老|"
    r"大|小|好|差|中|初级|高级|"
    r"本地|当地|外地|一般|任何|许多|很多|不少|部分|其余|试点|先进|文明|绿色|健康|智慧|数字|书香|安全|特色|美丽|无烟|卫生|家校|校校|兄弟|寄宿|边境|沿海|海岛|相关|有关|各级|各类|中国|"
    r"国家|农民工|子弟|家长|网上|网络|空中|线上|线下|业余|少年|"
    r"中小|幼小|大中小|大中专|小学|中学|初中|高中|学校|幼儿|幼儿园|村|乡|镇|县|市|区|省|校|们|X|x|×|[*]|某|第|一所|[一二三四五六七八九十两几多\d]+所|"
    r"[一二三四五六七八九十两几多\d]+个|[一二三四五六七八九十\d]+年|片区|学区|老年|电视|广播|驾|夜|母|军|高|离开|回到|来到|走进|返回|进入|放学|上学|开学|出|到|返|进|护|入|住|建|办|"
    r"离|回|驻)*"
)
_NOT_BEHIND = re.compile(
    r"(?:全会|央|午|间|心|期|旬|年|等|式|国|考|秋|华|层|途|断|外|时|组|部分|块|步|节|伙|撮|段|队|孩|朋友|包|碗|康|题|班|会儿|时候|点|半|批|群|型|结|程序|区|微|口|票|条|"
    r"张|车|姐|哥|妹|弟|子|女|学生|字|数|事|巧|幅|本|册|瓶|袋|盒|杯|件|圈|片|格|截|串|捆|堆|月|声|肯|招|职|标|选|级|学段|高层|度|就|将)"
)
_NUMBERED = re.compile(
    rf"(实验|附属|外国语|职业|职教|技工|特教|中心)?(第?)({_NUMBER})(小|中|幼|职|职高|高|初|附小|附中)(.*)"
)
_CLASS_GRADE = (
    r"(?:(?:小学|初中|高中|初|高|小|职)?[一二三四五六七八九1-9](?:年级|年)?|"
    r"(?:20)?[12]\d(?:级|届)|[大中小](?=[一二三四五六七八九1-9]班))"
)
_SUBJECT = (
    r"(?:机电|护理|学前|学前教育|幼师|会计|计算机|汽修|电商|数控|旅游|烹饪|重点|实验|快|普通|"
    r"文科|理科|文|理|艺术|体育|美术|音乐|高复)?"
)
_CLASS = re.compile(
    rf"{_CLASS_GRADE}\s?{_SUBJECT}\s?(?:[(\[]\s?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})\s?[)\]]|第?(?:\d{{1,2}}|"
    rf"[一二三四五六七八九十]{{1,3}}))(?:\s?[、,和及]\s?(?:[(\[]?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[)\]]?))*\s?(?:班|中队)"
)
_BRACKETED = re.compile(
    r"[一二三四五六七八九1-9][(\[]\d{1,2}[)\]](?=的?(?:学生|孩子|班|中队|家长|娃)|[,、和]?[一二三四五六七八九1-9][(\[])|[(\[]\d{1,2}[)\]]班"
)
_BARE = re.compile(
    r"(?<![\d一二三四五六七八九十个])(?:\d{1,2}|[一二三四五六七八九十]{1,2})班(?!倒|次|车|人|组|制|级|岗|会|长|机|船|子|里的人|\d|[一二三四五六七八九])"
)
_BARE_CUE = re.compile(
    r"(?:我带|我教|我是|班主任|我们|咱们|我儿子在|我女儿在|孩子在|就读于?|年级的?|初中部|高中部|隔壁|小学部)[^,。;\n]{0,2}$"
)
_NOT_GRADE = re.compile(r"(?:[个第每两几]|第[一二三四五六七八九十])$")
# These follow many a word that is no name, so a place or a customary name must stand in front of them.
_VAGUE = ("学校", "中心校", "中心园", "中心学校", "教学点", "学堂", "书院", "进修学校", "党校")
_PLACED = re.compile(
    r"[村镇乡县市区州省旗山河湖江海溪桥港湾岛岭坪坝沟寨堡屯庄店铺集营渡塘洲里路街城关]$|光明|育才|育英|育红|实验|希望|前进|东风|红旗|胜利|解放|建设|新华|曙光|朝阳|阳光|春蕾|启明|民主|团结|和平|"
    r"友谊|先锋|红星|太阳|天使|蓝天|彩虹|大地|未来|博雅|明德|文华|树人|致远|启智|星|苗|蕾|童|贝|乐|爱|机关|军区|师大|大学|医院|公司|厂|矿|铁路|油田|农场|林场"
)
# A town has one of these: its name alone is enough.
_SPECIAL = (
    "特",
    "聋",
    "盲",
    "培智",
    "启智",
    "职",
    "技",
    "实验",
    "外国语",
    "外语",
    "体",
    "艺术",
    "师范",
    "进修",
    "中等",
    "完全",
)
# These words are hardly anything but names of schools.
_NAME_ALONE = re.compile(
    r"育(?:才|英|红|新|贤|华|林|民|智|杰|秀)(?!路|街|[\u4e00-\u9fff]{0,2}(?:小学|中学|学校|幼儿园))"
)
_FARTHEST = 14


class SchoolFinder:
    """Finds names of schools: a name or number in front of 小学, 中学 …; what only says a kind of school stays."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the schools found."""
        text = passage.text
        for match in _SUFFIX.finditer(text):
            start = begin(text, match.start(), farthest=_FARTHEST)
            start = _behind_class(text, start, match.start())
            numbered = _NUMBERED.fullmatch(match[0])
            if numbered and not _is_numbered_school(text, match, start):
                continue
            if not numbered and not _is_name(text[start : match.start()], match[0]):
                continue
            if text.startswith("路", match.end()) or text.startswith("街", match.end()):
                continue
            yield Finding(start, match.end(), PersonalData.SCHOOL, "name in front of a word for a school", rank=6)

        for match in _NAME_ALONE.finditer(text):
            yield Finding(match.start(), match.end(), PersonalData.SCHOOL, "customary name of a school", rank=6)


class ClassFinder:
    """Finds classes of a school: grade and number."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the classes found."""
        for match in _CLASS.finditer(passage.text):
            if not _NOT_GRADE.search(passage.before(match.start(), 2)):
                yield Finding(match.start(), match.end(), PersonalData.CLASS, "grade and number of a class", rank=6)
        for match in _BRACKETED.finditer(passage.text):
            yield Finding(match.start(), match.end(), PersonalData.CLASS, "number of a class in brackets", rank=6)
        for match in _BARE.finditer(passage.text):
            if _BARE_CUE.search(passage.before(match.start(), 10)):
                yield Finding(match.start(), match.end(), PersonalData.CLASS, "number of one's own class", rank=6)


def _is_name(head: str, suffix: str) -> bool:
    if suffix in ("附小", "附中", "附幼", "实小", "实中"):
        return True
    if suffix.startswith(("实验学校", "外国语")) and not head:
        return False
    if re.match(rf"第?{_NUMBER}", suffix) and re.search(r"第|\d", suffix):
        return bool(head) or suffix.startswith("第")
    if suffix.startswith(_VAGUE) and not _PLACED.search(
        re.sub(r"(?:中心|实验|希望|联合|寄宿|寄宿制|民族)+$", "", head)
    ):
        return False
    if len(head) == 1:
        return head in "市县区镇乡省州旗" and suffix.startswith(_SPECIAL)
    return not _GENERIC.fullmatch(head) and bool(head)


def _is_numbered_school(text: str, match: re.Match[str], start: int) -> bool:
    """市一中, 实验二小, 三中 are schools; 一中午, 其中一小部分 and 高一中 are not."""
    parts = _NUMBERED.fullmatch(match[0])
    kind, number, tail = (parts[1], parts[3], parts[5]) if parts else ("", "", "")
    before, after = text[start : match.start()], text[match.end() : match.end() + 3]
    placed = bool(kind or tail or (parts and parts[2])) or before.endswith(
        ("市", "县", "区", "镇", "乡", "州", "省", "路", "街", "湖", "山", "城")
    )
    if after and _NOT_BEHIND.match(after) and not (placed and after.startswith(("学生", "就", "级"))):
        return False
    if number.isascii():
        return placed or len(before) >= 2
    previous = text[match.start() - 1 : match.start()]
    return placed or (
        previous not in "其统唯万周初高第之同单专每这那另十任逐再进唯不星期礼拜月年个" if previous else True
    )


def _behind_class(text: str, start: int, end: int) -> int:
    """A school does not reach back over a class or a title that stands directly in front of it."""
    cut = max(
        (match.end() for match in re.finditer(r"班|年级|书记|局长|科长|园长|街道办?", text[start:end])), default=0
    )
    return start + cut
