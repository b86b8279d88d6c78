"""Enterprises that look like one: what a hurried hand changes of a name, and what it does not."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from sources.lookalikes import folded, lookalikes

WORDS = (  # noqa: SIM905 - easier read as text
    "เจริญ รุ่งเรือง ทรัพย์ไทย สยาม ทอผ้า แปรรูปผลไม้ เซรามิก จักสาน น้ำพริก สมุนไพร เครื่องเงิน "
    "ไม้แกะสลัก เฟอร์นิเจอร์ กาแฟ เครื่องหนัง ดอกไม้ประดิษฐ์ หนองบัว โนนสูง ห้วยทราย ท่าช้าง "
    "แม่แจ่ม ดงหลวง เขาพนม วังน้ำเขียว โคกกลาง ปากพลี สันกำแพง บึงสามพัน"
).split()
CONSONANTS = [chr(code) for code in range(0x0E01, 0x0E2F)]


def pairs(*names: str | None, provinces: list[str] | None = None) -> set[tuple[str, str]]:
    """Pairs of places, as text, of names that look alike; all in one province if not said."""
    keys = [f"{place:06d}" for place in range(len(names))]
    table = pa.table(
        {
            "enterprise_key": pa.array(keys, pa.string()),
            "enterprise_core_name": pa.array(names, pa.string()),
            "province_code": pa.array(provinces or ["50"] * len(names), pa.string()),
        }
    )
    found = lookalikes(table)
    return set(zip(*(found.column(name).to_pylist() for name in found.column_names), strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ไทยเจริญการทอ", "ไทยเจริญการทอ"),
        ("ไทยเจริญการทอ", "ไทย เจริญ การทอ"),
        ("ผ้าไหมแพรวา", "ผาไหมแพรวา"),
        ("ผ้าไหมแพรวา", "ผ๊าไหมแพรวา"),
        ("สิริสิทธิ์การพิมพ์", "สิริสิทธิการพิมพ"),
        ("ไทยเจริญการทอ", "ไทยเจริญกาทอ"),
        ("ไทยเจริญการทอ", "ไทยเจรญิการทอ"),
        ("ไทยเจริญการทอ", "ไทเยจริญการทอ"),
        ("สยามพลาสติก", "สยามพลาสติค"),
        ("กลุ่มทอผ้าบ้านโนนสูง 12", "กลุ่มทอผ้าบ้านโนนสูง ๑๒"),
        ("SIAM TEXTILE", "Siam-Textile"),
        ("SIAM TEXTILE", "SIAM TEXTLIE"),
    ],
)
def test_a_name_written_otherwise_is_the_same_name(one: str, other: str) -> None:
    assert pairs(one, other) == {("000000", "000001")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ชุมชนตัวอย่าง 1", "ชุมชนตัวอย่าง 2"),
        ("ชุมชนตัวอย่าง 1", "ชุมชนตัวอย่าง"),
        ("ชุมชนตัวอย่าง 1 2", "ชุมชนตัวอย่าง 12"),
        ("สมชาย", "สมชัย"),
        ("ทองดีการเกษตร", "ทองดีการค้า"),
        ("กลุ่มทอผ้าบ้านเหนือ", "กลุ่มทอผ้าบ้านใต้"),
        ("ไทยเจริญการทอ", "ไทยรุ่งเรืองการทอ"),
    ],
)
def test_names_of_two_enterprises_stay_two(one: str, other: str) -> None:
    assert pairs(one, other) == set()


def test_enterprises_of_two_provinces_are_two() -> None:
    assert pairs("ไทยเจริญการทอ", "ไทยเจริญการทอ", provinces=["50", "51"]) == set()


def test_who_has_no_name_or_no_letter_in_it_is_compared_with_nobody() -> None:
    assert pairs(None, None, "", "", "-", ".") == set()


def test_each_pair_of_three_is_told_once_and_its_lesser_key_first() -> None:
    found = pairs("ไทยเจริญการทอ", "ไทย เจริญการทอ", "ไทยเจริญการทอ.")
    assert found == {("000000", "000001"), ("000000", "000002"), ("000001", "000002")}


def test_nothing_gives_nothing() -> None:
    assert pairs() == set()


def test_a_block_larger_than_a_chunk_is_compared_across_chunks() -> None:
    """All of them begin alike; the twin of the first is the last."""
    random_ = random.Random(5)
    many = [f"บริการ{''.join(random_.sample(CONSONANTS, 12))}" for _ in range(2_300)]
    assert pairs(*many, many[0] + "ะ") == {("000000", "002300")}


def test_typos_are_found_and_made_up_names_stay_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """Of 500 typos among 10,000 made-up Thai names; what is found is printed."""
    random_ = random.Random(2558)
    names = sorted({"".join(random_.sample(WORDS, random_.choice((2, 3)))) for _ in range(10_000)})
    provinces = [f"{random_.randrange(10, 87)}" for _ in names]
    clean = pairs(*names, provinces=provinces)
    chosen = random_.sample(range(len(names)), 500)
    typed = [mistyped(names[place], random_) for place in chosen]
    found = pairs(*names, *typed, provinces=provinces + [provinces[p] for p in chosen]) - clean
    first = len(names)
    hit = {int(other) for one, other in found if int(other) >= first and int(one) < first}
    wrong = [
        (one, other) for one, other in found
        if int(other) >= first and int(one) != chosen[int(other) - first]
    ]  # fmt: skip
    with capsys.disabled():
        print(
            f"\n{len(names):,} names: {len(clean)} pairs without a typo; {len(hit)} of 500 typos "
            f"found, {len(wrong)} with another name than its own"
        )
    assert len(hit) >= 485
    assert len(clean) + len(wrong) <= len(names) // 1_000


def mistyped(name: str, random_: random.Random) -> str:
    """The name with one slip: a letter more, less, other or swapped, a space, no tone marks."""
    place = random_.randrange(1, len(name) - 1)
    letter = random_.choice(CONSONANTS)
    return random_.choice(
        (
            f"{name[:place]}{name[place + 1 :]}",
            f"{name[:place]}{letter}{name[place:]}",
            f"{name[:place]}{letter}{name[place + 1 :]}",
            f"{name[:place]}{name[place + 1]}{name[place]}{name[place + 2 :]}",
            f"{name[:place]} {name[place:]}",
            "".join(c for c in name if not "\u0e47" <= c <= "\u0e4c"),
        )
    )


def test_folding_keeps_vowels_and_takes_tone_marks() -> None:
    (name,) = folded(pa.chunked_array([["ผ้าไหม กี่กระตุก (๒)"]])).to_pylist()
    assert name == "ผาไหมกีกระตุก2"
