-- What was done, chained: each hash covers the row and the hash before it. See csoc_core::audit.
CREATE TABLE audit (
    seq BIGINT PRIMARY KEY NOT NULL,
    time BIGINT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    credential_kind TEXT NOT NULL,
    credential_id TEXT,
    address TEXT,
    request_id TEXT,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT,
    object_name TEXT,
    organization TEXT,
    result TEXT NOT NULL,
    -- The started row that this one ends.
    intent BIGINT,
    detail TEXT,
    hash BLOB NOT NULL
);
CREATE INDEX audit_time ON audit (time);
CREATE INDEX audit_organization ON audit (organization, seq);
CREATE INDEX audit_actor ON audit (actor_id, seq);
CREATE INDEX audit_object ON audit (object_kind, object_id, seq);
CREATE INDEX audit_intent ON audit (intent) WHERE intent IS NOT NULL;
CREATE INDEX audit_started ON audit (seq) WHERE result = 'started';

-- Signed statements about rows; the key is not here.
CREATE TABLE audit_marks (
    kind TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash BLOB NOT NULL,
    time BIGINT NOT NULL,
    key TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (kind, seq, key, signature)
);
