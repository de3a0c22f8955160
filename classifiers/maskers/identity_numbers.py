"""Finds numbers that stand for a person: identity and bank cards, number plates, employee and pupil numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classifiers.maskers.digits import Run, Segment, runs
from classifiers.maskers.finding import Finding, Passage
from domain.masked_text import PersonalData

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_ID = re.compile(r"[1-8]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_OLD_ID = re.compile(r"[1-8]\d{5}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
# An identity number, its first seventeen digits in front of an X, or an old one.
_ID_LENGTH = re.compile(
    r"[1-8]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3,4}|[1-8]\d{14}|\d{17,18}"
)
_CARD = re.compile(r"[3-69]\d{15,18}")
_ACCOUNT = re.compile(r"\d{9,19}")
_X = re.compile(r"[\s\-_.·—]{0,2}[xX叉]")
_ID_LABEL = re.compile(r"(?:身份证|身份号|证件|证号|公民身份|sfz|id)[^\n。;]{0,8}$", re.IGNORECASE)
_PASSPORT = re.compile(
    r"(?:护照|通行证|居留证|回乡证|台胞证|军官证)(?:号码|号)?(?:是|为)?[\s:]*([A-Za-z]{0,2}\d{6,10}(?:\(\w\))?)",
    re.ASCII,
)
_CARD_LABEL = re.compile(
    r"(?:卡号|银行卡|工资卡|账号|账户|储蓄卡|信用卡|社保卡|打到|打入|转到|转给|开户行)[^\n。;]{0,10}$"
)
_ACCOUNT_LABEL = re.compile(r"(?:卡号|银行卡号?|工资卡|银行账号|账号|账户)(?:是|为|:|\s){0,3}$")
_NOT_CARD = re.compile(
    r"(?:编号|批次|任务|订单|流水号?|文号|单号|信用代码|条码|序列号|快递|运单|工单)(?:号|是|为)?[\s:#】\]]*$"
)
_REGIONS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"(?<![A-Za-z])[{_REGIONS}][\s\-]?[A-HJ-Ya-hj-y][\s·.\-_]{{0,2}}((?:[A-HJ-NP-Za-hj-np-z\d][\s·.\-]?){{4,5}}[A-HJ-NP-Za-hj-np-z\d学警挂港澳领])(?![A-Za-z\d])",
    re.ASCII,
)
_PLATE_PART = re.compile(
    r"(?:车牌号?码?|牌照|车号|牌号|车牌尾号|尾号为?)(?:是|为|:|\s)*([A-Za-z][\s·.\-]?[A-Za-z\d]{4,6})(?![A-Za-z\d])",
    re.ASCII,
)
_OWN_NUMBER = (
    r"职工号|教工号|员工号|工\s?号|gonghao|职工编号|教师编号|员工编号|人员编号|人事编号|教工编号|编制号|教职工号|教师号|"
    r"学\s?号|学籍号|学生编号|学生号|学籍|考籍号|考生号|准考证号?码?|考号|教师资格证书?号?码?|资格证书?号|证书编号|职称证号|"
    r"一卡通号?|饭卡号?|胸卡号?|胸牌号?|OA\s?账?号|登[录陆][名号]|用户名|警号|军号|社保号|医保号|公积金号|继教号|继续教育号|党员编号|工作证号?|考勤号|打卡号|门禁号|人员号|员工ID|教师ID|人员代码|教师代码|工资号|职员号|我的编号|本人编号|考勤编号|工牌号?|座位号|报名号|报名序号|服务号码|学生ID|学生代码|学籍辅号|学籍编号|借书证号?|校园卡号?"
)
_VALUE = r"[A-Za-z]{0,6}[-_#]?\d[\dA-Za-z]{0,24}(?:[-_/.][\dA-Za-z]{1,24}){0,4}(?:[ \-]\d{3,4}){0,4}"
_LABELLED = re.compile(
    rf"(?:{_OWN_NUMBER})(?:码|尾号)?[\s:是为叫就写填成的我本人他她您你\"“”'‘’()\[\]=#【】]{{0,6}}({_VALUE})",
    re.ASCII | re.IGNORECASE,
)
_FAR = re.compile(
    rf"(?:{_OWN_NUMBER})[^\d\n。;!?]{{1,10}}(?<!\d)([A-Za-z]{{0,4}}-?\d{{6,20}}[A-Za-z]?)(?![\d人个次份年月日点名元])",
    re.ASCII | re.IGNORECASE,
)
_REVERSED = re.compile(
    rf"(?<![\w-])({_VALUE})[\"”’)\]]?\s?(?:是|就是|这个|为)(?:我|他|她|本人|俺)?(?:的|自己的)?(?:{_OWN_NUMBER})",
    re.ASCII | re.IGNORECASE,
)
_NEXT = re.compile(rf"\s?(?:,|、|和|及|与|以及|/)\s?({_VALUE})(?!\d|人|个|次|份|年|月|日|点|名)", re.ASCII)
_PUPIL = re.compile(r"(?<![A-Za-z\d])[GLglJj]\d{17}[\dXx](?!\d)", re.ASCII)
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_LEAST_DIGITS = 3
_LISTED = 20


class IdCardFinder:
    """Finds identity card numbers by shape and birth date, in any grouping, and passports by their label."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the numbers found."""
        for group in passage.groups:
            yield from self._in_group(passage, group)
        for match in _PASSPORT.finditer(passage.digits):
            yield Finding(*match.span(1), PersonalData.ID_CARD, "number behind a word for a travel document", rank=2)

    def _in_group(self, passage: Passage, group: tuple[Segment, ...]) -> Iterator[Finding]:
        taken = 0
        for run in sorted(runs(group, _ID_LENGTH, longest=18), key=lambda run: (run.start, -run.end)):
            if run.start < taken:
                continue
            end, digits = _with_x(passage, run)
            why = _id_why(digits, labelled=bool(_ID_LABEL.search(passage.before(run.start, 16))))
            if why:
                yield Finding(run.start, end, PersonalData.ID_CARD, why, rank=2)
                taken = end


