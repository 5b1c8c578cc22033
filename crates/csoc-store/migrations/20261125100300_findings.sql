-- Failed checks with their life, and the waivers of them.
CREATE TABLE findings (
    id TEXT PRIMARY KEY NOT NULL,
    organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    source TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    commons TEXT REFERENCES commons (id) ON DELETE SET NULL,
    cluster TEXT REFERENCES clusters (id) ON DELETE SET NULL,
    rule TEXT NOT NULL,
    -- 0 info ... 4 critical.
    severity BIGINT NOT NULL,
    -- What makes it the same finding tomorrow.
    fingerprint TEXT NOT NULL,
    path TEXT NOT NULL,
    line BIGINT NOT NULL,
    col BIGINT NOT NULL,
    message TEXT NOT NULL,
    help TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    first_commit TEXT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    resolved_at BIGINT,
    reopened BIGINT NOT NULL,
    UNIQUE (source, fingerprint)
);
CREATE INDEX findings_organization ON findings (organization);
CREATE INDEX findings_commons ON findings (commons);
CREATE INDEX findings_cluster ON findings (cluster);
CREATE INDEX findings_rule ON findings (rule);

CREATE TABLE waivers (
    id TEXT PRIMARY KEY NOT NULL,
    organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    -- With a rule: all its findings in the organization, or in one commons of it. Without: those listed.
    rule TEXT,
    commons TEXT REFERENCES commons (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    person TEXT REFERENCES people (id) ON DELETE SET NULL,
    person_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_by TEXT
);
CREATE INDEX waivers_organization ON waivers (organization);
CREATE INDEX waivers_rule ON waivers (rule);

CREATE TABLE waiver_findings (
    waiver TEXT NOT NULL REFERENCES waivers (id) ON DELETE CASCADE,
    finding TEXT NOT NULL REFERENCES findings (id) ON DELETE CASCADE,
    PRIMARY KEY (waiver, finding)
);
CREATE INDEX waiver_findings_finding ON waiver_findings (finding);
