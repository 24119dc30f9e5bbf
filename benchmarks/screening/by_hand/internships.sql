-- Every internship: 见习补贴 in four tiers, by the share of its employer's trainees that were kept on.
WITH retention AS (
  SELECT employer_id, count(*) FILTER (completed) AS completed, count(*) FILTER (retained) AS retained
  FROM {{internships}} GROUP BY employer_id
), owners AS (
  SELECT id, coalesce(insured_region, region, '621025') AS place,
    org_type IN ('企业', '事业单位', '社会团体', '基金会', '社会服务机构', '律师事务所', '会计师事务所') AS host,
    org_type = '其他' AS other
  FROM {{employers}} WHERE coalesce(insured_region, region, '621025') = '621025'
), given AS (
  SELECT n.id, n.employer_id, n.person_id, o.place, o.host, o.other, c.category,
    n.started_on, n.ended_on, n."person.education" AS education, n."person.unemployed" AS unemployed,
    n."person.graduated_on" AS graduated_on, n."person.household_region" AS household_region,
    n."person.groups" AS groups, n."person.born_on" AS born_on,
    list_contains(n."person.groups", '登记失业人员') AS registered,
    n."person.graduated_on" <= n.started_on
      AND n.started_on < CAST(n."person.graduated_on" + INTERVAL 24 MONTH AS DATE) AS recent,
    date_sub('year', n."person.born_on", n.started_on) BETWEEN 16 AND 24 AS young,
    coalesce(n.months, CASE WHEN n.completed AND n.ended_on <= DATE '2022-10-01'
      THEN date_sub('month', n.started_on, n.ended_on + 1) END) AS months,
    coalesce(n.completed AND n.ended_on <= DATE '2022-10-01', false) AS over,
    CASE WHEN n.extra_days IS NULL THEN 0 ELSE least(n.extra_days, 22) END AS days,
    CASE WHEN r.completed > 0 THEN CASE WHEN r.retained * 10 >= r.completed * 7 THEN 1500
      WHEN r.retained * 10 >= r.completed * 6 THEN 1350 WHEN r.retained * 10 >= r.completed * 5 THEN 1200
      ELSE 1000 END END AS rate
  FROM {{internships}} AS n
  JOIN owners AS o ON o.id = n.employer_id
  LEFT JOIN retention AS r ON r.employer_id = n.employer_id
  LEFT JOIN {{counties}} AS c ON c.region = n."person.household_region"
), parts AS (
  SELECT *,
    education IN ('研究生', '本科', '专科') AND unemployed AND recent AS graduate,
    education = '中职' AND unemployed AND recent AS vocational,
    (unemployed OR registered) AND young AS jobless,
    CAST(CASE WHEN months >= 12 THEN 1200 * rate
      ELSE least((200 * (months * 22 + days) * rate + 22) // 44, 1200 * rate) END * 0.01 AS DECIMAL(18, 2)) AS price
  FROM given
), judged AS (
  SELECT *,
    vocational AND category = '重点县' AS poor, vocational AND category = '未收录' AS unlisted
  FROM parts
), routes AS (
  SELECT *, graduate OR poor OR jobless AS trainee
  FROM judged
), verdicts AS (
  SELECT *,
    CASE WHEN NOT host AND NOT other THEN 0 WHEN NOT trainee AND NOT unlisted THEN 1 WHEN months < 3 THEN 2
      ELSE 99 END AS fails,
    host IS NULL OR trainee IS NULL OR months IS NULL OR (NOT trainee AND unlisted IS NULL) AS open,
    poor IS NULL OR (NOT trainee AND unlisted IS NULL) AS schooling
  FROM routes
)
SELECT id AS unit, employer_id AS employer, person_id AS person, place AS region,
  CASE WHEN fails <> 99 THEN {{ineligible}} WHEN open THEN {{unknown}}
    WHEN (NOT host AND other) OR (NOT trainee AND unlisted) THEN {{review}} ELSE {{eligible}} END
    AS "internship-subsidy.0.verdict",
  fails AS "internship-subsidy.0.fails",
  CASE WHEN fails = 99 AND (open OR price IS NULL) THEN
    CASE WHEN host IS NULL THEN 1 ELSE 0 END
    + CASE WHEN trainee IS NULL OR (NOT trainee AND unlisted IS NULL) THEN
        CASE WHEN education IS NULL AND (graduate IS NULL OR schooling) THEN 2 ELSE 0 END
        + CASE WHEN unemployed IS NULL
            AND (graduate IS NULL OR schooling OR (jobless IS NULL AND registered IS NOT TRUE)) THEN 4
          ELSE 0 END
        + CASE WHEN graduated_on IS NULL AND (graduate IS NULL OR schooling) THEN 8 ELSE 0 END
        + CASE WHEN started_on IS NULL AND (graduate IS NULL OR schooling OR jobless IS NULL) THEN 16
          ELSE 0 END
        + CASE WHEN category IS NULL AND schooling THEN
          CASE WHEN household_region IS NULL THEN 32 ELSE 64 END ELSE 0 END
        + CASE WHEN jobless IS NULL THEN
          CASE WHEN registered IS NULL AND unemployed IS NOT TRUE THEN 128 + CASE WHEN groups IS NULL THEN 256
            ELSE 0 END ELSE 0 END
          + CASE WHEN born_on IS NULL THEN 512 ELSE 0 END ELSE 0 END ELSE 0 END
    + CASE WHEN months IS NULL THEN 1024
      + CASE WHEN over AND started_on IS NULL
          AND NOT (trainee IS NULL AND (graduate IS NULL OR schooling OR jobless IS NULL)) THEN 16
        ELSE 0 END ELSE 0 END
    + CASE WHEN price IS NULL AND rate IS NULL THEN 4096 ELSE 0 END
    ELSE 0 END AS "internship-subsidy.0.missing",
  CASE WHEN fails <> 99 THEN 0::DECIMAL(18, 2) WHEN NOT open THEN price END
    AS "internship-subsidy.0.amount",
  CASE WHEN fails = 99 AND (open OR price IS NULL) THEN
    coalesce(price, CAST(CASE WHEN months IS NULL OR months >= 12 THEN 1200 * coalesce(rate, 1500)
      ELSE least((200 * (months * 22 + days) * 1500 + 22) // 44, 1200 * 1500) END * 0.01 AS DECIMAL(18, 2)))
    END AS "internship-subsidy.0.upper"
FROM verdicts
