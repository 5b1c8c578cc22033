-- Agents: which key belongs to which cluster, and the tokens that let a new key in.
CREATE TABLE agents (
    cluster TEXT PRIMARY KEY NOT NULL REFERENCES clusters (id) ON DELETE CASCADE,
    -- `sha256:` and hex, of the agent's public key. A certificate with another key opens nothing.
    key_fingerprint TEXT NOT NULL,
    -- The cluster's own name for itself: the uid of its kube-system namespace.
    cluster_uid TEXT NOT NULL,
    version TEXT NOT NULL,
    mode TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE join_tokens (
    id TEXT PRIMARY KEY NOT NULL,
    cluster TEXT NOT NULL REFERENCES clusters (id) ON DELETE CASCADE,
    -- SHA-256 of the secret.
    secret_hash BLOB NOT NULL,
    -- Whether another Kubernetes cluster may take the place of the one that joined before.
    replaces BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX join_tokens_cluster ON join_tokens (cluster);
