-- How far each lease's log is folded. Written in the ledger's own transaction, so that money and progress can't part.
CREATE TABLE lease_progress (
    lease    uuid PRIMARY KEY,
    progress text NOT NULL,
    frozen   boolean NOT NULL DEFAULT false
);

-- How far each shard's stream is read: the fence of the settlement's writers.
CREATE TABLE settle_watermarks (
    shard      integer PRIMARY KEY,
    stream_seq bigint NOT NULL
);

-- One row a settled deal: the key makes settling twice impossible, whatever the broker redelivers.
CREATE TABLE settled_deals (
    lease     uuid NOT NULL,
    deal      bigint NOT NULL,
    player    uuid NOT NULL,
    game      text NOT NULL,
    stake     bigint NOT NULL,
    win       bigint NOT NULL,
    refund    bigint NOT NULL,
    void_code text NOT NULL,
    outcome   bytea NOT NULL,
    link      bytea NOT NULL,
    played_ms bigint NOT NULL,
    trace     text NOT NULL,
    PRIMARY KEY (lease, deal)
);
CREATE INDEX settled_deals_by_player ON settled_deals (player, played_ms DESC, deal DESC);

-- Records that could not be folded: kept whole, settled by an operator by the written procedure.
CREATE TABLE quarantined_records (
    shard      integer NOT NULL,
    stream_seq bigint NOT NULL,
    subject    text NOT NULL,
    fault      text NOT NULL,
    payload    bytea NOT NULL,
    seen_ms    bigint NOT NULL,
    PRIMARY KEY (shard, stream_seq)
);

-- What an edge told its player beside what the core computed, where the two differ. Money follows the core.
CREATE TABLE mismatches (
    lease     uuid NOT NULL,
    deal      bigint NOT NULL,
    edge      text NOT NULL,
    told_link bytea NOT NULL,
    told_win  bigint NOT NULL,
    link      bytea NOT NULL,
    win       bigint NOT NULL,
    seen_ms   bigint NOT NULL,
    PRIMARY KEY (lease, deal, edge)
);