class BankCardFinder:
    """Finds bank card numbers: by the Luhn check and the first digits, or behind a word such as 卡号."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the numbers found."""
        for group in passage.groups:
            cards = (*runs(group, _ACCOUNT, longest=19, starts=1), *runs(group, _CARD, longest=19))
            for run in sorted(cards, key=lambda run: -len(run.digits)):
                why = _card_why(passage, run)
                if why:
                    yield Finding(run.start, run.end, PersonalData.BANK_CARD, why, rank=3)
                    break


class PlateFinder:
    """Finds number plates of vehicles."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the plates found."""
        for match in _PLATE.finditer(passage.digits):
            if any(character.isdigit() for character in match[1]) or "车" in passage.before(match.start()):
                yield Finding(match.start(), match.end(), PersonalData.PLATE, "number plate", rank=4)
        for match in _PLATE_PART.finditer(passage.digits):
            yield Finding(*match.span(1), PersonalData.PLATE, "characters behind a word for a number plate", rank=4)


class EmployeeNumberFinder:
    """Finds numbers of employees and pupils, by the word before or behind them."""

    def find(self, passage: Passage) -> Iterator[Finding]:
        """Return the numbers found."""
        why = "number of an employee or pupil"
        for match in _LABELLED.finditer(passage.digits):
            if _enough(match[1]):
                yield Finding(*match.span(1), PersonalData.EMPLOYEE_NO, why, rank=3)
                yield from _listed(passage, match.end(1), len(match[1]))
        for match in _FAR.finditer(passage.digits):
            if not _DATE.fullmatch(match[1]):
                yield Finding(
                    *match.span(1), PersonalData.EMPLOYEE_NO, "long number near a word for such a number", rank=5
                )
        for match in _REVERSED.finditer(passage.digits):
            if _enough(match[1]):
                yield Finding(*match.span(1), PersonalData.EMPLOYEE_NO, why, rank=4)
        for match in _PUPIL.finditer(passage.digits):
            yield Finding(match.start(), match.end(), PersonalData.EMPLOYEE_NO, "national pupil number", rank=2)


def valid_id(digits: str) -> bool:
    """Whether an 18-character identity number has a possible birth date and the right check digit."""
    if not _ID.fullmatch(digits):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == digits[17]


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _with_x(passage: Passage, run: Run) -> tuple[int, str]:
    check = _X.match(passage.text, run.end) if len(run.digits) == 17 else None
    return (check.end(), run.digits + "X") if check else (run.end, run.digits)


def _id_why(digits: str, *, labelled: bool) -> str:
    if valid_id(digits):
        return "identity number with the right check digit"
    if _ID.fullmatch(digits):
        return "identity number with a birth date"
    if labelled and (_OLD_ID.fullmatch(digits) or len(digits) >= 17):
        return "number behind a word for the identity card"
    return ""


def _card_why(passage: Passage, run: Run) -> str:
    digits = run.digits
    if _NOT_CARD.search(passage.before(run.start, 10)):
        return ""
    if len(digits) >= 12 and _CARD_LABEL.search(passage.before(run.start, 18)):
        return "number behind a word for a bank card"
    if _ACCOUNT_LABEL.search(passage.before(run.start, 8)) and not run.worded:
        return "number behind a word for an account"
    if len(digits) < 16 or (len(run.segments) > 8 and len(set(run.gaps)) > 1):
        return ""
    if digits.startswith("62"):
        return "card number of UnionPay"
    return "card number with the right check digit" if digits[0] in "3459" and luhn(digits) else ""


def _enough(value: str) -> bool:
    return sum(character.isdigit() for character in value) >= _LEAST_DIGITS


def _listed(passage: Passage, position: int, length: int) -> Iterator[Finding]:
    """The label speaks for a whole list: 学号 20230101、20230102."""
    for _ in range(_LISTED):
        match = _NEXT.match(passage.digits, position)
        if match is None or not _enough(match[1]) or abs(len(match[1]) - length) > 1:
            return
        yield Finding(*match.span(1), PersonalData.EMPLOYEE_NO, "next number of a list", rank=4)
        position = match.end(1)
