"""Batches: two officers, declared totals, the bank's file, and its answer taken whole or not at all."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from tests.service.payments.conftest import ACCOUNT, REFUND, make_payable

from zhida.service.audit.models import Entry
from zhida.service.cases.states import State
from zhida.service.payments import batches, services
from zhida.service.payments.batches import ResultRefused
from zhida.service.payments.ledger import Refused, balances, close_fund
from zhida.service.payments.models import Batch, Payment, Sending
from zhida.service.payments.moves import Standing
from zhida.service.payments.states import BatchState, Outcome, PaymentState
from zhida.service.sheets.sheet import FileRefused

pytestmark = pytest.mark.django_db
MAKER, CHECKER = "财务甲", "财务乙"
AMOUNT = Decimal("4374.00")


@pytest.fixture
def three(approved, fund) -> list[Payment]:
    """Payable refunds of three employers."""
    found = []
    for number in range(3):
        case = approved("job-retention-refund", number=f"9162102500000000{number}X", employer=REFUND)
        found += make_payable(case, fund)
    return found


@pytest.fixture
def sent(three, fund) -> Batch:
    """A batch of three that is at the bank."""
    batch = batches.make(fund, three, "csv", count=3, total=3 * AMOUNT, by=MAKER)
    batches.check(batch, count=3, total=3 * AMOUNT, by=CHECKER)
    batches.export(batch, by=MAKER)
    return batch


def rows_of(batch: Batch) -> list[list[str]]:
    """The lines of the file that the bank got, without heading and sums."""
    _, content = batches.export(batch, by=MAKER)
    return list(csv.reader(io.StringIO(content.decode("gb18030"))))[1:-1]


def answer(path: Path, lines: list[list[str]], total: tuple[str, str] | None = None, **how: str) -> Path:
    """The bank's result file: 业务编号, 金额, 处理结果, 失败原因, and its line of sums."""
    rows = [["业务编号", "金额", "处理结果", "失败原因"], *lines]
    sums = total or (str(len(lines)), f"{sum(Decimal(line[1]) for line in lines)}")
    rows.append(["合计", sums[1], sums[0], ""])
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path.write_bytes(out.getvalue().encode(how.get("encoding", "gb18030")))
    return path


def paid(batch: Batch) -> list[list[str]]:
    return [[row[0], row[4], "成功", ""] for row in rows_of(batch)]


def take(batch: Batch, path: Path, count: int = 3, total: Decimal = 3 * AMOUNT, name: str = "result.csv"):
    return batches.take_result(batch, path, name, count=count, total=total, by=MAKER)


def problems(batch: Batch, path: Path, **declared) -> list[str]:
    before = balances(batch.fund)
    with pytest.raises(ResultRefused) as refused:
        take(batch, path, **declared)
    assert balances(batch.fund) == before
    assert not batch.results.exists()
    assert set(batch.sendings.values_list("outcome", flat=True)) == {Outcome.WAITING}
    return [f"{problem.row}: {problem.text}" for problem in refused.value.problems]


def test_a_batch_is_refused_where_its_maker_declares_other_totals(three, fund):
    with pytest.raises(Refused, match=r"3 笔 13,122\.00 元"):
        batches.make(fund, three, "csv", count=3, total=3 * AMOUNT + Decimal("0.01"), by=MAKER)
    assert not Batch.objects.exists()


def test_a_payment_without_an_account_is_not_sent(approved, fund):
    case = approved("job-retention-refund", employer=REFUND, account={})
    with pytest.raises(Refused, match="没有户名或账号"):
        batches.make(fund, make_payable(case, fund), "csv", count=1, total=AMOUNT, by=MAKER)


@pytest.mark.parametrize("account", [{"number": "6217-1"}, {"holder": "=cmd|x"}, {"holder": "甲\n乙"}])
def test_a_payee_that_no_bank_could_take_is_refused(approved, fund, account):
    case = approved("job-retention-refund", employer=REFUND, account={**ACCOUNT, **account})
    with pytest.raises(Refused):
        batches.make(fund, make_payable(case, fund), "csv", count=1, total=AMOUNT, by=MAKER)


