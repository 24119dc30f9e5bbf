"""A file is read, looked at, confirmed, applied once; what is wrong with it is said with row and column."""

from decimal import Decimal

import pytest
from tests.service.registry.conftest import counts, id_number, problems, uscc

from zhida.service.accounts.models import Agency, Office
from zhida.service.audit.models import Entry
from zhida.service.registry.imports.services import NotPossible, confirm, drop, resume
from zhida.service.registry.models import Batch, Employer, Person, Record
from zhida.service.work.models import Job
from zhida.service.work.worker import run_all

NUMBER, NAME, KIND, STAFF = "统一社会信用代码", "单位名称", "单位类型", "在职职工人数"
IDENTITY = "公民身份号码"
ONE = [uscc(1), "一号餐馆", "企业", 10]


def test_rows_are_staged_then_applied_and_the_same_file_again_changes_nothing(upload, apply):
    headings, rows = [NUMBER, NAME, KIND, STAFF], [ONE, [uscc(2), "二号商店", "个体工商户", 3]]
    batch = upload("employers", headings, rows)
    assert (batch.state, counts(batch)) == ("staged", (2, 0, 0, 0))
    assert not Employer.objects.exists()

    apply(batch)
    employer = Employer.objects.get(number=uscc(1))
    assert (batch.state, employer.name, employer.region) == ("applied", "一号餐馆", "621025")
    assert employer.facts == {"org_type": "企业", "staff": 10}
    assert employer.origins[0]["keys"] == ["name", "org_type", "region", "staff"]
    assert not batch.rows.exists()

    again = upload("employers", headings, rows)
    assert counts(again) == (0, 0, 2, 0)
    apply(again)
    employer_again = Employer.objects.get(number=uscc(1))
    assert (employer_again.updated_at, employer_again.origins) == (employer.updated_at, employer.origins)


def test_a_change_is_shown_field_by_field_and_empty_cells_leave_what_is_known(upload, apply):
    apply(upload("employers", [NUMBER, NAME, KIND, STAFF], [ONE]))
    batch = upload("employers", [NUMBER, NAME, KIND, STAFF], [[uscc(1), "一号饭店", None, "清空"]])
    assert counts(batch) == (0, 1, 0, 0)
    assert batch.rows.get().content["changes"] == [
        ["name", "一号餐馆", "一号饭店"],
        ["staff", 10, None],
    ]
    apply(batch)
    employer = Employer.objects.get()
    assert (employer.name, employer.facts) == ("一号饭店", {"org_type": "企业"})


def test_wrong_cells_are_told_with_row_and_column_and_the_good_rows_go_on(upload, apply):
    rows = [
        ONE,
        [uscc(2)[:17] + "X", "二", "企业", 1],
        [Decimal("911621025123456789"), "三", "企业", 1],
        [uscc(4), "四\u202e", "企业", 1],
        [uscc(5), "五", "公司", 1],
        [uscc(6), "六", "企业", "十个"],
        [uscc(7), None, "企业", -1],
    ]
    batch = upload("employers", [NUMBER, NAME, KIND, STAFF], rows, form="csv")
    assert counts(batch) == (1, 0, 0, 6)
    found = {row: told[0][0] for row, told in problems(batch).items()}
    assert found == {3: NUMBER, 4: NUMBER, 5: NAME, 6: KIND, 7: STAFF, 8: NAME}
    assert "校验位" in problems(batch)[3][0][1]
    assert "企业、个体工商户" in problems(batch)[6][0][1]
    apply(batch)
    assert Employer.objects.count() == 1
    assert batch.rows.count() == 6


def test_an_identifier_that_excel_made_a_number_of_is_refused_with_what_to_do(upload, tmp_path):
    batch = upload("employers", [NUMBER, NAME], [[uscc(1), "一"]])
    assert counts(batch)[3] == 0
    from zhida.service.registry.imports.cells import NotTaken, value_of
    from zhida.service.registry.imports.kinds import KINDS

    with pytest.raises(NotTaken, match="文本"):
        value_of(KINDS["persons"].columns[0], Decimal("6.21025199001010000E+17"), batch.on)


