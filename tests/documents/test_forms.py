"""The screening and consent form on paper (VER-5, VER-6): official words, recorded answers, room to sign."""

import json
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from app.documents.form_texts import RESOURCES, consent_text, screening_questions
from app.documents.page import A4
from app.documents.screening_form import Examined, ScreeningPaper, SignedOnScreen, screening_pdf
from app.domain.journal import canonical
from app.domain.people import Sex
from app.domain.screening import (
    ONLY_WOMEN_OF_CHILD_BEARING_AGE,
    QUESTION_IDS,
    Answer,
    Decision,
    QuestionAnswer,
)
from app.domain.signature import PAD_HEIGHT, PAD_WIDTH, Stroke
from tests.documents.examples import HAN, NOW
from tests.documents.rendering import pages, text, words
from tests.strategies import some

ANSWERS = tuple(
    QuestionAnswer(number, Answer.YES, "青霉素过敏，皮试阳性")
    if number == "2"
    else QuestionAnswer(number, Answer.NOT_APPLICABLE if number == "10" else Answer.NO)
    for number in QUESTION_IDS
)
PAPER = ScreeningPaper(
    site_name="云溪镇卫生院",
    enquiry_phone="0350-000 0126",
    examined=Examined(
        name="陈雨桐",
        sex=Sex.FEMALE,
        birth_on=date(1994, 5, 21),
        document_number="100101199405210020",
        ticket_number="A055",
        temperature="36.5",
        vaccine_name="重组乙型肝炎疫苗（酿酒酵母）",
        dose_numbers=(3,),
    ),
    printed_at=NOW,
    questions=screening_questions(),
    answers=ANSWERS,
    decision=Decision.PROCEED,
    advice="接种后多观察",
    doctor_name="赵清禾",
    consent=consent_text(programme=False),
    price="疫苗 98.00 元/剂，接种服务费 20.00 元/剂次",
)


def boxes(paper: ScreeningPaper) -> Image.Image:
    """Return the picture of the first sheet, in which a tick is the only thing an answer changes."""
    return pages(screening_pdf(replace(paper, consent=None)), 72)[0]


def test_the_questions_are_those_of_the_annex_word_for_word() -> None:
    found = {question.question_id: question.text for question in screening_questions().questions}
    assert tuple(found) == QUESTION_IDS
    assert found["1"] == "近几天有发热、腹泻等不舒服吗？"
    assert found["7"].startswith(
        "有哮喘、肛周脓肿、肠套叠、肺部疾病、心脏疾病、肾脏疾病、代谢性疾病（如糖尿病）"
    )
    assert found["9"] == "在过去1个月内是否接种过减毒活疫苗？"
    assert [q.question_id for q in screening_questions().questions if q.condition] == [
        ONLY_WOMEN_OF_CHILD_BEARING_AGE
    ]
    assert set(screening_questions().advice) == set(Decision)


@pytest.mark.parametrize("programme", [True, False])
def test_a_notice_tells_everything_the_standard_demands(programme: bool) -> None:
    told = consent_text(programme=programme)
    headings = [section.heading for section in told.sections]
    for demanded in ("品种", "作用", "禁忌", "不良反应", "注意事项", "留观", "异常反应补偿"):
        assert any(demanded in heading for heading in headings)
    assert told.priced is not programme
    assert ("价格" in "".join(headings)) is not programme
    assert told.status == "示例文本·未核实"
    assert all(paragraph in told.body for section in told.sections for paragraph in section.paragraphs)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("forms/screening-questions.json", screening_questions().version),
        ("consents/consent-programme.json", consent_text(programme=True).version),
        ("consents/consent-non-programme.json", consent_text(programme=False).version),
    ],
)
def test_the_hash_is_that_of_the_exact_content(name: str, version: object) -> None:
    content = json.loads(Path(RESOURCES / name).read_text(encoding="utf-8"))
    assert version == replace(
        screening_questions().version,
        text_id=content["id"],
        version=content["version"],
        sha256=sha256(canonical(content)).hexdigest(),
    )
    assert Path(name).stem == content["id"]


def test_the_form_says_who_was_asked_what_and_by_which_text() -> None:
    found = text(screening_pdf(PAPER))
    for question in PAPER.questions.questions:
        assert question.text.replace(" ", "") in found
    stated = """
        陈雨桐 1994-05-21（31岁） 100101********0020 A055 36.5℃ 重组乙型肝炎疫苗（酿酒酵母） 第3剂 不适用
        青霉素过敏，皮试阳性 接种后多观察 赵清禾 本人已接受健康询问，同意医学建议。 纸质签署 医疗卫生人员签名
        监护人/受种者签名 咨询0350-0000126 费用：疫苗98.00元/剂，接种服务费20.00元/剂次 示例文本·未核实
    """
    for wanted in stated.split():
        assert wanted in found
    for version in (PAPER.questions.version, consent_text(programme=False).version):
        assert f"{version.text_id}·版本{version.version}·校验{version.sha256[:12]}" in found
    assert PAPER.examined.document_number not in found


def test_yes_no_and_unanswered_look_different_at_every_question() -> None:
    bare = replace(PAPER, answers=(), consent=None)
    answered = (
        tuple(QuestionAnswer(number, answer) for number in QUESTION_IDS) for answer in (Answer.YES, Answer.NO)
    )
    sheets = [boxes(replace(bare, answers=answers)) for answers in ((), *answered)]
    middles = {
        word.text: (word.top + word.bottom) / 2
        for word in words(screening_pdf(bare))
        if word.right < 74 and word.text in QUESTION_IDS
    }
    assert tuple(middles) == QUESTION_IDS
    for number, middle in middles.items():
        beside = (365, round(middle) - 9, 430, round(middle) + 9)
        seen = {sheet.crop(beside).tobytes() for sheet in sheets}
        assert len(seen) == 3, f"question {number}"