def test_a_payment_is_in_one_batch(three, fund):
    batches.make(fund, three[:1], "csv", count=1, total=AMOUNT, by=MAKER)
    with pytest.raises(Refused, match="不能从该资金支付"):
        batches.make(fund, three, "csv", count=3, total=3 * AMOUNT, by=MAKER)


def test_its_maker_cannot_check_a_batch(three, fund):
    batch = batches.make(fund, three, "csv", count=3, total=3 * AMOUNT, by=MAKER)
    with pytest.raises(Refused, match="不能复核自己"):
        batches.check(batch, count=3, total=3 * AMOUNT, by=MAKER)
    with pytest.raises(Refused, match="总额不符"):
        batches.check(batch, count=2, total=3 * AMOUNT, by=CHECKER)


def test_an_unchecked_batch_does_not_leave(three, fund):
    batch = batches.make(fund, three, "csv", count=3, total=3 * AMOUNT, by=MAKER)
    with pytest.raises(Refused, match="待复核"):
        batches.export(batch, by=MAKER)


def test_the_file_is_gb18030_with_a_line_for_each_payment_and_its_sums(sent):
    _, content = batches.export(sent, by=MAKER)
    rows = list(csv.reader(io.StringIO(content.decode("gb18030"))))
    assert rows[0] == ["业务编号", "收款户名", "收款账号", "开户银行", "金额", "用途"]
    assert rows[1][1:5] == [ACCOUNT["holder"], ACCOUNT["number"], ACCOUNT["bank"], "4374.00"]
    assert rows[-1] == ["合计", "3", "", "", "13122.00", ""]


def test_the_workbook_keeps_accounts_as_text_and_is_the_same_each_time(three, fund, tmp_path):
    from zhida.service.sheets.opening import open_sheet

    batch = batches.make(fund, three, "excel", count=3, total=3 * AMOUNT, by=MAKER)
    batches.check(batch, count=3, total=3 * AMOUNT, by=CHECKER)
    name, content = batches.export(batch, by=MAKER)
    assert batches.export(batch, by=MAKER) == (name, content)
    path = tmp_path / name
    path.write_bytes(content)
    rows = [cells for _, cells in open_sheet(path, name).rows()]
    assert rows[0][2] == "6217000000000000001"


def test_every_export_is_audited(sent):
    batches.export(sent, by=CHECKER)
    assert list(Entry.objects.filter(action="batch exported").values_list("actor", flat=True)) == [
        MAKER,
        CHECKER,
    ]


def test_a_cancelled_batch_gives_its_payments_back(three, fund):
    batch = batches.make(fund, three, "csv", count=3, total=3 * AMOUNT, by=MAKER)
    batches.cancel(batch, "账号要改", by=MAKER)
    assert set(Payment.objects.values_list("state", flat=True)) == {PaymentState.PAYABLE}
    assert batches.make(fund, three, "csv", count=3, total=3 * AMOUNT, by=MAKER)


def test_a_batch_at_the_bank_cannot_be_cancelled(sent):
    with pytest.raises(Refused, match="已送银行"):
        batches.cancel(sent, "反悔", by=MAKER)


def test_what_the_bank_paid_is_paid_and_the_cases_with_it(sent, fund, tmp_path):
    take(sent, answer(tmp_path / "r.csv", paid(sent)))
    sent.refresh_from_db()
    assert sent.state == BatchState.SETTLED
    assert {payment.case.state for payment in sent.payments.all()} == {State.PAID}
    assert balances(fund)[Standing.PAID] == 3 * AMOUNT


def test_the_same_answer_again_changes_nothing(sent, fund, tmp_path):
    path = answer(tmp_path / "r.csv", paid(sent))
    assert take(sent, path) == take(sent, path)
    assert balances(fund)[Standing.PAID] == 3 * AMOUNT


def test_an_answer_for_a_part_leaves_the_rest_waiting(sent, tmp_path):
    lines = paid(sent)
    take(sent, answer(tmp_path / "1.csv", lines[:1]), count=1, total=AMOUNT)
    sent.refresh_from_db()
    assert sent.state == BatchState.EXPORTED
    take(sent, answer(tmp_path / "2.csv", lines[1:]), count=2, total=2 * AMOUNT)
    sent.refresh_from_db()
    assert sent.state == BatchState.SETTLED


