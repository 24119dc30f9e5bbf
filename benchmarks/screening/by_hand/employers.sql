-- Every employer: 缓缴养老保险费 (three provisions), 稳岗返还, 留工补助. {{employers}} etc. are files.
WITH given AS (
  SELECT e.*, coalesce(e.insured_region, e.region, '621025') AS place,
    i.list, i.list = '特困5' AS hardest, i.list = '扩围17' AS wider, w.monthly AS wage,
    p.county_risk_area_found AS county_risk, p.risk_area_found AS risk, p.static_management, p.filed,
    p.static_management AND p.filed AS closed,
    i.applies, i.large_staff, i.large_revenue, i.large_assets, i.medium_staff, i.medium_revenue,
    i.medium_assets, i.small_staff, i.small_revenue, i.small_assets
  FROM {{employers}} AS e
  LEFT JOIN {{industries}} AS i ON i.industry = e.industry
  LEFT JOIN {{wages}} AS w ON w.region = coalesce(e.insured_region, e.region, '621025')
  LEFT JOIN {{places}} AS p ON p.id = coalesce(e.insured_region, e.region, '621025')
  WHERE coalesce(e.insured_region, e.region, '621025') = '621025'
), parts AS (
  SELECT *,
    org_type IN ('企业', '个体工商户') AND (org_type <> '个体工商户' OR insured_as_unit) AS business,
    org_type IN ('事业单位', '社会团体', '基金会', '社会服务机构', '律师事务所', '会计师事务所') AS institution,
    org_type IN ('企业', '社会团体', '基金会', '社会服务机构', '律师事务所', '会计师事务所', '个体工商户')
      AND (org_type <> '个体工商户' OR insured_as_unit) AS payer,
    org_type IN ('社会团体', '基金会', '社会服务机构', '律师事务所', '会计师事务所', '个体工商户') AS reference,
    three_insurance_months_continuous >= 6 AND in_loss AND repayment_promised
      AND bank_deposit < staff * wage AS recognised,
    CASE WHEN insured_last_year_start > 0 THEN insured_last_year_start - insured_last_year_end END AS lost,
    coalesce(insured_last_year_start = 0, false) AS opened_empty,
    CASE WHEN size IS NULL THEN
      (large_staff = 0 OR employees >= large_staff) AND (large_revenue = 0 OR revenue >= large_revenue)
      AND (large_assets = 0 OR assets >= large_assets) END AS large,
    CASE WHEN size IS NULL THEN
      (medium_staff = 0 OR employees >= medium_staff) AND (medium_revenue = 0 OR revenue >= medium_revenue)
      AND (medium_assets = 0 OR assets >= medium_assets) END AS medium,
    CASE WHEN size IS NULL THEN
      (small_staff = 0 OR employees >= small_staff) AND (small_revenue = 0 OR revenue >= small_revenue)
      AND (small_assets = 0 OR assets >= small_assets) END AS small
  FROM given
), facts AS (
  SELECT *,
    CASE WHEN size IS NOT NULL THEN size WHEN NOT applies THEN '未划型' WHEN applies IS NULL THEN NULL
      WHEN large THEN '大型' WHEN large IS NULL THEN NULL WHEN medium THEN '中型' WHEN medium IS NULL THEN NULL
      WHEN small THEN '小型' WHEN small IS NULL THEN NULL ELSE '微型' END AS sized,
    temporarily_in_difficulty OR recognised AS hardship,
    lost * 1000 <= 55 * insured_last_year_start
      OR (insured_last_year_end <= 30 AND lost * 10 <= 2 * insured_last_year_start) AS stable,
    county_risk AND closed AND temporarily_in_difficulty AS severe,
    NOT risk AND org_type = '企业' AND hardest AS risk_review
  FROM parts
), grounds AS (
  SELECT *,
    hardest OR (wider AND hardship) AS grounds0,
    org_type <> '企业' OR sized IN ('中型', '小型', '微型') AS fits1, sized = '未划型' AS unsized,
    hardest OR (wider AND temporarily_in_difficulty) OR severe AS grounds2,
    CASE WHEN reference THEN 0.9 WHEN reference IS NULL AND sized = '大型' THEN NULL
      WHEN sized = '大型' THEN 0.5 WHEN sized <> '未划型' THEN 0.9 END AS rate,
    NOT reference AND sized = '未划型' AS settle
  FROM facts
), judged AS (
  SELECT *,
    CASE WHEN NOT business THEN 0 WHEN NOT grounds0 THEN 1 ELSE 99 END AS fails0,
    (business AND grounds0) IS NULL AS open0,
    CASE WHEN NOT business THEN 0 WHEN NOT fits1 AND NOT unsized THEN 1 WHEN NOT severe THEN 2 ELSE 99 END
      AS fails1,
    business IS NULL OR severe IS NULL OR (fits1 IS NULL OR (NOT fits1 AND unsized IS NULL)) AS open1,
    NOT fits1 AND unsized AS review1,
    CASE WHEN NOT institution THEN 0 WHEN NOT grounds2 THEN 1 ELSE 99 END AS fails2,
    (institution AND grounds2) IS NULL AS open2,
    CASE WHEN NOT payer THEN 0 WHEN NOT stable AND NOT opened_empty THEN 1
      WHEN unemployment_contribution_months_last_year < 12 THEN 2 WHEN seriously_dishonest THEN 3 ELSE 99 END
      AS fails3,
    payer IS NULL OR unemployment_contribution_months_last_year IS NULL OR seriously_dishonest IS NULL
      OR labour_dispatch IS NULL OR (stable IS NULL AND NOT opened_empty) AS open3,
    (stable IS NOT TRUE AND opened_empty) OR labour_dispatch AS review3,
    CAST(unemployment_contributions_last_year * rate AS DECIMAL(18, 2)) AS price3,
    CASE WHEN NOT payer THEN 0 WHEN NOT risk AND NOT risk_review THEN 1 ELSE 99 END AS fails4,
    payer IS NULL OR risk IS NULL OR (NOT risk AND risk_review IS NULL) AS open4,
    NOT risk AND risk_review AS review4,
    CAST(500 * insured_now AS DECIMAL(18, 2)) AS price4
  FROM grounds
), lacking AS (
  SELECT *,
    CASE WHEN sized IS NULL AND ((fails1 = 99 AND open1) OR (fails3 = 99 AND (open3 OR price3 IS NULL))) THEN
      1 + CASE WHEN applies IS NULL THEN CASE WHEN industry IS NULL THEN 2 ELSE 4 END ELSE 0 END
      + CASE WHEN employees IS NULL AND (
          (large IS NULL AND large_staff IS DISTINCT FROM 0)
          OR (large IS NOT TRUE AND ((medium IS NULL AND medium_staff IS DISTINCT FROM 0)
            OR (medium IS NOT TRUE AND small IS NULL AND small_staff IS DISTINCT FROM 0)))) THEN 8 ELSE 0 END
      + CASE WHEN revenue IS NULL AND (
          (large IS NULL AND large_revenue IS DISTINCT FROM 0)
          OR (large IS NOT TRUE AND ((medium IS NULL AND medium_revenue IS DISTINCT FROM 0)
            OR (medium IS NOT TRUE AND small IS NULL AND small_revenue IS DISTINCT FROM 0)))) THEN 16 ELSE 0 END
      + CASE WHEN assets IS NULL AND (
          (large IS NULL AND large_assets IS DISTINCT FROM 0)
          OR (large IS NOT TRUE AND ((medium IS NULL AND medium_assets IS DISTINCT FROM 0)
            OR (medium IS NOT TRUE AND small IS NULL AND small_assets IS DISTINCT FROM 0)))) THEN 32 ELSE 0 END
      ELSE 0 END AS size_lacks,
    CASE WHEN business IS NULL OR institution IS NULL OR payer IS NULL THEN
      CASE WHEN org_type IS NULL THEN 1 ELSE 0 END
      + CASE WHEN insured_as_unit IS NULL THEN 2 ELSE 0 END ELSE 0 END AS type_lacks,
    CASE WHEN list IS NULL THEN CASE WHEN industry IS NULL THEN 1 ELSE 2 END ELSE 0 END AS list_lacks
  FROM judged
)
SELECT id AS unit, id AS employer, CAST(NULL AS VARCHAR) AS person, place AS region,
  CASE WHEN fails0 <> 99 THEN {{ineligible}} WHEN open0 THEN {{unknown}} ELSE {{eligible}} END AS "pension-deferral.0.verdict",
  fails0 AS "pension-deferral.0.fails",
  CASE WHEN fails0 = 99 AND open0 THEN
    CASE WHEN business IS NULL THEN type_lacks ELSE 0 END
    + CASE WHEN grounds0 IS NULL THEN list_lacks * 4
      + CASE WHEN hardship IS NULL AND wider IS NOT FALSE THEN
          CASE WHEN temporarily_in_difficulty IS NULL THEN 16 ELSE 0 END
          + CASE WHEN recognised IS NULL THEN
            CASE WHEN three_insurance_months_continuous IS NULL THEN 32 ELSE 0 END
            + CASE WHEN in_loss IS NULL THEN 64 ELSE 0 END
            + CASE WHEN repayment_promised IS NULL THEN 128 ELSE 0 END
            + CASE WHEN bank_deposit IS NULL THEN 256 ELSE 0 END
            + CASE WHEN staff IS NULL THEN 512 ELSE 0 END
            + CASE WHEN wage IS NULL THEN 1024 ELSE 0 END ELSE 0 END ELSE 0 END ELSE 0 END
    ELSE 0 END AS "pension-deferral.0.missing",
  CASE WHEN fails0 <> 99 THEN 0::DECIMAL(18, 2) END AS "pension-deferral.0.amount",
  CAST(NULL AS DECIMAL(18, 2)) AS "pension-deferral.0.upper",
  CASE WHEN fails1 <> 99 THEN {{ineligible}} WHEN open1 THEN {{unknown}} WHEN review1 THEN {{review}}
    ELSE {{eligible}} END AS "pension-deferral.1.verdict",
  fails1 AS "pension-deferral.1.fails",
  CASE WHEN fails1 = 99 AND open1 THEN
    CASE WHEN business IS NULL THEN type_lacks ELSE 0 END
    + CASE WHEN fits1 IS NULL AND org_type IS NULL AND business IS NOT NULL THEN 1 ELSE 0 END
    + CASE WHEN fits1 IS NULL OR unsized IS NULL THEN size_lacks * 4 ELSE 0 END
    + CASE WHEN severe IS NULL THEN
        CASE WHEN county_risk IS NULL THEN 256 ELSE 0 END
        + CASE WHEN closed IS NULL THEN 512 + CASE WHEN static_management IS NULL THEN 1024 ELSE 0 END
          + CASE WHEN filed IS NULL THEN 2048 ELSE 0 END ELSE 0 END
        + CASE WHEN temporarily_in_difficulty IS NULL THEN 4096 ELSE 0 END ELSE 0 END
    ELSE 0 END AS "pension-deferral.1.missing",
  CASE WHEN fails1 <> 99 THEN 0::DECIMAL(18, 2) END AS "pension-deferral.1.amount",
  CAST(NULL AS DECIMAL(18, 2)) AS "pension-deferral.1.upper",
  CASE WHEN fails2 <> 99 THEN {{ineligible}} WHEN open2 THEN {{unknown}} ELSE {{eligible}} END AS "pension-deferral.2.verdict",
  fails2 AS "pension-deferral.2.fails",
  CASE WHEN fails2 = 99 AND open2 THEN
    CASE WHEN institution IS NULL THEN type_lacks ELSE 0 END
    + CASE WHEN grounds2 IS NULL THEN list_lacks * 4
      + CASE WHEN temporarily_in_difficulty IS NULL AND (wider IS NOT FALSE OR severe IS NULL) THEN 16 ELSE 0 END
      + CASE WHEN severe IS NULL THEN CASE WHEN county_risk IS NULL THEN 32 ELSE 0 END
        + CASE WHEN closed IS NULL THEN 64 + CASE WHEN static_management IS NULL THEN 128 ELSE 0 END
          + CASE WHEN filed IS NULL THEN 256 ELSE 0 END ELSE 0 END ELSE 0 END ELSE 0 END
    ELSE 0 END AS "pension-deferral.2.missing",
  CASE WHEN fails2 <> 99 THEN 0::DECIMAL(18, 2) END AS "pension-deferral.2.amount",
  CAST(NULL AS DECIMAL(18, 2)) AS "pension-deferral.2.upper",
  CASE WHEN fails3 <> 99 THEN {{ineligible}} WHEN open3 THEN {{unknown}} WHEN review3 OR settle THEN {{review}}
    ELSE {{eligible}} END AS "job-retention-refund.3.verdict",
  fails3 AS "job-retention-refund.3.fails",
  CASE WHEN fails3 = 99 AND (open3 OR price3 IS NULL) THEN
    CASE WHEN open3 THEN
      CASE WHEN payer IS NULL THEN type_lacks ELSE 0 END
      + CASE WHEN stable IS NULL AND NOT opened_empty THEN
          CASE WHEN lost IS NULL THEN 4 + CASE WHEN insured_last_year_start IS NULL THEN 8 ELSE 0 END ELSE 0 END
          + CASE WHEN insured_last_year_end IS NULL THEN 16 ELSE 0 END ELSE 0 END
      + CASE WHEN unemployment_contribution_months_last_year IS NULL THEN 32 ELSE 0 END
      + CASE WHEN seriously_dishonest IS NULL THEN 64 ELSE 0 END
      + CASE WHEN labour_dispatch IS NULL THEN 128 ELSE 0 END ELSE 0 END
    + CASE WHEN price3 IS NULL AND settle IS NOT TRUE THEN
        CASE WHEN org_type IS NULL AND rate IS NULL AND NOT (open3 AND payer IS NULL) THEN 1 ELSE 0 END
        + CASE WHEN unemployment_contributions_last_year IS NULL THEN 256 ELSE 0 END
        + CASE WHEN rate IS NULL AND reference IS NOT TRUE THEN size_lacks * 512
          + CASE WHEN unsized THEN 32768 ELSE 0 END ELSE 0 END ELSE 0 END
    ELSE 0 END AS "job-retention-refund.3.missing",
  CASE WHEN fails3 <> 99 THEN 0::DECIMAL(18, 2) WHEN NOT open3 THEN price3 END AS "job-retention-refund.3.amount",
  CASE WHEN fails3 = 99 AND (open3 OR price3 IS NULL) THEN coalesce(price3,
    CASE WHEN unemployment_contributions_last_year = 0 THEN 0::DECIMAL(18, 2)
      WHEN unsized IS NOT TRUE THEN CAST(unemployment_contributions_last_year * 0.9 AS DECIMAL(18, 2)) END)
    END AS "job-retention-refund.3.upper",
  CASE WHEN fails4 <> 99 THEN {{ineligible}} WHEN open4 THEN {{unknown}} WHEN review4 THEN {{review}}
    ELSE {{eligible}} END AS "stay-at-work-training.4.verdict",
  fails4 AS "stay-at-work-training.4.fails",
  CASE WHEN fails4 = 99 AND (open4 OR price4 IS NULL) THEN
    CASE WHEN payer IS NULL THEN type_lacks ELSE 0 END
    + CASE WHEN risk IS NULL THEN 4 ELSE 0 END
    + CASE WHEN NOT risk AND risk_review IS NULL THEN list_lacks * 8
      + CASE WHEN org_type IS NULL AND payer IS NOT NULL THEN 1 ELSE 0 END ELSE 0 END
    + CASE WHEN price4 IS NULL THEN 32 ELSE 0 END
    ELSE 0 END AS "stay-at-work-training.4.missing",
  CASE WHEN fails4 <> 99 THEN 0::DECIMAL(18, 2) WHEN NOT open4 THEN price4 END AS "stay-at-work-training.4.amount",
  CASE WHEN fails4 = 99 AND (open4 OR price4 IS NULL) THEN price4 END AS "stay-at-work-training.4.upper"
FROM lacking
