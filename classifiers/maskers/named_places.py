"""Finds where the name of a school, road or estate begins."""

from __future__ import annotations

import re

from classifiers.maskers.word_list import words

# A name does not reach back over these words.
_STOP_WORDS = frozenset(
    words(
        """
        我们 咱们 他们 她们 你们 俺们 大家 人家 别人 我校 本校 我 俺 咱 你 您 他 她 它 谁 这个 那个 这所 那所 这家
        那家 这边 那边 这里 那里 这 那 哪个 哪所 哪 该 本 各 每个 每所 每 某个 某所 某区 某县 某 全 所有 一所 两所
        三所 几所 多所 一家 几家 一个 两个 几个 有个 有所 另一所 其他 其它 别的 隔壁 附近 对面 旁边 对门 在 到 去
        来自 来 从 往 离 自 由 向 对 和 与 跟 同事 同 及 或 以及 是 就是 叫做 叫 名叫 为 于 系 即 把 被 给 让 使 将
        的 地 得 了 着 过 啦 吧 呢 啊 嘛 调到 调去 调入 调回 分到 分配 转到 转去 考上 考进 考到 考入 毕业 任教 任职
        支教 交流 就读 读 上 进 入 回 住在 住到 住 家住 位于 地处 坐落 搬到 搬去 租在 租住 借住 联系 参观 代表 属于
        离开 路过 经过 听课 找 问 看 听 说 讲 写 寄 送 发 教 带 管 当 做 查 催 要 要求 请 求 帮 替 陪 接 派 抽调
        借调 强迫 组织 安排 通知 反映 举报 投诉 比如 例如 像 如 包括 除了 只有 还有 没有 有 都 也 又 还 就 才 只 已
        已经 曾 正 不是 不 没 很 太 最 更 昨天 今天 明天 前天 后天 昨晚 今晚 今早 上周 下周 本周 周末 上午 下午 晚上
        去年 今年 明年 月 日 号 点 学期 现在 目前 当时 以前 原来 原 现 刚 因为 所以 但是 如果 虽然 而且 关于 根据
        按照 感谢 谢谢 老师 校长 主任 孩子 学生 家长 儿子 女儿 孙子 外孙 侄女 外甥 丈夫 妻子 爱人 老公 老婆 同学
        朋友 女士 先生 市民 地址 家庭 居住 寄到 寄给 寄往 收件 学校 单位 名称 全名 工作 毕业于 男 女 岁 打车到 送到
        搬进 快递 老家 新家 家 爬 扫 守 站 以 并 却 可 能 会 想 用 村里 县里 乡里 镇里 城里 区里 市里 家里 校里 班里
        群里 哪里 外 转 操 归 牵连 按 连 第二天 调 出入 些 娃 额 哋 嘞 为了 事 算 算不算
        """
    )
)
_STOP_ENDS = frozenset(word[-1] for word in _STOP_WORDS)
_HAN = re.compile(r"[\u3400-\u9fffA-Z]")
# Names of places that end or begin like a stop word.
_KEPT = frozenset(
    words(
        """
        上海 上饶 上街 上庄 下沙 向阳 向东 和平 同心 同德 同济 为民 在田 对山 过街 来凤 来安 来宾 去思 有为 不老
        太平 太安 太和 太原 太仓 最美 会同 会泽 会理 会昌 都匀 都江 都昌 才溪 只楚 前进 先进 改进 外滩 外环 外国语
        对外 月湖 月亮 月坛 日照 日新 得胜 教场 女子 进贤 进步 上游 上林 上犹 让胡路 让湖路 能仁 用里 管城 当阳 当涂
        当代 送仙 发展 求实 求是 求知 求真 求精 如东 如皋 如意 包河 包头 于洪 于都 于田 从化 从江 和田 太阳 太行
        同乐 同创 同文 同仁 为明 正阳 正德 正大 正定 正兴 过水 来广 有容 教文 上河 上坝 下坝 下关 下河 上湾 和睦
        和谐 和美 和润 最好 发祥 和顺 和硕 和龙 及第 石门 大要 站前
        """
    )
) | {
    f"{surname}家"
    for surname in "张李王赵刘陈杨周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余"
    "杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦方白邹孟熊秦邱江尹薛段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔"
}


def begin(text: str, position: int, *, farthest: int) -> int:
    """Return where the name that ends before `position` begins: behind a stop word or at the start of its clause."""
    start = position
    low = max(0, position - farthest)
    while start > low and _HAN.match(text[start - 1]) and not _stopped(text, start):
        start -= 1
    return start


def _stopped(text: str, start: int) -> bool:
    if text[start - 1] not in _STOP_ENDS:
        return False
    stopped = any(text[max(0, start - size) : start] in _STOP_WORDS for size in (1, 2, 3, 4))
    return stopped and not _kept(text, start)


def _kept(text: str, start: int) -> bool:
    """和平路: the stop word 和 begins a name; 石门的: it does not."""
    return (
        any(text[start - 1 : start - 1 + size] in _KEPT for size in (2, 3)) or text[max(0, start - 2) : start] in _KEPT
    )
