"""Addresses of finance."""

from django.urls import path, re_path

from zhida.service.payments.views import batches, due, funds, recoveries

app_name = "payments"
urlpatterns = [
    path("payments/", due.due, name="due"),
    path("payments/<int:pk>/", due.payment, name="payment"),
    re_path(r"^payments/(?P<pk>\d{1,10})/(?P<what>reserve|stop|account|claim)/$", due.act, name="act"),
    path("batches/", batches.index, name="batches"),
    path("batches/new/", due.new_batch, name="new-batch"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/check/", batches.check, name="check"),
    path("batches/<int:pk>/cancel/", batches.cancel, name="cancel"),
    path("batches/<int:pk>/file/", batches.export, name="export"),
    path("batches/<int:pk>/result/", batches.result, name="result"),
    path("funds/", funds.index, name="funds"),
    path("funds/new/", funds.new_fund, name="new-fund"),
    path("funds/<int:pk>/", funds.fund, name="fund"),
    path("funds/<int:pk>/budget/", funds.budget, name="budget"),
    path("funds/<int:pk>/close/", funds.close, name="close-fund"),
    path("recoveries/", recoveries.index, name="recoveries"),
    path("recoveries/<int:pk>/", recoveries.recovery, name="recovery"),
]
