-- Every hire: 吸纳补贴, 扩岗补助. What they ask of the employer is settled on the employer's rows.
WITH sizes AS (
  SELECT e.id, e.org_type, e.industry, e.employees, e.revenue, e.assets,
    coalesce(e.insured_region, e.region, '621025') AS place, i.applies,
    i.large_staff, i.large_revenue, i.large_assets, i.medium_staff, i.medium_revenue, i.medium_assets,
    i.small_staff, i.small_revenue, i.small_assets, e.size,
    CASE WHEN size IS NULL THEN
      (large_staff = 0 OR employees >= large_staff) AND (large_revenue = 0 OR revenue >= large_revenue)
      AND (large_assets = 0 OR assets >= large_assets) END AS large,
    CASE WHEN size IS NULL THEN
      (medium_staff = 0 OR employees >= medium_staff) AND (medium_revenue = 0 OR revenue >= medium_revenue)
      AND (medium_assets = 0 OR assets >= medium_assets) END AS medium,
    CASE WHEN size IS NULL THEN
      (small_staff = 0 OR employees >= small_staff) AND (small_revenue = 0 OR revenue >= small_revenue)
      AND (small_assets = 0 OR assets >= small_assets) END AS small
  FROM {{employers}} AS e LEFT JOIN {{industries_2011}} AS i ON i.industry = e.industry
  WHERE coalesce(e.insured_region, e.region, '621025') = '621025'
), sized AS (
  SELECT *,
    CASE WHEN size IS NOT NULL THEN size WHEN NOT applies THEN '未划型' WHEN applies IS NULL THEN NULL
      WHEN large THEN '大型' WHEN large IS NULL THEN NULL WHEN medium THEN '中型' WHEN medium IS NULL THEN NULL
      WHEN small THEN '小型' WHEN small IS NULL THEN NULL ELSE '微型' END AS sized
  FROM sizes
), owners AS (
  SELECT id, place, org_type = '企业' AS business,
    CASE WHEN sized IS NULL THEN 2 WHEN sized = '未划型' THEN 1 WHEN sized = '大型' THEN 3 ELSE 0 END::UTINYINT
      AS size_state,
    CASE WHEN sized IS NULL THEN
      64 + CASE WHEN applies IS NULL THEN CASE WHEN industry IS NULL THEN 128 ELSE 256 END ELSE 0 END
      + CASE WHEN employees IS NULL AND (
          (large IS NULL AND large_staff IS DISTINCT FROM 0)
          OR (large IS NOT TRUE AND ((medium IS NULL AND medium_staff IS DISTINCT FROM 0)
            OR (medium IS NOT TRUE AND small IS NULL AND small_staff IS DISTINCT FROM 0)))) THEN 512 ELSE 0 END
      + CASE WHEN revenue IS NULL AND (
          (large IS NULL AND large_revenue IS DISTINCT FROM 0)
          OR (large IS NOT TRUE AND ((medium IS NULL AND medium_revenue IS DISTINCT FROM 0)
            OR (medium IS NOT TRUE AND small IS NULL AND small_revenue IS DISTINCT FROM 0)))) THEN 1024 ELSE 0 END
      + CASE WHEN assets IS NULL AND (
          (large IS NULL AND large_assets IS DISTINCT FROM 0)
          OR (large IS NOT TRUE AND ((medium IS NULL AND medium_assets IS DISTINCT FROM 0)
            OR (medium IS NOT TRUE AND small IS NULL AND small_assets IS DISTINCT FROM 0)))) THEN 2048 ELSE 0 END
      ELSE 0 END::USMALLINT AS size_lacks
  FROM sized
), parts AS (
  SELECT h.id, h.employer_id, h.person_id, o.place, o.business, o.size_state, o.size_lacks,
    h.hired_on, h."person.education" AS education, h."person.graduated_on" AS graduated_on,
    h."person.unemployed" AS unemployed, h."person.id_number" AS id_number, h.contract_months, h.unemployment_insured_months,
    h.hired_on BETWEEN DATE '2022-01-01' AND DATE '2022-12-31' AS timely,
    h."person.education" IN ('研究生', '本科', '专科') AS graduate,
    year(h."person.graduated_on") = year(h.hired_on) AS fresh,
    coalesce(h.person_is_owner, false) AS owner, coalesce(h.identity_used_expansion, false) AS used
  FROM {{hires}} AS h JOIN owners AS o ON o.id = h.employer_id
), judged AS (
  SELECT *,
    CASE WHEN NOT timely THEN 0 WHEN NOT business THEN 2 WHEN size_state = 3 THEN 3 WHEN NOT graduate THEN 4
      WHEN NOT fresh THEN 5 WHEN NOT unemployed THEN 6 WHEN contract_months < 12 THEN 7 WHEN owner THEN 8
      ELSE 99 END AS fails0,
    (timely AND business AND graduate AND fresh AND unemployed AND contract_months >= 12) IS NULL
      OR size_state = 2 AS open0,
    CASE WHEN NOT timely THEN 0 WHEN NOT business THEN 2 WHEN NOT graduate THEN 3 WHEN NOT fresh THEN 4
      WHEN NOT unemployed THEN 5 WHEN contract_months <= 0 THEN 6 WHEN unemployment_insured_months < 1 THEN 7
      WHEN used THEN 8 ELSE 99 END AS fails1,
    (timely AND business AND graduate AND fresh AND unemployed AND contract_months > 0
      AND unemployment_insured_months >= 1) IS NULL AS open1
  FROM parts
)
SELECT id AS unit, employer_id AS employer, person_id AS person, place AS region,
  CASE WHEN fails0 <> 99 THEN {{ineligible}} WHEN open0 THEN {{unknown}} WHEN size_state = 1 THEN {{review}}
    ELSE {{eligible}} END AS "hiring-subsidy.0.verdict",
  fails0 AS "hiring-subsidy.0.fails",
  CASE WHEN fails0 = 99 AND open0 THEN
    CASE WHEN hired_on IS NULL THEN 1 ELSE 0 END + CASE WHEN education IS NULL THEN 2 ELSE 0 END
    + CASE WHEN graduated_on IS NULL THEN 4 ELSE 0 END + CASE WHEN unemployed IS NULL THEN 8 ELSE 0 END
    + CASE WHEN contract_months IS NULL THEN 16 ELSE 0 END + CASE WHEN business IS NULL THEN 32 ELSE 0 END
    + size_lacks
    ELSE 0 END AS "hiring-subsidy.0.missing",
  CASE WHEN fails0 <> 99 THEN 0::DECIMAL(18, 2) WHEN NOT open0 THEN 1000::DECIMAL(18, 2) END
    AS "hiring-subsidy.0.amount",
  CASE WHEN fails0 = 99 AND open0 THEN 1000::DECIMAL(18, 2) END AS "hiring-subsidy.0.upper",
  CASE WHEN fails1 <> 99 THEN {{ineligible}} WHEN open1 THEN {{unknown}} ELSE {{eligible}} END
    AS "hiring-expansion.1.verdict",
  fails1 AS "hiring-expansion.1.fails",
  CASE WHEN fails1 = 99 AND open1 THEN
    CASE WHEN hired_on IS NULL THEN 1 ELSE 0 END + CASE WHEN education IS NULL THEN 2 ELSE 0 END
    + CASE WHEN graduated_on IS NULL THEN 4 ELSE 0 END + CASE WHEN unemployed IS NULL THEN 8 ELSE 0 END
    + CASE WHEN contract_months IS NULL THEN 16 ELSE 0 END
    + CASE WHEN unemployment_insured_months IS NULL THEN 32 ELSE 0 END
    + CASE WHEN business IS NULL THEN 64 ELSE 0 END
    ELSE 0 END AS "hiring-expansion.1.missing",
  CASE WHEN fails1 <> 99 THEN 0::DECIMAL(18, 2) WHEN NOT open1 THEN 1500::DECIMAL(18, 2) END
    AS "hiring-expansion.1.amount",
  CASE WHEN fails1 = 99 AND open1 THEN 1500::DECIMAL(18, 2) END AS "hiring-expansion.1.upper",
  CASE WHEN fails0 = 99 OR fails1 = 99 THEN id_number END AS number
FROM judged
