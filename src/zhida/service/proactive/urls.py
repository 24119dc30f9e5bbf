"""Addresses of 免申即享."""

app_name = "proactive"
urlpatterns: list = []