def test_what_the_bank_returned_can_be_sent_again_to_another_account(sent, fund, tmp_path):
    lines = paid(sent)
    lines[1][2:] = ["失败", "账号不存在"]
    take(sent, answer(tmp_path / "r.csv", lines))
    [returned] = Payment.objects.filter(state=PaymentState.RETURNED)
    assert (returned.reason, returned.case.state) == ("账号不存在", State.PAYABLE)
    services.correct_account(returned, {**ACCOUNT, "number": "6217000000000000002"}, by=MAKER)
    again = batches.make(fund, [returned], "csv", count=1, total=AMOUNT, by=MAKER)
    batches.check(again, count=1, total=AMOUNT, by=CHECKER)
    assert rows_of(again)[0][2] == "6217000000000000002"
    take(again, answer(tmp_path / "again.csv", paid(again)), count=1, total=AMOUNT)
    returned.refresh_from_db()
    assert (returned.state, returned.attempt, returned.case.state) == (PaymentState.PAID, 2, State.PAID)
    assert balances(fund)[Standing.PAID] == 3 * AMOUNT
    assert Sending.objects.filter(payment=returned).count() == 2


def test_an_unknown_line_is_named_and_nothing_is_taken(sent, tmp_path):
    lines = [*paid(sent), ["B000-00001", "1.00", "成功", ""]]
    path = answer(tmp_path / "r.csv", lines)
    assert problems(sent, path, count=4, total=3 * AMOUNT + 1) == ["5: 本批次没有业务编号“B000-00001”。"]


def test_a_line_twice_is_named(sent, tmp_path):
    lines = paid(sent)
    path = answer(tmp_path / "r.csv", [*lines, lines[0]])
    assert problems(sent, path, count=4, total=4 * AMOUNT) == ["5: 业务编号与第 2 行重复。"]


def test_another_amount_is_named(sent, tmp_path):
    lines = paid(sent)
    lines[2][1] = "4374.01"
    path = answer(tmp_path / "r.csv", lines)
    found = problems(sent, path, total=3 * AMOUNT + Decimal("0.01"))
    assert found == ["4: 金额 4,374.01 元，送出的是 4,374.00 元。"]


def test_wrong_sums_in_the_file_are_named(sent, tmp_path):
    path = answer(tmp_path / "r.csv", paid(sent), total=("3", "13121.99"))
    assert problems(sent, path) == ["0: 文件有 3 笔 13,122.00 元，与文件的合计行不符。"]


def test_sums_other_than_the_officers_are_named(sent, tmp_path):
    path = answer(tmp_path / "r.csv", paid(sent))
    assert problems(sent, path, count=2) == ["0: 文件有 3 笔 13,122.00 元，与填报的笔数和总额不符。"]


def test_a_file_cut_off_before_its_sums_is_not_taken(sent, tmp_path):
    path = answer(tmp_path / "r.csv", paid(sent))
    path.write_bytes(b"\r\n".join(path.read_bytes().splitlines()[:-1]))
    assert problems(sent, path) == ["0: 文件末尾没有“合计”行，可能不完整。"]


@pytest.mark.parametrize(
    ("cell", "text"), [("-1", "金额“-1”"), ("1.001", "金额“1.001”"), ("一元", "金额“一元”")]
)
def test_what_is_no_amount_is_named_with_its_row(sent, tmp_path, cell, text):
    lines = paid(sent)
    path = answer(tmp_path / "r.csv", lines)
    path.write_bytes(path.read_bytes().replace(b"4374.00", cell.encode("gb18030"), 1))
    assert any(problem.startswith(f"2: 金额“{cell}”") for problem in problems(sent, path))


def test_a_file_in_another_encoding_is_refused_whole(sent, tmp_path):
    path = answer(tmp_path / "r.csv", paid(sent), encoding="utf-16")
    with pytest.raises(FileRefused):
        take(sent, path)


def test_a_closed_fund_pays_nothing_more(three, fund):
    close_fund(fund, by=MAKER)
    with pytest.raises(Refused, match="已经关闭"):
        batches.make(fund, three, "csv", count=3, total=3 * AMOUNT, by=MAKER)