def test_every_decision_and_every_answer_to_the_notice_ticks_its_own_box() -> None:
    decided = {boxes(replace(PAPER, decision=decision)).tobytes() for decision in (None, *Decision)}
    assert len(decided) == 4
    agreed = {
        pages(screening_pdf(replace(PAPER, agreed=agreed)), 72, "-f", "2")[0].tobytes()
        for agreed in (None, True, False)
    }
    assert len(agreed) == 3


def test_a_deferral_says_until_when() -> None:
    deferred = replace(PAPER, decision=Decision.DEFER, reason="发热", review_on=date(2026, 3, 21))
    assert "发热；接种后多观察；2026-03-21复诊" in text(screening_pdf(deferred))


def test_a_blank_can_be_filled_in_by_hand() -> None:
    bare = Examined("陈雨桐", Sex.FEMALE, date(2025, 11, 2), "")
    blank = replace(
        PAPER, examined=bare, answers=(), decision=None, advice="", doctor_name="", price="", consent=None
    )
    found = text(screening_pdf(blank))
    assert "4月龄" in found
    assert "共1张" in found
    assert "告知" not in found


def test_a_price_not_known_yet_leaves_lines_to_write_it_on() -> None:
    assert "费用：疫苗（元/剂）" in text(screening_pdf(replace(PAPER, price="")))
    free = text(screening_pdf(replace(PAPER, consent=consent_text(programme=True))))
    assert "费用" not in free.replace("补偿费用", "")


INK = SignedOnScreen(
    (tuple((100 + 90 * n, 300 + 120 * (n % 4), 30 * n) for n in range(30)), ((2900, 900, 2000),)),
    "本人", NOW, "0123456789abcdef" * 4,
)  # fmt: skip


def test_a_signature_on_the_screen_stands_in_its_place_on_each_sheet() -> None:
    """VER-6: on paper it is seen who signed, when, and by which mark the record is found."""
    both = screening_pdf(replace(PAPER, signed=INK, consent_signed=INK))
    found = text(both)
    assert found.count("校验0123456789ab") == 2
    assert found.count("受种者屏幕签名") == 2
    assert "纸质签署" not in found
    assert found.count("本人") == text(screening_pdf(PAPER)).count("本人") + 2
    unsigned, one, two = (
        pages(pdf, 72) for pdf in (screening_pdf(PAPER), screening_pdf(replace(PAPER, signed=INK)), both)
    )
    assert [a.tobytes() == b.tobytes() for a, b in zip(unsigned, one, strict=True)] == [False, True]
    assert [a.tobytes() == b.tobytes() for a, b in zip(one, two, strict=True)] == [True, False]


points = st.tuples(st.integers(0, PAD_WIDTH), st.integers(0, PAD_HEIGHT), st.just(0))
inks = st.lists(st.lists(points, min_size=1, max_size=9).map(tuple), min_size=1, max_size=4).map(tuple)


@given(inks)
@settings(deadline=None, max_examples=some(5), suppress_health_check=[HealthCheck.too_slow])
def test_any_ink_stays_over_its_line(strokes: tuple[Stroke, ...]) -> None:
    drawn, other = (
        pages(screening_pdf(replace(PAPER, consent=None, signed=replace(INK, strokes=ink))), 72)[0]
        for ink in (strokes, (((0, 0, 0),),))
    )
    left, top, right, bottom = ImageChops.difference(drawn, other).getbbox() or (60, 0, 60, 0)
    millimetre = 72 / 25.4
    assert 18 * millimetre < left <= right < 92 * millimetre
    assert bottom - top <= 11 * millimetre


def test_a_practice_form_says_so_on_every_sheet() -> None:
    assert text(screening_pdf(replace(PAPER, practice=True))).count("练习用，不是真的医疗文书") == 2
    assert "练习" not in text(screening_pdf(PAPER))


def test_a_long_notice_goes_on_over_several_sheets_and_keeps_its_signatures_together() -> None:
    told = consent_text(programme=False)
    pdf = screening_pdf(replace(PAPER, consent=replace(told, sections=told.sections * 3)))
    found = words(pdf)
    assert max(word.page for word in found) == 4
    (signed,) = {word.page for word in found if "告知人签名" in word.text}
    (agreed,) = {word.page for word in found if word.text == told.agree}
    assert signed == agreed
    assert text(pdf).count(told.sections[0].paragraphs[0]) == 3


@given(
    st.text(HAN, min_size=1, max_size=200), st.text(HAN, max_size=120), st.text(HAN, min_size=1, max_size=25)
)
@settings(deadline=None, max_examples=some(12), suppress_health_check=[HealthCheck.too_slow])
def test_any_remark_fits_and_nothing_leaves_the_page(note: str, advice: str, name: str) -> None:
    answers = tuple(QuestionAnswer(number, Answer.YES, note) for number in QUESTION_IDS)
    examined = replace(PAPER.examined, name=name, vaccine_name=note)
    found = words(screening_pdf(replace(PAPER, answers=answers, advice=advice, examined=examined)))
    wide, high = A4.points
    assert max(word.page for word in found) == 2
    assert all(
        45 < word.left < word.right < wide - 40 and 20 < word.top < word.bottom < high - 10 for word in found
    )
