CREATE TABLE players (
    id            uuid PRIMARY KEY,
    name          text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    status        text NOT NULL,
    created_ms    bigint NOT NULL
);

-- Refresh tokens: opaque, kept as their SHA-256, good once. All that descend from one log-in share its session.
CREATE TABLE refresh_tokens (
    hash       bytea PRIMARY KEY,
    session    uuid NOT NULL,
    player     uuid NOT NULL REFERENCES players (id),
    expires_ms bigint NOT NULL,
    used_ms    bigint
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session);

CREATE TABLE revoked_sessions (
    session    uuid PRIMARY KEY,
    revoked_ms bigint NOT NULL
);