def test_an_identifier_twice_in_a_file_makes_all_its_rows_wrong(upload):
    batch = upload("employers", [NUMBER, NAME], [[uscc(1), "一"], [uscc(2), "二"], [uscc(1), "壹"]])
    assert counts(batch) == (1, 0, 0, 2)
    assert problems(batch) == {2: [["", "与第 4 行重复，请只留一行"]], 4: [["", "与第 2 行重复，请只留一行"]]}


def test_a_script_in_a_name_is_kept_as_the_text_that_it_is(upload, apply):
    apply(upload("employers", [NUMBER, NAME], [[uscc(1), "<script>alert(1)</script>"]]))
    assert Employer.objects.get().name == "<script>alert(1)</script>"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_csv_of_either_encoding(upload, encoding):
    batch = upload("employers", [NUMBER, NAME], [[uscc(1), "一号餐馆"]], form="csv", encoding=encoding)
    assert counts(batch) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("headings", "rows", "reason"),
    [
        ([NUMBER], [[uscc(1)]], "缺少列：单位名称"),
        ([NUMBER, NAME, "uscc"], [[uscc(1), "一", uscc(1)]], "两次"),
        ([NUMBER, NAME], [], "只有列名"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(upload, headings, rows, reason):
    batch = upload("employers", headings, rows)
    assert batch.state == "refused"
    assert reason in batch.refusal


def test_headings_may_be_keys_and_unknown_ones_are_named(upload):
    batch = upload("employers", ["uscc*", "name", "备注"], [[uscc(1), "一", "x"]])
    assert (counts(batch), batch.ignored) == ((1, 0, 0, 0), ["备注"])


def test_persons_are_sealed_and_found_by_hash_and_born_when_their_number_says(upload, apply):
    apply(
        upload(
            "persons", [IDENTITY, "姓名", "联系电话", "学历"], [[id_number(1), "张三", "13800001234", "本科"]]
        )
    )
    person = Person.objects.get()
    assert (person.number, person.name, person.phone) == (id_number(1), "张三", "13800001234")
    assert person.facts == {"born_on": "1990-01-01", "education": "本科"}
    raw = Person.objects.raw("SELECT id, number AS sealed FROM registry_person")[0].sealed
    assert id_number(1) not in raw


def test_a_birthday_that_is_not_that_of_the_number_is_wrong(upload):
    batch = upload("persons", [IDENTITY, "出生日期"], [[id_number(1), "1991-01-01"]])
    assert problems(batch)[2][0][0] == "出生日期"


def test_hires_bring_persons_along_and_need_their_employer(upload, apply):
    apply(upload("employers", [NUMBER, NAME], [[uscc(1), "一"]]))
    headings = [NUMBER, IDENTITY, "姓名", "招用日期", "劳动合同月数"]
    rows = [
        [uscc(1), id_number(1), "张三", "2022年7月1日", 12],
        [uscc(2), id_number(2), "李四", "2022/7/1", 12],
        [uscc(1), id_number(3, "20200101"), "王五", "2019-01-01", 12],
    ]
    batch = upload("hires", headings, rows)
    assert counts(batch) == (1, 0, 0, 2)
    assert problems(batch)[3] == [[NUMBER, "单位没有登记，请先导入单位"]]
    assert problems(batch)[4] == [["招用日期", "早于出生日期"]]
    apply(batch)
    hire = Record.objects.get()
    assert (hire.employer.name, hire.person.name, hire.facts) == (
        "一",
        "张三",
        {"hired_on": "2022-07-01", "contract_months": 12},
    )
    assert counts(upload("hires", headings, rows[:1])) == (0, 0, 1, 0)


def test_grants_name_their_measure_by_its_name(upload, apply):
    apply(upload("employers", [NUMBER, NAME], [[uscc(1), "一"]]))
    headings = [NUMBER, IDENTITY, "政策措施", "享受日期", "金额"]
    rows = [
        [uscc(1), None, "失业保险稳岗返还", "2021-06-30", "1,000.50元"],
        [None, None, "稳岗", "2021-06-30", 1],
    ]
    batch = upload("history", headings, rows, form="xlsx")
    assert counts(batch) == (1, 0, 0, 1)
    apply(batch)
    assert Record.objects.get().facts == {
        "measure": "job-retention-refund",
        "on": "2021-06-30",
        "amount": "1000.5",
    }


def test_agencies_and_their_offices(upload, apply):
    apply(upload("agencies", ["机构名称", "联系电话"], [["正宁县人社局", "0934-6121234"]]))
    apply(upload("offices", ["机构名称", "科室名称"], [["正宁县人社局", "就业股"], ["没有的局", "股"]]))
    assert Agency.objects.get().phone == "0934-6121234"
    assert Office.objects.get().name == "就业股"


def test_what_another_region_has_cannot_be_changed_from_here(upload, apply, intake_elsewhere):
    apply(upload("employers", [NUMBER, NAME], [[uscc(1), "一"]]))
    batch = upload("employers", [NUMBER, NAME], [[uscc(1), "抢"]], user=intake_elsewhere, region="150202")
    assert counts(batch) == (0, 0, 0, 1)
    batch = upload("employers", [NUMBER, NAME, "参保地"], [[uscc(2), "二", "150202"]])
    assert counts(batch) == (0, 0, 0, 1)


def test_a_batch_is_applied_once_however_often_it_is_confirmed(upload, apply, intake):
    batch = apply(upload("employers", [NUMBER, NAME], [ONE[:2]]))
    with pytest.raises(NotPossible):
        confirm(batch, intake)


def test_a_worker_that_died_while_applying_is_succeeded_by_one_that_goes_on(upload, intake, monkeypatch):
    monkeypatch.setattr("zhida.service.registry.imports.applying.CHUNK", 2)
    batch = upload("employers", [NUMBER, NAME], [[uscc(n), f"{n}号"] for n in range(5)])
    confirm(batch, intake)
    save = "zhida.service.registry.imports.applying.save"
    from zhida.service.registry.imports import targets

    calls = []

    def dies(merged):
        calls.append(len(merged))
        if len(calls) == 2:
            raise MemoryError
        targets.save(merged)

    monkeypatch.setattr(save, dies)
    run_all("first")
    batch.refresh_from_db()
    assert (batch.state, batch.done, Employer.objects.count()) == ("applying", 2, 2)
    monkeypatch.setattr(save, targets.save)

    resume(batch, intake)
    Job.objects.filter(state="waiting").update(due_at="2000-01-01T00:00Z")
    run_all("second")
    batch.refresh_from_db()
    assert (batch.state, batch.done, Employer.objects.count()) == ("applied", 5, 5)


def test_a_batch_that_was_dropped_leaves_nothing(upload, intake, media):
    batch = upload("employers", [NUMBER, NAME], [ONE[:2]])
    drop(batch, intake)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count(), Employer.objects.count()) == ("dropped", 0, 0)
    assert not list((media / "incoming").iterdir())


def test_each_step_is_audited_without_personal_data(upload, apply):
    apply(upload("persons", [IDENTITY, "姓名"], [[id_number(1), "张三"]]))
    actions = list(Entry.objects.values_list("action", flat=True))
    assert actions == [
        "registry/import received",
        "registry/import staged",
        "registry/import confirmed",
        "registry/import",
        "registry/import finished",
    ]
    assert id_number(1) not in str(list(Entry.objects.values()))


def test_a_thousand_rows_take_few_queries(upload, django_assert_max_num_queries):
    rows = [[uscc(n), f"{n}号"] for n in range(1000)]
    with django_assert_max_num_queries(60):
        batch = upload("employers", [NUMBER, NAME], rows)
    assert counts(batch) == (1000, 0, 0, 0)
    assert Batch.objects.get().done == 1000
