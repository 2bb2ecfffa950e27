-- The ledger's durable log. Written only by the writer of a shard, one statement a batch; never updated but for balances.
-- PostgreSQL subset that CockroachDB and YugabyteDB share, apart from the BRIN index and the guard triggers at the end.

CREATE TABLE ledger_batches (
    shard      smallint NOT NULL,
    no         bigint   NOT NULL CHECK (no > 0),
    epoch      bigint   NOT NULL,
    first_seq  bigint   NOT NULL,
    n          integer  NOT NULL CHECK (n > 0),
    last_event bigint   NOT NULL,
    posted_ms  bigint   NOT NULL,
    root       bytea    NOT NULL,
    prev_hash  bytea    NOT NULL,
    hash       bytea    NOT NULL,
    -- the fence: of two writers on a shard, one can append batch `no`
    PRIMARY KEY (shard, no)
);

-- Final balances as of the last batch. Ids are numbered from 0 by the engine in the order of first use.
CREATE TABLE ledger_accounts (
    shard    smallint NOT NULL,
    id       bigint   NOT NULL,
    kind     smallint NOT NULL,
    owner    uuid     NOT NULL,
    currency text     NOT NULL,
    balance  bigint   NOT NULL,
    version  bigint   NOT NULL CHECK (version > 0),
    PRIMARY KEY (shard, id),
    UNIQUE (shard, kind, owner, currency)
) WITH (fillfactor = 60);

-- One row a leg. A rejection, and a deal that moves nothing, is one row without accounts.
CREATE TABLE ledger_transfers (
    id             uuid     NOT NULL,
    subject        uuid     NOT NULL,
    seq            bigint   NOT NULL,
    batch          bigint   NOT NULL,
    ref_no         bigint   NOT NULL,
    event_ms       bigint   NOT NULL,
    amount         bigint   NOT NULL CHECK (amount >= 0),
    debit          bigint,
    debit_balance  bigint,
    debit_version  bigint,
    credit         bigint,
    credit_balance bigint,
    credit_version bigint,
    shard          smallint NOT NULL,
    leg            smallint NOT NULL,
    code           smallint NOT NULL,
    status         smallint NOT NULL,
    currency       text     NOT NULL,
    body           bytea    NOT NULL,
    -- the idempotency key, shard or not: leg 0 is always there
    PRIMARY KEY (id, leg)
);
CREATE INDEX ledger_transfers_seq ON ledger_transfers USING brin (seq) WITH (pages_per_range = 32, autosummarize = on);

-- Wallet events, in the order of `event_no`. Published up to the mark of ledger_outbox_marks; kept for resuming players.
CREATE TABLE ledger_outbox (
    shard      smallint NOT NULL,
    event_no   bigint   NOT NULL,
    player     uuid     NOT NULL,
    core_seq   bigint   NOT NULL,
    posted_ms  bigint   NOT NULL,
    currency   text     NOT NULL,
    cash_after bigint   NOT NULL,
    body       text     NOT NULL,
    trace      text,
    PRIMARY KEY (shard, event_no),
    UNIQUE (player, core_seq)
);

CREATE TABLE ledger_wallet_heads (
    shard    smallint NOT NULL,
    player   uuid     NOT NULL,
    core_seq bigint   NOT NULL,
    PRIMARY KEY (shard, player)
) WITH (fillfactor = 60);

CREATE TABLE ledger_outbox_marks (
    shard     smallint PRIMARY KEY,
    published bigint   NOT NULL
);

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER ledger_batches_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_batches
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_transfers_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfers
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_outbox_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_outbox
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_accounts_kept BEFORE DELETE OR TRUNCATE ON ledger_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
