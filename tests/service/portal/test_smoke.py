import pytest
pytestmark = pytest.mark.django_db
def test_all(client):
    for u in ["/","/measures/","/measures/?q=招聘","/measures/pension-deferral/","/measures/hiring-subsidy/","/measures/hiring-subsidy/?region=150200&lang=en","/check/","/robots.txt","/sitemap.xml"]:
        r=client.get(u); assert r.status_code==200,u
    assert client.get("/measures/x-y/").status_code==404
    assert client.get("/measures/?on=abc").status_code==400
    r=client.post("/check/",{"region":"621025","audience":"employer"}); assert r.status_code==302
    u=r["location"]; r=client.get(u); assert r.status_code==200
    r=client.post(u,{"key":"employer.org_type","employer.org_type":"企业"}); assert r.status_code==302, r.content.decode()[-1500:]
    r=client.get(r["location"]); assert r.status_code==200
    for x in ("answers/","result/","answers/employer.org_type/"):
        assert client.get(u+x).status_code==200
