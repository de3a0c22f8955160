"""Finds where the name of a school, road or estate begins."""

from __future__ import annotations

import re

# A name does not reach back over these words.
_STOPS = (
    "我们|咱们|他们|她们|你们|俺们|大家|人家|别人|我校|本校|我|俺|咱|你|您|他|她|它|谁|这个|那个|这所|那所|这家|那家|这边|那边|这里|那里|这|那|哪个|哪所|哪|该|本|各|每个|每所|每|某个|某所|某区|某县|某|全|所有|"
    "一所|两所|三所|几所|多所|一家|几家|一个|两个|几个|有个|有所|另一所|其他|其它|别的|隔壁|附近|对面|旁边|对门|"
    "在|到|去|来自|来|从|往|离|自|由|向|对|和|与|跟|同事|同|及|或|以及|是|就是|叫做|叫|名叫|为|于|系|即|把|被|给|让|使|将|的|地|得|了|着|过|啦|吧|呢|啊|嘛|"
    "调到|调去|调入|调回|分到|分配|转到|转去|考上|考进|考到|考入|毕业|任教|任职|支教|交流|就读|读|上|进|入|回|住在|住到|住|家住|位于|地处|坐落|搬到|搬去|租在|租住|借住|"
    "联系|参观|代表|属于|离开|路过|经过|听课|找|问|看|听|说|讲|写|寄|送|发|教|带|管|当|做|查|催|要|要求|请|求|帮|替|陪|接|派|抽调|借调|强迫|组织|安排|通知|反映|举报|投诉|比如|例如|像|如|包括|除了|只有|还有|没有|有|都|也|又|还|就|才|只|已|已经|曾|正|不是|不|没|很|太|最|更|"
    "昨天|今天|明天|前天|后天|昨晚|今晚|今早|上周|下周|本周|周末|上午|下午|晚上|去年|今年|明年|月|日|号|点|学期|现在|目前|当时|以前|原来|原|现|刚|因为|所以|但是|如果|虽然|而且|关于|根据|按照|感谢|谢谢|老师|校长|主任|孩子|学生|家长|儿子|女儿|孙子|外孙|侄女|外甥|丈夫|妻子|爱人|老公|老婆|同学|朋友|女士|先生|市民|"
    "地址|家庭|居住|寄到|寄给|寄往|收件|学校|单位|名称|全名|工作|毕业于|男|女|岁|打车到|送到|搬进|快递|老家|新家|家|爬|扫|守|站|以|并|却|可|能|会|想|用|里|外"
)
_STOP = re.compile(f"(?:{_STOPS})$")
_STOP_HEADS = frozenset(word[-1] for word in _STOPS.split("|"))
_HAN = re.compile(r"[\u3400-\u9fffA-Z]")
# Names of places that end or begin like a stop word.
_KEPT = re.compile(
    r"(?:上海|上饶|上街|上庄|下沙|新家|张家|李家|王家|赵家|刘家|陈家|杨家|周家|吴家|徐家|孙家|马家|朱家|胡家|郭家|何家|高家|林家|罗家|郑家|梁家|谢家|宋家|唐家|许家|韩家|冯家|邓家|曹家|彭家|曾家|肖家|田家|董家|潘家|袁家|于家|蒋家|蔡家|余家|杜家|叶家|程家|苏家|魏家|吕家|丁家|任家|沈家|姚家|卢家|姜家|崔家|钟家|谭家|陆家|汪家|范家|金家|石家|廖家|贾家|夏家|韦家|方家|白家|邹家|孟家|熊家|秦家|邱家|江家|尹家|薛家|段家|雷家|侯家|龙家|史家|陶家|黎家|贺家|顾家|毛家|郝家|龚家|邵家|万家|钱家|严家|武家|戴家|莫家|孔家|向阳|向东|和平|同心|同德|同济|为民|在田|对山|过街|来凤|来安|来宾|去思|有为|不老|太平|太安|太和|太原|太仓|最美|会同|会泽|会理|会昌|都匀|都江|都昌|才溪|只楚|全州|全椒|全南|里仁|里庄|外滩|外环|外国语|对外|月湖|月亮|月坛|日照|日新|得胜|教场|女子|男|进贤|进步|上游|上林|上犹|来宾|让胡路|让湖路|能仁|用里|管城|当阳|当涂|当代|写|送仙|发展|求实|求是|求知|求真|求精|如东|如皋|如意|若|包河|包头|于洪|于都|于田|于家|从化|从江|由|使|和田|和县|和顺|和硕|和龙|与|及第|石门|大要|要|守|站前|站|扫|里|家|号|点)$"
)


def begin(text: str, position: int, *, farthest: int) -> int:
    """Return where the name that ends before `position` begins: behind a stop word or at the start of its clause."""
    start = position
    low = max(0, position - farthest)
    while start > low and _HAN.match(text[start - 1]) and not _stopped(text, start):
        start -= 1
    return start


def _stopped(text: str, start: int) -> bool:
    if text[start - 1] not in _STOP_HEADS:
        return False
    stop = _STOP.search(text[max(0, start - 4) : start])
    return stop is not None and not _kept(text, start)


def _kept(text: str, start: int) -> bool:
    """和平路: the stop word 和 begins a name; 石门的: it does not."""
    return any(_begins_name(text[start - 1 : start - 1 + size]) for size in (2, 3)) or _begins_name(text[start - 2 : start])


def _begins_name(part: str) -> bool:
    return len(part) > 1 and bool(_KEPT.fullmatch(part))
