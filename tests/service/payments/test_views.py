"""Finance's pages: from what is due to what the bank paid."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.service.payments.conftest import REFUND

from zhida.service.payments import ledger, services
from zhida.service.payments.models import Batch, Fund, Payment, Recovery
from zhida.service.payments.moves import Standing
from zhida.service.payments.states import BatchState, PaymentState

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(finance_officer, client_of):
    return client_of(finance_officer)


@pytest.fixture
def checker(appoint, client_of):
    return client_of(appoint("finance", username="second-finance"))


def text(response) -> str:
    return response.content.decode()


def test_a_batch_goes_from_due_to_paid(maker, checker, payable, fund):
    assert payable.number in text(maker.get("/payments/"))
    address = f"/batches/new/?fund={fund.pk}"
    refused = maker.post(address, {"count": 1, "total": "1.00", "profile": "csv"})
    assert refused.status_code == 422
    assert "与填报的笔数和总额不符" in text(refused)
    made = maker.post(address, {"count": 1, "total": "4374.00", "profile": "csv"})
    batch = Batch.objects.get()
    assert made.url == f"/batches/{batch.pk}/"
    assert "复核通过" not in text(maker.get(made.url))
    checker.post(f"{made.url}check/", {"count": 1, "total": "4374.00"})
    file = b"".join(maker.post(f"{made.url}file/").streaming_content)
    line = list(csv.reader(io.StringIO(file.decode("gb18030"))))[1]
    answer = f"业务编号,金额,处理结果\r\n{line[0]},4374.00,成功\r\n合计,4374.00,1\r\n".encode("gb18030")
    upload = SimpleUploadedFile("回盘.csv", answer)
    done = maker.post(f"{made.url}result/", {"count": 1, "total": "4374.00", "file": upload}, follow=True)
    assert "银行结果已导入" in text(done)
    batch.refresh_from_db()
    assert batch.state == BatchState.SETTLED


def test_the_total_is_not_shown_to_whoever_has_to_declare_it(maker, checker, payable, fund):
    maker.post(f"/batches/new/?fund={fund.pk}", {"count": 1, "total": "4374.00", "profile": "csv"})
    page = text(checker.get(f"/batches/{Batch.objects.get().pk}/"))
    assert "<dt>总额</dt>" not in page


def test_every_wrong_row_of_an_answer_is_shown_and_nothing_changes(maker, checker, payable, fund):
    address = maker.post(
        f"/batches/new/?fund={fund.pk}", {"count": 1, "total": "4374.00", "profile": "csv"}
    ).url
    checker.post(f"{address}check/", {"count": 1, "total": "4374.00"})
    maker.post(f"{address}file/")
    wrong = "业务编号,金额,处理结果\r\n<script>,1.00,成功\r\nX,0,成功\r\n合计,1.00,1\r\n".encode()
    response = maker.post(
        f"{address}result/", {"count": 1, "total": "1.00", "file": SimpleUploadedFile("r.csv", wrong)}
    )
    assert response.status_code == 422
    assert "第 2 行" in text(response) and "第 3 行" in text(response)
    assert "<script>" not in text(response)
    assert Payment.objects.get().state == PaymentState.BATCHED


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "r.exe"])
def test_what_is_no_result_file_is_refused_with_its_reason(maker, checker, payable, fund, name):
    address = maker.post(
        f"/batches/new/?fund={fund.pk}", {"count": 1, "total": "4374.00", "profile": "csv"}
    ).url
    checker.post(f"{address}check/", {"count": 1, "total": "4374.00"})
    maker.post(f"{address}file/")
    upload = SimpleUploadedFile(name, b"\x00\x01 nonsense")
    response = maker.post(f"{address}result/", {"count": 1, "total": "4374.00", "file": upload})
    assert response.status_code == 422


def test_a_fund_is_opened_and_given_its_budget_once_a_paper(maker):
    maker.post("/funds/new/", {"name": "就业补助资金", "region": "621025", "year": 2022})
    fund = Fund.objects.get()
    paper = {"move": "budget", "amount": "5000", "paper": "正财社〔2022〕1号"}
    for _ in range(2):
        maker.post(f"/funds/{fund.pk}/budget/", paper)
    assert ledger.balances(fund)[Standing.AVAILABLE] == Decimal(5000)


def test_a_fund_of_another_region_cannot_be_opened(maker):
    response = maker.post("/funds/new/", {"name": "就业补助资金", "region": "621024", "year": 2022})
    assert "只能开设本地区的资金" in text(response)


def test_more_than_there_is_cannot_be_cut(maker, fund):
    response = maker.post(f"/funds/{fund.pk}/budget/", {"move": "cut", "amount": "100000.01", "paper": "1"})
    assert "余额不足" in text(response)


def test_a_payment_without_a_fund_gets_one_by_hand(maker, refund, fund):
    [payment] = services.plan(refund, by="x")
    maker.post(f"/payments/{payment.pk}/reserve/", {"fund": fund.pk})
    payment.refresh_from_db()
    assert (payment.state, payment.fund) == (PaymentState.RESERVED, fund)


def test_an_account_is_shown_by_its_last_digits_only(maker, payable):
    page = text(maker.get(f"/payments/{payable.pk}/"))
    assert "…0001" in page and "6217000000000000001" not in page


def test_a_paid_payment_is_claimed_back_and_comes(maker, payable, fund):
    Payment.objects.update(state=PaymentState.PAID, paid_on="2022-10-10")
    posting = ledger.Posting(ledger.Move.PAY, payable.amount, payable.number, "p")
    ledger.post(fund, [posting], by="x")
    claim = {"amount": "4374.00", "reason": "不实", "clause": "ZN91"}
    maker.post(f"/payments/{payable.pk}/claim/", claim)
    recovery = Recovery.objects.get()
    page = maker.post(f"/recoveries/{recovery.pk}/", {"amount": "4374.00", "receipt": "R1"}, follow=True)
    assert "已追回" in text(page)
    assert "recover" in text(maker.get("/recoveries/")) or "4,374.00" in text(maker.get("/recoveries/"))


def test_another_county_sees_nothing(appoint, client_of, payable, fund):
    elsewhere = client_of(appoint("finance", "150202"))
    assert payable.number not in text(elsewhere.get("/payments/"))
    assert elsewhere.get(f"/payments/{payable.pk}/").status_code == 404
    assert elsewhere.get(f"/funds/{fund.pk}/").status_code == 404


def test_lists_ask_the_database_a_fixed_number_of_questions(
    maker, approved, fund, django_assert_max_num_queries
):
    for number in range(6):
        case = approved("job-retention-refund", number=f"9162102500000000{number}X", employer=REFUND)
        services.plan(case, by="x")
    with django_assert_max_num_queries(14):
        maker.get("/payments/?state=planned")
