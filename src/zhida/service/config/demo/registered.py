"""The registry of the demo county: a population made from the seed, and the ten-person restaurant."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import duckdb
from django.db import transaction

from zhida.population.make import make
from zhida.population.making.order import Order
from zhida.population.schema import file_stem
from zhida.service import clock
from zhida.service.audit.chain import record
from zhida.service.config.demo.names import demo_phone, person_name
from zhida.service.law import library
from zhida.service.registry.imports.rows import plain
from zhida.service.registry.models import Employer, Person, Record
from zhida.service.registry.origins import told
from zhida.service.secrecy.sealing import keyed_hash
from zhida.standards.identifiers import id_number_check_character, uscc_check_character

RECORDS = ("hire", "internship", "placement", "certificate", "loan", "venture", "base", "training")
STRUCTURE = ("id", "employer_id", "person_id", "uscc", "name", "id_number")
SOURCE = "演示数据"
MARK = "（演示）"
BANK = "6200000000"

RESTAURANT = "好味餐馆"
GRADUATE = "演示毕业生"
GRADUATE_BORN = ("20000308", 2)
"""Day and number of the graduate's identity number."""


def register(region: str, employers: int, seed: int) -> None:
    """Everything of the population, whose files are thrown away again."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder) / "population"
        make(library(), Order(employers, region, seed, clock.today()), at, threads=1)
        with duckdb.connect() as connection:
            _Registering(connection, at, region, Random(seed)).run()


class _Registering:
    """Reads the files of a population, and writes rows of the registry."""

    def __init__(self, connection: Any, folder: Path, region: str, draw: Random) -> None:
        self.connection, self.folder, self.region, self.draw = connection, folder, region, draw
        self.today: date = clock.today()
        self.employers: dict[Any, Employer] = {}
        self.persons: dict[Any, Person] = {}

    def run(self) -> None:
        with transaction.atomic():
            self.add_employers()
            self.add_persons()
            for entity in RECORDS:
                self.add_records(entity)
            self.add_history()
            self.add_place()
            self.add_restaurant()
            self.add_graduate()
            detail = {"employers": len(self.employers), "persons": len(self.persons)}
            record("demo registered", actor="", region=self.region, detail=detail)

    def rows(self, entity: str) -> Iterator[dict[str, Any]]:
        path = self.folder / f"{file_stem(entity)}.parquet"
        if path.exists():
            found = self.connection.execute(f"SELECT * FROM '{path}'")
            names = [column[0] for column in found.description]
            for row in found.fetchall():
                yield dict(zip(names, row, strict=True))

    def facts(self, entity: str, row: Mapping[str, Any]) -> dict[str, Any]:
        known = library().entities[entity].facts
        given = (fact for fact in known if fact.key not in STRUCTURE and row.get(fact.key) is not None)
        return {fact.key: plain(fact, row[fact.key]) for fact in given}

    def origins(self, keys: Any) -> list[dict[str, Any]]:
        return told([], SOURCE, self.today, keys)

    def add_employers(self) -> None:
        for number, row in enumerate(self.rows("employer"), start=1):
            if not row["uscc"]:
                continue  # The population also lacks what registers lack; here it is the key.
            facts = self.facts("employer", row)
            self.employers[row["id"]] = Employer(
                number=row["uscc"],
                name=f"{row['name'] or f'演示单位 {number}'}{MARK}",
                region=row["insured_region"] or self.region,
                contact=person_name(self.draw),
                phone=demo_phone(10_000 + number),
                bank_account=f"{BANK}{number:09}",
                facts=facts,
                origins=self.origins(facts),
            )
        Employer.objects.bulk_create(self.employers.values(), batch_size=200)

    def add_persons(self) -> None:
        for number, row in enumerate(self.rows("person"), start=1):
            if row["id_number"]:
                facts = self.facts("person", row)
                self.persons[row["id"]] = self.person(row["id_number"], number, facts, row["insured_region"])
        Person.objects.bulk_create(self.persons.values(), batch_size=200)

    def person(self, id_number: str, number: int, facts: dict[str, Any], region: str | None) -> Person:
        return Person(
            number=id_number,
            number_hash=keyed_hash(id_number),
            name=person_name(self.draw),
            phone=demo_phone(20_000 + number),
            bank_account=f"{BANK}1{number:08}",
            region=region or self.region,
            facts=facts,
            origins=self.origins(facts),
        )

    def add_records(self, entity: str) -> None:
        self.create(
            Record(
                entity=entity,
                key=f"d{row['id']}",
                employer=self.employers.get(row.get("employer_id")),
                person=self.persons.get(row.get("person_id")),
                region=self.region,
                facts=self.facts(entity, row),
            )
            for row in self.rows(entity)
        )

    def add_history(self) -> None:
        parties: dict[str, Any] = {str(id): party for id, party in self.persons.items()}
        for id, employer in self.employers.items():
            parties |= {str(id): employer, employer.number: employer}
            representative = employer.facts.get("legal_representative_id")
            if representative:
                parties.setdefault(str(representative), employer)
        self.create(
            Record(
                entity="history",
                key=f"d{number}",
                employer=party if isinstance(party, Employer) else None,
                person=party if isinstance(party, Person) else None,
                region=self.region,
                facts=_grant(self.facts("history", row), party),
            )
            for number, row in enumerate(self.rows("history"), start=1)
            if (party := parties.get(str(row["subject"]))) is not None
        )

    def create(self, records: Iterator[Record]) -> None:
        found = [each for each in records if each.employer is not None or each.person is not None]
        for each in found:
            each.origins = self.origins(each.facts)
        Record.objects.bulk_create(found, batch_size=500)

    def add_place(self) -> None:
        """What happened in the county itself."""
        facts = {"region": self.region, "risk_area_found": True, "county_risk_area_found": True}
        origins = self.origins(facts)
        Record.objects.create(
            entity="place", key=self.region, region=self.region, facts=facts, origins=origins
        )

    def add_restaurant(self) -> None:
        """Ten people, one of them a graduate hired in July: what the tour is about."""
        first = f"92{self.region}MA7DEMO00".ljust(17, "0")[:17].replace("O", "0")
        facts = self.restaurant_facts()
        employer = Employer.objects.create(
            number=first + uscc_check_character(first),
            name=f"{RESTAURANT}{MARK}",
            region=self.region,
            contact=person_name(self.draw),
            phone=demo_phone(1),
            bank_account=f"{BANK}000000000",
            facts=facts,
            origins=self.origins(facts),
        )
        facts = {
            "education": "本科",
            "graduated_on": "2022-06-30",
            "unemployed": True,
            "registered_unemployed": True,
            "born_on": "1999-07-02",
        }
        person = self.person(id_number_of(self.region, "19990702", 1), 1, facts, None)
        person.save()
        hired = {"hired_on": "2022-07-10", "contract_months": 12, "full_time": True, "months_employed": 3}
        hired |= {"unemployment_insured_months": 3, "three_insurance_months": 3, "social_insured_months": 3}
        self.create(
            iter(
                [
                    Record(
                        entity="hire",
                        key="d1",
                        employer=employer,
                        person=person,
                        region=self.region,
                        facts=hired,
                    )
                ]
            )
        )

    def restaurant_facts(self) -> dict[str, Any]:
        return {
            "org_type": "企业",
            "region": self.region,
            "insured_region": self.region,
            "industry": "H62",
            "employees": 10,
            "staff": 10,
            "revenue": "1860000",
            "assets": "420000",
            "established_on": "2018-05-16",
            "insured_last_year_start": 9,
            "insured_last_year_end": 9,
            "insured_now": 10,
            "unemployment_contributions_last_year": "5832.4",
            "unemployment_contribution_months_last_year": 12,
            "three_insurance_months_continuous": 24,
            "contribution_arrears": False,
            "wage_arrears": False,
            "seriously_dishonest": False,
            "has_corporate_account": True,
            "labour_dispatch": False,
            "monthly_pension_due": "6208",
            "monthly_injury_due": "155.2",
            "monthly_unemployment_due": "271.6",
        }

    def add_graduate(self) -> None:
        """Someone who passed a skill test and looks for work: the applicant for oneself."""
        facts = {
            "born_on": "2000-03-08",
            "household_region": self.region,
            "insured_region": self.region,
            "education": "专科",
            "graduated_on": "2021-06-30",
            "unemployed": True,
            "registered_unemployed": True,
            "registered_unemployed_months": 7,
            "unemployment_insured_months": 38,
        }
        person = self.person(id_number_of(self.region, *GRADUATE_BORN), 2, facts, None)
        person.name = GRADUATE
        person.save()
        level = {"level": "中级", "trade": "电工", "issued_on": "2022-05-20"}
        self.create(
            iter([Record(entity="certificate", key="d1", person=person, region=self.region, facts=level)])
        )


def id_number_of(region: str, born: str, number: int) -> str:
    first = f"{region}{born}{number:03}"
    return first + id_number_check_character(first)


def _grant(facts: dict[str, Any], party: Employer | Person) -> dict[str, Any]:
    """Whom it was paid to stands beside; only a representative is named in the fact."""
    subject = facts.pop("subject", None)
    if isinstance(party, Employer) and subject == party.facts.get("legal_representative_id"):
        return facts | {"subject": subject}
    return facts
