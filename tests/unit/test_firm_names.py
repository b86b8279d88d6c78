"""Names of firms: what a firm is called, apart from the words for its legal form."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.contracts import ContractError, discover, read_contract
from sources.intake import public_rows_sql
from sources.reference import legal_form_words
from tests.good_rows import GOOD_ROWS, as_csv
from tests.intake_home import Home

quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

#: Each line one firm, in spellings met in registers, on invoices and in coordinators' lists.
SAME_FIRM = {
    "limited_company": [
        [
            "บริษัท ไหมไทย จำกัด",
            "บริษัทไหมไทย จำกัด",
            "บริษัทไหมไทยจำกัด",
            "บริษัท ไหมไทย จํากัด",
            "บริษัทจำกัด ไหมไทย",
            "บจก. ไหมไทย",
            "บจก.ไหมไทย",
            "บจก ไหมไทย",
            "บ.จ.ก. ไหมไทย",
            "บจ.ไหมไทย",
            "ไหมไทย บจก.",
            "บริษัท ไหมไทย จก.",
            'บริษัท "ไหมไทย" จำกัด',
            " บริษัท  ไหมไทย\u00a0จำกัด ",
        ],
        [
            "Thai Silk Co., Ltd.",
            "Thai Silk Co.,Ltd.",
            "THAI SILK CO., LTD",
            "Thai Silk Co Ltd",
            "Thai Silk Company Limited",
            "Thai Silk Limited",
            "บริษัท Thai Silk จำกัด",
        ],
        [
            "บริษัท เอ.บี.ซี. (ประเทศไทย) จำกัด",
            "บริษัท เอบีซี (ประเทศไทย) จำกัด",
            "บจก.เอ บี ซี(ประเทศไทย)",
        ],
        ["บริษัท ไหมไทย เชียงใหม่ จำกัด", "บริษัท ไหมไทยเชียงใหม่ จำกัด"],
        ["บริษัท กรุงไทยการทอ จำกัด", "บจ. กรุงไทยการทอ", "บจก.กรุงไทยการทอ"],
        ["A & B Co., Ltd.", "A&B Company Limited"],
    ],
    "public_company": [
        [
            "บริษัท ผ้าเมืองเลย จำกัด (มหาชน)",
            "บริษัทผ้าเมืองเลยจำกัด(มหาชน)",
            "บริษัท ผ้าเมืองเลย (มหาชน)",
            "บมจ. ผ้าเมืองเลย",
            "บมจ.ผ้าเมืองเลย",
            "ผ้าเมืองเลย บมจ.",
        ],
        ["Loei Textile Public Company Limited", "Loei Textile PCL", "Loei Textile Plc."],
    ],
    "partnership": [
        [
            "ห้างหุ้นส่วนจำกัด ครามสกล",
            "ห้างหุ้นส่วน จำกัด ครามสกล",
            "หจก. ครามสกล",
            "หจก.ครามสกล",
            "หจกครามสกล",
        ],
        [
            "ห้างหุ้นส่วนสามัญนิติบุคคล ตะกร้าทอง",
            "ห้างหุ้นส่วนสามัญ (นิติบุคคล) ตะกร้าทอง",
            "ห้างหุ้นส่วนสามัญ ตะกร้าทอง",
            "หสน. ตะกร้าทอง",
        ],
        ["Indigo Ltd., Part.", "INDIGO LTD.,PART.", "Indigo Limited Partnership"],
    ],
    "community_enterprise": [
        [
            "วิสาหกิจชุมชน ทอผ้าบ้านนา",
            "วิสาหกิจชุมชนทอผ้าบ้านนา",
            "กลุ่มวิสาหกิจชุมชนทอผ้าบ้านนา",
            "วสช. ทอผ้าบ้านนา",
            "วสช.ทอผ้าบ้านนา",
        ],
    ],
    "cooperative": [
        ["สหกรณ์การเกษตรเมืองน่าน จำกัด", "สหกรณ์ การเกษตรเมืองน่าน จก.", "สหกรณ์การเกษตรเมืองน่าน"],
        ["Nan Farm Cooperative Limited", "Nan Farm Co-operative Ltd."],
    ],
    None: [
        ["ร้าน ครกทอง", "ร้านครกทอง"],
        ["ครกหินอ่างศิลา", "ครกหิน อ่างศิลา", " ครกหินอ่างศิลา "],
        ["ดีมาก จำกัด", "ดีมาก"],
    ],
}
FIRMS = [(form, spellings) for form, firms in SAME_FIRM.items() for spellings in firms]


@pytest.fixture(scope="module")
def split(bench: Any) -> Any:
    """Splits names; name → (value, core, legal form)."""

    def parts(names: list[str]) -> dict[str, tuple[str, str, str | None]]:
        bench.db.execute(
            "create or replace temp table asked as select distinct unnest(?::varchar[]) as text",
            [names],
        )
        rows = bench.db.execute("from read_firm_name('asked')").fetchall()
        assert len(rows) == len(set(names))
        return {row[0]: row[1:] for row in rows}

    return parts


def test_every_spelling_of_a_firm_has_one_core_and_says_its_form(split: Any) -> None:
    for form, spellings in FIRMS:
        answers = split(spellings)
        assert len({core for _, core, _ in answers.values()}) == 1, answers
        # Names in English and names without จำกัด may say nothing; none says another form.
        assert {said for _, _, said in answers.values()} - {None} <= {form}, answers
        if form:
            assert answers[spellings[0]][2] == form


def test_different_firms_keep_different_cores(split: Any) -> None:
    cores = [split([spellings[0]])[spellings[0]][1] for _, spellings in FIRMS]
    assert [pair for pair in itertools.combinations(cores, 2) if pair[0] == pair[1]] == []


def test_the_name_stays_what_was_reported(split: Any) -> None:
    names = [name for _, spellings in FIRMS for name in spellings]
    reported = {name: value for name, (value, _, _) in split(names).items()}
    assert reported[" บริษัท  ไหมไทย\u00a0จำกัด "] == "บริษัท ไหมไทย จำกัด"
    clean = [name for name in names if name.strip() == name and "\u00a0" not in name]
    assert [n for n in clean if "จํา" not in n and reported[n] != n] == []


@pytest.mark.parametrize(
    "name",
    [
        "ไทยบริษัทภิบาล",
        "เพื่อนร้านค้า",
        "ผ้าไม่จำกัด",
        "ไม่จำกัด",
        "บจกรุงไทย",
        "สมาคมสหกรณ์ไทย",
        "ชมรมวิสาหกิจชุมชนเลย",
        "LIMITED EDITION",
        "COLTD",
        "PLCS",
        "UNLIMITED",
    ],
)
def test_no_word_is_taken_out_of_a_name(split: Any, name: str) -> None:
    assert split([name])[name] == (name, name, None)


@pytest.mark.parametrize(
    "name",
    [
        "บริษัท จำกัด",
        "บริษัท จำกัด (มหาชน)",
        "บริษัท",
        "หจก.",
        "สหกรณ์ จำกัด",
        "Co., Ltd.",
        "บริษัท - จำกัด",
        "...",
    ],
)
def test_a_name_of_legal_words_alone_keeps_itself(split: Any, name: str) -> None:
    assert split([name])[name] == (name, name, None)


@given(
    st.text("กขคงไมหทยABCxyz019 .&", min_size=1).filter(lambda core: any(map(str.isalnum, core))),
    st.sampled_from(
        [
            ("บริษัท {} จำกัด", "limited_company"),
            ("บริษัท {} จำกัด (มหาชน)", "public_company"),
            ("บจก. {}", "limited_company"),
            ("ห้างหุ้นส่วนจำกัด {}", "partnership"),
            ("{} Co., Ltd.", "limited_company"),
            ("วิสาหกิจชุมชน{}", "community_enterprise"),
        ]
    ),
)
@quick
def test_any_name_between_legal_words_has_the_core_it_has_alone(
    split: Any, name: str, form: tuple[str, str]
) -> None:
    named, legal_form = form[0].format(name), form[1]
    answers = split([name, named])
    assert answers[named][1:] == (answers[name][1], legal_form)


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=20))
@quick
def test_every_name_has_a_core(split: Any, names: list[str]) -> None:
    tidied = {value for value, _, _ in split(names).values()} - {""}
    assert {"", None} & {core for _, core, _ in split(sorted(tidied)).values()} == set()


def test_the_legal_forms_that_words_say_are_codes_of_the_contracts() -> None:
    codes = {
        code.value
        for contract in discover().values()
        for column in contract.columns
        if column.name == "legal_form"
        for code in column.codes
    }
    assert codes
    assert {form for _, _, form in legal_form_words() if form} <= codes
    keys = [(place, word) for place, word, _ in legal_form_words()]
    assert len(keys) == len(set(keys))


def test_core_and_form_are_stored_beside_the_name_and_are_null_for_a_person(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    company = GOOD_ROWS["member_registrations"]
    person = {**company, "juristic_id": "1101700230708", "enterprise_name": "ร้าน สมหญิง รักไทย"}
    home.put("member_registrations/a.csv", as_csv([company, person]))
    _, taken = home.night()
    stored = taken["member_registrations/a.csv"].accepted
    assert stored[2]["enterprise_name_core"] == "ตัวอย่าง"
    assert stored[2]["enterprise_name_legal_form"] == "limited_company"
    assert stored[3]["enterprise_name_core"] == "สมหญิงรักไทย"

    contract = discover()["member_registrations"]
    files = list((home.root / "store").rglob("accepted/*.parquet"))
    public = duckdb.sql(public_rows_sql(contract, files))
    of_person = dict(
        zip(public.columns, public.filter("is_natural_person").fetchall()[0], strict=True)
    )
    assert {n: v for n, v in of_person.items() if n.startswith("enterprise_name")} == {
        "enterprise_name": None,
        "enterprise_name_core": None,
        "enterprise_name_legal_form": None,
    }
    shown = str(public.fetchall())
    assert "ตัวอย่าง" in shown
    assert "สมหญิง" not in shown
    assert "รักไทย" not in shown


def test_files_from_before_names_were_split_have_no_core(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.put("member_registrations/a.csv", as_csv([GOOD_ROWS["member_registrations"]]))
    home.night()
    (new,) = (home.root / "store").rglob("accepted/*.parquet")
    old = tmp_path / "old.parquet"
    duckdb.sql(
        "select * exclude (enterprise_name_core, enterprise_name_legal_form) "
        f"from read_parquet('{new}')"
    ).write_parquet(str(old))
    contract = discover()["member_registrations"]
    rows = duckdb.sql(public_rows_sql(contract, [new, old]))
    cores = rows.project("enterprise_name_core").fetchall()
    assert cores == [("ตัวอย่าง",), (None,)]


def test_a_column_named_as_what_a_name_says_besides_is_refused(tmp_path: Path) -> None:
    text = (discover()["member_registrations"].folder / "contract.odcs.yaml").read_text("utf-8")
    path = tmp_path / "member_registrations" / "contract.odcs.yaml"
    path.parent.mkdir()
    path.write_text(text.replace("name: tsic_code", "name: enterprise_name_core"), "utf-8")
    with pytest.raises(ContractError, match="enterprise_name_core"):
        read_contract(path)
