-- The limit of an import: COPY into a staging table and one merge that keeps history, events and audit as we do.
\set ON_ERROR_STOP on
BEGIN;
CREATE TEMP TABLE staging (
    name text, type text, sector text, ownership text, county_terc text, commune_terc text, locality text, street text,
    building text, postcode text, post_office text, latitude double precision, longitude double precision, phone text,
    email text, website text, rspo text, regon text, nip text, running_body text, places integer, enrolled integer,
    is_accessible boolean, opened_on date, external_id text
) ON COMMIT DROP;
\copy staging FROM 'rows.csv' WITH (FORMAT csv, HEADER true)
ANALYZE staging;
WITH compared AS (
    SELECT staging.*, known.id,
           CASE WHEN known.id IS NULL THEN 'created'
                WHEN (known.name, known.type, known.sector, known.ownership, known.county_terc, known.commune_terc,
                      known.locality, known.street, known.building, known.postcode, known.post_office, known.latitude,
                      known.longitude, known.phone, known.email, known.website, known.rspo, known.regon, known.nip,
                      known.running_body, known.places, known.enrolled, known.is_accessible, known.opened_on)
                     IS DISTINCT FROM
                     (staging.name, staging.type, staging.sector, staging.ownership, staging.county_terc,
                      staging.commune_terc, staging.locality, staging.street, staging.building, staging.postcode,
                      staging.post_office, staging.latitude, staging.longitude, staging.phone, staging.email,
                      staging.website, staging.rspo, staging.regon, staging.nip, staging.running_body, staging.places,
                      staging.enrolled, staging.is_accessible, staging.opened_on) THEN 'changed'
                ELSE 'unchanged' END AS change
    FROM staging
    LEFT JOIN LATERAL (
        SELECT * FROM institutions WHERE source = 'generic' AND source_key = 'bench:' || staging.external_id
        UNION ALL
        SELECT * FROM institutions WHERE rspo = staging.rspo
        LIMIT 1
    ) AS known ON true
), kept AS (
    INSERT INTO institution_history (institution_id, version, valid_to, name, type, sector, ownership, county_terc,
        commune_terc, locality, street, building, postcode, post_office, latitude, longitude, phone, email, website,
        rspo, regon, nip, running_body, places, enrolled, is_accessible, accessibility, opened_on, source, source_key,
        valid_from)
    SELECT id, version, current_date, name, type, sector, ownership, county_terc, commune_terc, locality, street,
        building, postcode, post_office, latitude, longitude, phone, email, website, rspo, regon, nip, running_body,
        places, enrolled, is_accessible, accessibility, opened_on, source, source_key, valid_from
    FROM institutions WHERE id IN (SELECT id FROM compared WHERE change = 'changed')
), changed AS (
    UPDATE institutions AS institution SET (name, type, sector, ownership, county_terc, commune_terc, locality, street,
        building, postcode, post_office, latitude, longitude, phone, email, website, rspo, regon, nip, running_body,
        places, enrolled, is_accessible, opened_on, valid_from, version, changed_at)
      = ROW(c.name, c.type, c.sector, c.ownership, c.county_terc, c.commune_terc, c.locality, c.street, c.building,
        c.postcode, c.post_office, c.latitude, c.longitude, c.phone, c.email, c.website, c.rspo, c.regon, c.nip,
        c.running_body, c.places, c.enrolled, c.is_accessible, c.opened_on, current_date, institution.version + 1,
        now())
    FROM compared AS c WHERE c.change = 'changed' AND institution.id = c.id
    RETURNING institution.id, institution.version, institution.county_terc, 'changed' AS change
), created AS (
    INSERT INTO institutions (name, type, sector, ownership, county_terc, commune_terc, locality, street, building,
        postcode, post_office, latitude, longitude, phone, email, website, rspo, regon, nip, running_body, places,
        enrolled, is_accessible, opened_on, source, source_key, valid_from)
    SELECT name, type, sector, ownership, county_terc, commune_terc, locality, street, building, postcode, post_office,
        latitude, longitude, phone, email, website, rspo, regon, nip, running_body, places, enrolled, is_accessible,
        opened_on, 'generic', 'bench:' || external_id, opened_on
    FROM compared WHERE change = 'created'
    RETURNING id, version, county_terc, 'created' AS change
), done AS (
    SELECT 'institutions/' || id AS subject, version, county_terc, change
    FROM (SELECT * FROM changed UNION ALL SELECT * FROM created) AS institution
), told AS (
    INSERT INTO events (type, subject, subject_version, county_terc, data, trace_id)
    SELECT 'registry.institution.' || change, subject, version, county_terc,
           jsonb_build_object('href', '/v1/registry/' || subject), repeat('0', 32)
    FROM done
), noted AS (
    INSERT INTO audit_records (actor, action, subject, outcome, county_terc, detail, trace_id)
    SELECT 'bench', 'import_institutions', subject, change, county_terc, '{}', repeat('0', 32)
    FROM done
)
SELECT (SELECT count(*) FROM compared WHERE change = 'unchanged'), (SELECT count(*) FROM done);
COMMIT;
