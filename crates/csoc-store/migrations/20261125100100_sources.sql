-- Git repositories that declare commons, or hold charts or releases.
CREATE TABLE sources (
    id TEXT PRIMARY KEY NOT NULL,
    organization TEXT NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    location TEXT NOT NULL,
    branch TEXT NOT NULL,
    -- JSON list: other URLs under which Applications name it.
    aliases TEXT NOT NULL,
    auth TEXT NOT NULL,
    auth_user TEXT,
    -- Encrypted by the server.
    credential BLOB,
    interval_s BIGINT NOT NULL,
    -- Encrypted by the server.
    webhook_secret BLOB,
    created_at BIGINT NOT NULL,
    disabled BOOLEAN NOT NULL,
    -- JSON: last fetch, its error, head, ...
    state TEXT NOT NULL,
    state_at BIGINT,
    UNIQUE (organization, name)
);
