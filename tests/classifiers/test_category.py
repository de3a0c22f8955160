"""Tests of the ranking of categories."""

from __future__ import annotations

import pytest

from classifiers.category import CategoryRanker, certainty, ranked
from classifiers.classifier import Classifier
from classifiers.features import FeatureReader
from classifiers.linear import LinearModel
from domain.policy_pack import PolicyPack

DECISION = {
    "sharpness": 10.0,
    "certain": 0.0,
    "certain_best": 1.0,
    "certain_margin": 4.0,
    "second": 0.4,
    "third": 0.6,
    "sure": 0.8,
}


@pytest.fixture
def model() -> LinearModel:
    weights: dict[str, dict[str, tuple[int, ...]]] = {
        "w": {"监考": (0, 900), "填表": (1, 700, 0, -200)},
        "g": {"填": (1, 100)},
    }
    return LinearModel("category", ("exam", "forms", "others"), (0, 0, 50), weights, DECISION, {})


def test_the_highest_score_comes_first(model: LinearModel) -> None:
    """Categories are ordered by score, with probabilities that sum to one."""
    ranking = ranked(model, [0.1, 0.9, 0.2])
    assert ranking.order == ("forms", "others", "exam")
    assert list(ranking.probabilities) == sorted(ranking.probabilities, reverse=True)
    assert sum(ranking.probabilities) == pytest.approx(1)


@pytest.mark.parametrize(
    ("scores", "labels"),
    [
        ([0.9, 0.39, 0.1], ("exam",)),
        ([0.9, 0.41, 0.1], ("exam", "forms")),
        ([0.9, 0.7, 0.59], ("exam", "forms")),
        ([0.9, 0.7, 0.61], ("exam", "forms", "others")),
        ([0.1, 0.0, 0.0], ("exam",)),
    ],
)
def test_further_labels_need_a_score_of_their_own(model: LinearModel, scores: list[float], labels: tuple[str]) -> None:
    """A second and a third label are given from their thresholds on; the first always."""
    assert ranked(model, scores).labels == labels


def test_a_clear_lead_is_more_certain_than_a_narrow_one() -> None:
    """Certainty grows with the best score and with its lead."""
    assert certainty([0.9, 0.1, 0.0], DECISION) > certainty([0.9, 0.8, 0.0], DECISION) > 0.5
    assert ranked_sure([0.9, 0.1, 0.0])
    assert not ranked_sure([0.5, 0.45, 0.0])


def ranked_sure(scores: list[float]) -> bool:
    model = LinearModel("category", ("a", "b", "c"), (0, 0, 0), {}, DECISION, {})
    return ranked(model, scores).sure


def test_scores_are_bias_and_weights_shared_out(model: LinearModel, reader: FeatureReader) -> None:
    """Each feature adds its weight divided by the root of the number of features of its block."""
    scores = model.scores(reader.read("监考"))
    words = len(reader.read("监考").blocks["w"])
    assert scores == [pytest.approx(0.9 / words**0.5), 0.0, 0.05]


def test_evidence_names_what_spoke_for_and_against(model: LinearModel, reader: FeatureReader) -> None:
    """Evidence has places in the original text; a negative weight spoke against."""
    text = "全角　监考和填表"
    evidence = CategoryRanker(model).evidence(reader.read(text), "exam")
    assert [(one.pattern, text[one.start : one.end], one.weight > 0) for one in evidence] == [
        ("监考", "监考", True),
        ("填表", "填表", False),
    ]


POSITIVE = {
    "unapproved_inspection": ["镇里来人翻教案打分,没文件没证件", "民政的人推门进教室检查,问他凭什么,不说话"],
    "repeated_inspection": ["一周来了四拨检查组,看的都是食堂", "县里查完市里查,市里查完省里查,天天迎检"],
    "trace_management": ["没拍照就算没家访,校长只认照片", "每天群里打卡接龙,水印相机拍三张"],
    "rigid_evaluation": ["期末平均分排名,倒数的扣绩效", "评职称只看论文和课题,上课好没用"],
    "forced_app_voting": ["又让家长下载App注册,完成率通报", "每天要投票点赞,截图发群里"],
    "street_duty": ["周末站马路口举小旗劝电动车", "创城让老师穿红马甲上街捡烟头"],
    "special_campaign": ["暑假天天去水库边巡查防溺水", "反诈禁毒每月写一篇心得体会"],
    "campus_publicity": ["税法讲座进校园又占了两节数学课", "消防队来讲一课,交警来讲一课,语文课都上不完"],
    "community_affairs": ["居委会让老师挨家敲门登记人口", "村支书叫我去卡口值守"],
    "unrelated_tasks": ["医保费让班主任挨家催缴", "景区开业让老师穿旗袍去迎宾"],
    "documents_meetings": ["天天开会,会上念文件念两小时", "外单位借我们礼堂开会,学生停课"],
    "exam_duty": ["周末又去监考公务员考试", "自考布置考场贴考号到晚上"],
    "aid_assignment": ["我包了五户贫困户,每月去走访", "援疆支教的名单里有我,没问过我"],
    "duplicate_forms": ["同一张表三个部门各填一遍", "每天报三次数据,系统里还要再录一次"],
    "material_writing": ["总结方案简报写不完,档案盒堆成山", "职称材料复印件交了五遍"],
    "surveys_statistics": ["问卷星满意度必须选非常满意", "网络测评一百道题,全班都要做完"],
    "secondment": ["语文老师被借调到县委办两年没回来", "抽调去专班,人走了课没人上"],
    "irrelevant_training": ["暑假网课刷九十学时,跟教学没关系", "凑人头去听讲座,体育老师学插花"],
    "contests": ["合唱比赛排练一个月,下月又有朗诵比赛", "赛课说课微课大赛,人人必须报名"],
    "non_teaching_duty": ["夜里值班看宿舍查寝", "中午食堂打饭陪餐,放学站校门护学岗"],
    "staffing": ["一个人教三个年级,编制空着不补", "有人占编吃空饷,代课老师顶着"],
    "other_burden": ["校长让老师给他儿子免费补课", "主任家办喜事,叫老师去帮忙还要随份子"],
}


@pytest.mark.parametrize(("category", "texts"), POSITIVE.items())
def test_plain_reports_get_their_category(classifier: Classifier, category: str, texts: list[str]) -> None:
    """A report in plain words has its category as first candidate."""
    assert [classifier.classify(text).candidates[0] for text in texts] == [category] * len(texts)


def test_every_category_has_plain_reports(pack: PolicyPack) -> None:
    """The table above covers the pack."""
    assert set(POSITIVE) == set(pack.category_by_id)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("学生在操场站军姿,老师在旁边陪着", "street_duty"),
        ("检查作业发现一半没写", "unapproved_inspection"),
        ("填志愿的表填错了", "street_duty"),
        ("健身打卡第十天", "trace_management"),
    ],
)
def test_a_word_alone_makes_no_certain_category(classifier: Classifier, text: str, wrong: str) -> None:
    """The same word in another sense does not make the reading sure of the category."""
    reading = classifier.classify(text)
    assert not (reading.sure and reading.candidates[0] == wrong)
