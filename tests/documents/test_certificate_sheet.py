"""The certificate on paper (CRT-1, APP-12): it reads back, says only what is so, has room for everybody."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from app.documents import hcert
from app.documents.certificate_sheet import Paper, certificate_pdf
from app.documents.refusals import GlyphMissing
from app.documents.typefaces import typeface
from app.documents.verifier import verify
from app.domain.certificate import CertificateFacts, LatinName, NoDoseToCertify
from app.domain.trust import Verdict
from tests.documents.examples import (
    CORONAVAC,
    FACTS,
    HEPATITIS_B,
    HOLDER,
    NOW,
    certificates,
    desk,
    series,
    trust,
)
from tests.documents.rendering import codes, pages, poppler, sheet_texts, text, words
from tests.strategies import some

PENDING = replace(FACTS, doses=(*FACTS.doses[:2], replace(FACTS.doses[2], receipted_at=None)))
LONG = replace(
    PENDING,
    holder=replace(
        HOLDER,
        name="阿卜杜热合曼·麦麦提艾力",
        address="山西省示例市云溪区云溪镇桂花路北段 118 号云溪花园二期 12 号楼 3 单元 1201 室",
    ),
    site_name="云溪区人民医院预防接种门诊（大型临时接种点）",
    doses=tuple(
        replace(
            dose,
            vaccine_name="重组新型冠状病毒疫苗（CHO细胞）",
            market_holder="国药集团中国生物北京生物制品研究所有限责任公司",
            site_name="云溪区人民医院预防接种门诊",
            lot_number="B202107-0345678",
        )
        for dose in PENDING.doses
    ),
)


def printed(facts: CertificateFacts, paper: Paper = Paper.A5) -> bytes:
    """Return the signed sheet of some facts."""
    return certificate_pdf(facts, hcert.signed_text(facts, desk()), paper)


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("count", [1, 3, 5, 8, 20])
def test_both_codes_read_back_from_the_page_at_150_dpi(paper: Paper, count: int) -> None:
    facts = replace(FACTS, doses=series(HEPATITIS_B, count))
    pictures = pages(printed(facts, paper))
    assert verify(codes(pictures[0])["QR Code"], trust(), NOW).verdict is Verdict.VALID
    assert [codes(picture)["Code 128"] for picture in pictures] == [facts.number] * len(pictures)


def test_the_codes_survive_a_printer_that_knows_only_black_and_white() -> None:
    (picture,) = pages(printed(replace(PENDING, practice=True)), 300)
    found = codes(picture.point(lambda grey: 255 * (grey > 150)).convert("1").convert("L"))
    assert found["Code 128"] == FACTS.number
    assert verify(found["QR Code"], trust(), NOW).verdict is Verdict.VALID


def test_every_field_of_the_standard_stands_on_the_sheet() -> None:
    found = text(printed(FACTS))
    labels = (
        "受种者编码 身份证号码 姓名 出生日期 性别 联系电话 家庭住址 疫苗名称 剂次 接种日期 "
        "上市许可持有人 批号 接种单位 发证单位 签章 打印日期"
    )
    for wanted in labels.split():
        assert wanted in found
    holder = FACTS.holder
    values = [
        holder.name,
        holder.document_number,
        holder.recipient_code,
        holder.phone,
        holder.address,
        FACTS.number,
    ]
    values += [
        FACTS.serial,
        FACTS.site_name,
        f"咨询 {FACTS.enquiry_phone}",
        "1994-05-21",
        "2026-03-14",
        "CHEN YUTONG",
    ]
    values += [dose.lot_number for dose in FACTS.doses] + [dose.specification for dose in FACTS.doses]
    for wanted in values:
        assert wanted.replace(" ", "") in found


def test_only_a_sheet_whose_every_dose_is_receipted_says_so() -> None:
    received, waiting = text(printed(FACTS)), text(printed(PENDING))
    assert "3剂均已收到中心回执2026-03-1418:05" in received
    assert "待上传" not in received
    assert "尚未上传" not in received
    assert "中心回执2026" not in waiting
    assert "第3剂还没有收到中心回执。本凭证由接种单位出具，不代表已在全国登记。" in waiting
    assert waiting.count("待上传") == 1
    assert "上传后可换新版" in waiting


def test_doses_of_several_vaccines_are_counted_when_they_wait() -> None:
    doses = (replace(HEPATITIS_B, receipted_at=None), replace(CORONAVAC, receipted_at=None), HEPATITIS_B)
    assert "有2剂（表中标明）还没有收到中心回执" in text(printed(replace(FACTS, doses=doses)))


def test_a_masked_number_is_nowhere_on_the_sheet() -> None:
    found = text(printed(replace(FACTS, document_masked=True)))
    assert "100101********0020" in found
    assert FACTS.holder.document_number not in found


def test_a_passport_is_not_called_an_identity_card() -> None:
    found = text(
        printed(replace(FACTS, holder=replace(HOLDER, document_type="passport", document_number="E12345678")))
    )
    assert "证件号码" in found
    assert "身份证号码" not in found


def test_the_spelling_of_the_travel_document_stands_on_the_sheet() -> None:
    spelt = replace(FACTS, holder=replace(HOLDER, latin_name=LatinName("CHAN", "YU TUNG")))
    assert "CHANYUTUNG" in text(printed(spelt))


def test_an_unenrolled_workstation_prints_unsigned_in_place_of_a_code() -> None:
    pdf = certificate_pdf(FACTS, None)
    assert "未签名" in text(pdf)
    assert set(codes(pages(pdf)[0])) == {"Code 128"}
    assert "扫码验真" not in text(pdf)


@pytest.mark.parametrize("paper", Paper)
def test_a_practice_sheet_cannot_be_mistaken_and_stays_readable(paper: Paper) -> None:
    facts = replace(PENDING, practice=True, doses=series(PENDING.doses[0], 12))
    pdf = printed(facts, paper)
    pictures = pages(pdf)
    texts = sheet_texts(pdf)
    assert len(texts) == len(pictures)
    for page in texts:
        assert "练习用，不是真的凭证" in page
        assert page.count("练") > 12
        assert "练习不盖章" in page
        assert facts.holder.name in page
    assert all(dose.lot_number in "".join(texts) for dose in facts.doses)
    assert verify(codes(pictures[0])["QR Code"], trust(), NOW).issuer == "XX"


@pytest.mark.parametrize(("paper", "count", "sheets"), [
    (Paper.A5, 3, 1), (Paper.A5, 4, 1), (Paper.A5, 5, 2), (Paper.A5, 8, 2), (Paper.A5, 20, 3),
    (Paper.A4, 8, 1), (Paper.A4, 9, 2), (Paper.A4, 20, 2),
])  # fmt: skip
def test_more_doses_make_tighter_rows_and_then_more_sheets(paper: Paper, count: int, sheets: int) -> None:
    facts = replace(FACTS, doses=series(HEPATITIS_B, count))
    pdf = printed(facts, paper)
    found = words(pdf)
    assert max(word.page for word in found) == sheets
    lots = [word.text for word in found if word.text in {dose.lot_number for dose in facts.doses}]
    assert lots == [dose.lot_number for dose in facts.doses]
    pdf_text = text(pdf)
    assert [f"第{sheet}张，共{sheets}张" in pdf_text for sheet in range(1, sheets + 1)] == [
        sheets > 1
    ] * sheets


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize(
    "facts", [FACTS, LONG, replace(LONG, doses=LONG.doses * 4)], ids=["usual", "long", "many"]
)
def test_no_two_words_overlap_and_none_leaves_the_frame(facts: CertificateFacts, paper: Paper) -> None:
    found = words(printed(facts, paper))
    wide, high = paper.value.points
    inset = 7.2 * 72 / 25.4 * paper.value.scale
    for word in found:
        assert inset < word.left < word.right < wide - inset
        assert inset < word.top < word.bottom < high - inset
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            if one.page == other.page:
                across = min(one.right, other.right) - max(one.left, other.left)
                down = min(one.bottom, other.bottom) - max(one.top, other.top)
                tall = min(one.bottom - one.top, other.bottom - other.top)
                assert across <= 0.5 or down <= 0.36 * tall, (one, other)


def test_a_rare_character_is_drawn_and_extracts_as_itself() -> None:
    holder = replace(HOLDER, name="陈𬭊𠮷𫖯㛃", address="云溪镇𰻝𰻝巷")
    pdf = printed(replace(FACTS, holder=holder))
    assert "陈𬭊𠮷𫖯㛃" in text(pdf)
    assert "云溪镇𰻝𰻝巷" in text(pdf)


@pytest.mark.parametrize("character", ["\ue000", "\U0003134a"])
def test_a_character_without_a_font_is_refused_by_name(character: str) -> None:
    with pytest.raises(GlyphMissing) as refused:
        printed(replace(FACTS, holder=replace(HOLDER, name="陈" + character)))
    assert refused.value.character == character
    assert refused.value.code_point == f"U+{ord(character):04X}"


def test_without_doses_there_is_no_sheet() -> None:
    with pytest.raises(NoDoseToCertify):
        certificate_pdf(replace(FACTS, doses=()), None)


def test_empty_fields_show_a_dash_instead_of_nothing() -> None:
    bare = replace(HOLDER, recipient_code="", phone=" ", address="", document_number="")
    assert text(printed(replace(FACTS, holder=bare))).count("—") == 4


def test_the_same_facts_give_the_same_bytes_and_no_name_goes_into_the_job() -> None:
    signed = hcert.signed_text(FACTS, desk())
    pdf = certificate_pdf(FACTS, signed)
    assert pdf == certificate_pdf(FACTS, signed)
    told = poppler(pdf, "pdfinfo", "{}")
    assert "预防接种凭证 20260314-0087" in told
    assert FACTS.holder.name not in told


def test_every_font_is_embedded_and_no_other_is_asked_for() -> None:
    rows = poppler(printed(FACTS), "pdffonts", "{}").splitlines()[2:]
    assert {row.split()[0].partition("+")[2] for row in rows} == {
        "NotoSansSC-Regular", "NotoSansSC-Bold", "NotoSerifSC-Bold"
    }  # fmt: skip
    assert all(" yes yes yes " in row for row in rows)


def drawable(character: str) -> bool:
    """Return whether some installed font has a character."""
    stems = ("NotoSansSC-Regular", "HanaMinA", "HanaMinB")
    return any(face is not None and ord(character) in face.glyphs for face in map(typeface, stems))


@given(certificates())
@settings(deadline=None, max_examples=some(16), suppress_health_check=[HealthCheck.too_slow])
def test_any_facts_become_sheets_or_a_refusal_that_names_the_character(facts: CertificateFacts) -> None:
    paper = Paper.A4 if facts.version % 2 else Paper.A5
    if all(map(drawable, facts.holder.name + facts.holder.address)):
        pdf = printed(facts, paper)
        texts = sheet_texts(pdf)
        assert "".join(texts).count(facts.number) == len(texts)
        return
    with pytest.raises(GlyphMissing) as refused:
        printed(facts, paper)
    assert not drawable(refused.value.character)


def test_the_print_date_is_the_day_in_china() -> None:
    late = replace(FACTS, issued_at=NOW.replace(hour=17))
    assert late.issued_on == date(2026, 3, 15)
    assert "2026-03-15" in text(printed(late))
