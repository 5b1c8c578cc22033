-- What a claim is worth, so that a restart matches as before; NULL in rows of before: an Application.
ALTER TABLE commons_claims ADD COLUMN strength TEXT;
-- Made while its hostname was contested.
ALTER TABLE commons_claims ADD COLUMN contested BOOLEAN NOT NULL DEFAULT FALSE;

-- The landing that wrote the line a finding stands on, and the file's content for which that was found out.
ALTER TABLE findings ADD COLUMN since_at BIGINT;
ALTER TABLE findings ADD COLUMN since_commit TEXT;
ALTER TABLE findings ADD COLUMN since_by TEXT;
ALTER TABLE findings ADD COLUMN since_blob TEXT;
