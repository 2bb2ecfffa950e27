-- The seeds room: one row a lease, its seed under the room's own key, and what was ever done with it.

CREATE TABLE seeds (
    lease       uuid     PRIMARY KEY,
    commit_hash bytea    NOT NULL UNIQUE,
    key_id      bytea    NOT NULL,
    nonce       bytea    NOT NULL,
    ciphertext  bytea    NOT NULL,
    state       text     NOT NULL,
    made_ms     bigint   NOT NULL,
    ended_ms    bigint,
    CONSTRAINT seeds_state CHECK (state IN ('live', 'burnt', 'revealed')),
    CONSTRAINT seeds_ended CHECK ((state = 'live') = (ended_ms IS NULL)),
    CONSTRAINT seeds_lengths CHECK (
        length(commit_hash) = 32 AND length(key_id) = 8 AND length(nonce) = 12 AND length(ciphertext) = 48)
);

-- Every reseeding of the generator and every use of a seed. Rows are only ever added.
CREATE TABLE seed_log (
    id     uuid   PRIMARY KEY,
    at_ms  bigint NOT NULL,
    lease  uuid,
    event  text   NOT NULL,
    detail text   NOT NULL,
    CONSTRAINT seed_log_event CHECK (event IN ('reseeded', 'made', 'sealed', 'settled', 'replayed', 'revealed', 'burnt'))
);
CREATE INDEX seed_log_by_lease ON seed_log (lease, at_ms);
