-- What the sources declare: commons, the claims about them, clusters, and what each landing changed.
CREATE TABLE commons (
    id TEXT PRIMARY KEY NOT NULL,
    organization TEXT NOT NULL REFERENCES organizations (id),
    hostname TEXT,
    -- What people call it.
    name TEXT NOT NULL,
    -- JSON: what a person said over what the files say.
    corrections TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    gone_at BIGINT,
    -- The commons that this one turned out to be.
    merged_into TEXT REFERENCES commons (id)
);
CREATE INDEX commons_organization ON commons (organization);
CREATE INDEX commons_hostname ON commons (hostname);

CREATE TABLE commons_claims (
    id TEXT PRIMARY KEY NOT NULL,
    commons TEXT NOT NULL REFERENCES commons (id) ON DELETE CASCADE,
    source TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    folder TEXT NOT NULL,
    application TEXT,
    cluster TEXT,
    hostname TEXT,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    gone_at BIGINT
);
CREATE INDEX commons_claims_commons ON commons_claims (commons);
CREATE INDEX commons_claims_source ON commons_claims (source);

-- Two live claims that a person must decide.
CREATE TABLE commons_conflicts (
    id TEXT PRIMARY KEY NOT NULL,
    organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    hostname TEXT NOT NULL,
    -- JSON, in the server's own form.
    detail TEXT NOT NULL,
    since_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- JSON: what was decided, by whom, why.
    decision TEXT,
    decided_at BIGINT
);
CREATE INDEX commons_conflicts_organization ON commons_conflicts (organization);

CREATE TABLE clusters (
    id TEXT PRIMARY KEY NOT NULL,
    organization TEXT NOT NULL REFERENCES organizations (id),
    source TEXT REFERENCES sources (id) ON DELETE SET NULL,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    corrections TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    gone_at BIGINT,
    UNIQUE (source, folder)
);
CREATE INDEX clusters_organization ON clusters (organization);

CREATE TABLE landings (
    id TEXT PRIMARY KEY NOT NULL,
    source TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    commit_id TEXT NOT NULL,
    -- Counts from the source's first landing.
    seq BIGINT NOT NULL,
    time BIGINT NOT NULL,
    author TEXT NOT NULL,
    title TEXT NOT NULL,
    pull_request BIGINT,
    class TEXT NOT NULL,
    -- JSON: what a list shows of it.
    summary TEXT NOT NULL,
    undoes TEXT REFERENCES landings (id) ON DELETE SET NULL,
    undone_by TEXT REFERENCES landings (id) ON DELETE SET NULL,
    -- All of it, JSON, zstd.
    detail BLOB NOT NULL,
    UNIQUE (source, commit_id),
    UNIQUE (source, seq)
);
CREATE INDEX landings_time ON landings (time, id);
CREATE INDEX landings_undoes ON landings (undoes);
CREATE INDEX landings_undone_by ON landings (undone_by);

-- What a landing is found by: kind commons, cluster, service, tag, ...
CREATE TABLE landing_words (
    landing TEXT NOT NULL REFERENCES landings (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (kind, word, landing)
);
CREATE INDEX landing_words_landing ON landing_words (landing);

-- The last known state of a source, so that a restart shows it at once.
CREATE TABLE snapshots (
    source TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    commit_id TEXT NOT NULL,
    -- zstd.
    content BLOB NOT NULL,
    PRIMARY KEY (source, kind)
);
