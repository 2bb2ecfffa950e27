-- The leases room: a lease from its offer to its settlement, the money that went into it, and the games it may play.

CREATE TABLE leases (
    lease           uuid    PRIMARY KEY,
    player          uuid    NOT NULL,
    state           text    NOT NULL,
    epoch           int     NOT NULL,
    edge            text    NOT NULL,
    region          text    NOT NULL,
    dealer          text    NOT NULL,
    log_region      text    NOT NULL,
    currency        text    NOT NULL,
    escrow_minor    bigint  NOT NULL,
    commit_hash     bytea   NOT NULL,
    player_tag      bytea   NOT NULL,
    offer_signature bytea   NOT NULL,
    offer_ms        bigint  NOT NULL,
    expires_ms      bigint  NOT NULL,
    max_rounds      bigint  NOT NULL,
    granted_ms      bigint,
    valid_until_ms  bigint  NOT NULL,
    terms           text,
    opened          text,
    reason          text,
    closed          text,
    changed_ms      bigint  NOT NULL,
    next_ms         bigint  NOT NULL,
    tries           int     NOT NULL,
    CONSTRAINT leases_state
        CHECK (state IN ('offered', 'granted', 'open', 'closing', 'closed', 'settled', 'refused')),
    CONSTRAINT leases_escrow CHECK (escrow_minor > 0),
    CONSTRAINT leases_terms CHECK (state IN ('offered', 'refused') OR terms IS NOT NULL),
    CONSTRAINT leases_opened CHECK (state <> 'open' OR opened IS NOT NULL),
    CONSTRAINT leases_closed CHECK (state <> 'closed' OR closed IS NOT NULL)
) WITH (fillfactor = 70);
-- One offer or lease a player. One that is closing holds its escrow and is in nobody's way.
CREATE UNIQUE INDEX leases_one_active ON leases (player) WHERE state IN ('offered', 'granted', 'open');
CREATE INDEX leases_unsettled ON leases (state, next_ms) WHERE state NOT IN ('settled', 'refused');
-- Settled leases whose seed is not yet marked as revealed.
CREATE INDEX leases_to_reveal ON leases (lease) WHERE state = 'settled' AND next_ms = 0;
CREATE INDEX leases_by_player ON leases (player, lease);
CREATE INDEX leases_by_dealer ON leases (dealer, lease) WHERE state = 'open';

-- Each attempt to put more money into a lease. It ends as one of written, returned, rejected.
CREATE TABLE lease_topups (
    lease        uuid   NOT NULL,
    attempt      int    NOT NULL,
    state        text   NOT NULL,
    amount_minor bigint NOT NULL,
    grant_no     int,
    record       text,
    made_ms      bigint NOT NULL,
    next_ms      bigint NOT NULL,
    tries        int    NOT NULL,
    PRIMARY KEY (lease, attempt),
    CONSTRAINT lease_topups_state CHECK (state IN ('moving', 'moved', 'written', 'returning', 'returned', 'rejected')),
    CONSTRAINT lease_topups_amount CHECK (amount_minor > 0),
    CONSTRAINT lease_topups_grant CHECK ((grant_no IS NULL) = (state IN ('moving', 'rejected'))),
    CONSTRAINT lease_topups_record CHECK ((state = 'written') = (record IS NOT NULL))
);
-- At most one of a lease is on its way.
CREATE UNIQUE INDEX lease_topups_one_pending ON lease_topups (lease) WHERE state IN ('moving', 'moved', 'returning');
CREATE INDEX lease_topups_due ON lease_topups (next_ms) WHERE state IN ('moving', 'moved', 'returning');

-- Rounds that a closed lease left unfinished: the player's next lease in that currency goes on with the oldest.
CREATE TABLE carried_rounds (
    from_lease uuid   PRIMARY KEY,
    player     uuid   NOT NULL,
    currency   text   NOT NULL,
    round      text   NOT NULL,
    taken_by   uuid   UNIQUE
);
CREATE INDEX carried_rounds_waiting ON carried_rounds (player, currency, from_lease) WHERE taken_by IS NULL;

-- What is on offer now, by name.
CREATE TABLE games (
    game         text   PRIMARY KEY,
    digest       bytea  NOT NULL,
    params       bytea  NOT NULL,
    title        text   NOT NULL,
    enabled      bool   NOT NULL,
    changed_ms   bigint NOT NULL
);

-- Every release that was ever on offer: an open round goes on with the bytes that began it.
CREATE TABLE game_releases (
    digest       bytea  NOT NULL,
    params       bytea  NOT NULL,
    game         text   NOT NULL,
    config       text   NOT NULL,
    min_cycle_ms bigint NOT NULL,
    first_ms     bigint NOT NULL,
    PRIMARY KEY (digest, params, game)
);

-- Components that trapped or broke a bound that they declared. No deal is bound for them any more.
CREATE TABLE quarantined_components (
    digest bytea  PRIMARY KEY,
    cause  text   NOT NULL,
    at_ms  bigint NOT NULL
);
