-- Texts received and texts to send. A row is written before anything acts on it.

CREATE TABLE inbox (
    id          UUID PRIMARY KEY,
    gateway     TEXT NOT NULL,
    provider_id TEXT NOT NULL,               -- the provider's own name for it: a repeated webhook adds nothing
    sender      TEXT NOT NULL,               -- which of our senders it was sent to
    phone       TEXT NOT NULL,               -- who sent it: E.164, or as received where it is no number
    body        TEXT NOT NULL,
    answered_by TEXT,                        -- stop, start, help: the provider answered her itself
    received_at TIMESTAMPTZ NOT NULL,
    state       SMALLINT NOT NULL,           -- 0 waiting, 1 leased, 2 handled, 3 given up
    tries       SMALLINT NOT NULL DEFAULT 0,
    next_try_at TIMESTAMPTZ NOT NULL,        -- waiting: not before; leased: when the lease ends
    lease       UUID,                        -- whose it is; a result counts only under the same lease
    handled_at  TIMESTAMPTZ,
    intent      TEXT,                        -- what it was taken for
    UNIQUE (gateway, provider_id)
);

CREATE INDEX inbox_waiting ON inbox (next_try_at) WHERE state < 2;
CREATE INDEX inbox_of ON inbox (phone, received_at);

-- Words without personal data, stored once and shared.
CREATE TABLE wordings (
    hash     BYTEA PRIMARY KEY,              -- SHA-256 of the body
    body     TEXT NOT NULL,
    encoding TEXT NOT NULL,                  -- GSM-7, UCS-2
    segments INTEGER NOT NULL
);

CREATE TABLE outbox (
    id               UUID PRIMARY KEY,
    subscriber_id    UUID NOT NULL REFERENCES subscribers (id),
    enrollment_id    UUID,
    inbox_id         UUID,                   -- the text it answers; null: unasked
    sender           TEXT NOT NULL,
    phone            TEXT NOT NULL,          -- E.164
    lane             SMALLINT NOT NULL,      -- 0 answers, 1 everything unasked
    kind             TEXT NOT NULL,          -- reply, tip, nudge, reminder
    language         TEXT NOT NULL,
    wording          BYTEA,                  -- the words, shared; or
    body             TEXT,                   -- the words, hers alone
    encoding         TEXT NOT NULL,
    segments         INTEGER NOT NULL,
    program          TEXT,
    edition          BIGINT,                 -- which edition of the library the words came from
    tip              TEXT,
    track            TEXT,
    week             INTEGER,
    occurs_on        DATE,                   -- her local day of the occurrence
    queued_at        TIMESTAMPTZ NOT NULL,
    not_after        TIMESTAMPTZ NOT NULL,   -- too late to be right from here on
    window_closes_at TIMESTAMPTZ,            -- unasked texts: the end of the window it was placed in
    state            SMALLINT NOT NULL,      -- domain::delivery::State
    next_try_at      TIMESTAMPTZ NOT NULL,   -- queued: not before; leased and sending: when the lease ends
    tries            SMALLINT NOT NULL DEFAULT 0,
    lease            UUID,
    ended_at         TIMESTAMPTZ,            -- when the last thing known of it became known
    code             TEXT,                   -- the provider's code for what went wrong
    reason           TEXT                    -- the same as a plain sentence
);

CREATE INDEX outbox_ready ON outbox (sender, lane, next_try_at) WHERE state = 0;
CREATE INDEX outbox_held ON outbox (next_try_at) WHERE state IN (1, 2);
CREATE INDEX outbox_doubtful ON outbox (next_try_at) WHERE state = 3;
CREATE INDEX outbox_of ON outbox (subscriber_id, queued_at);

-- One row a try, written before the send and closed after it. Its id is our name for the send.
CREATE TABLE attempts (
    id          UUID PRIMARY KEY,            -- the reference the gateway is given
    outbox_id   UUID NOT NULL REFERENCES outbox (id),
    number      SMALLINT NOT NULL,           -- 1 is the first
    gateway     TEXT NOT NULL,
    began_at    TIMESTAMPTZ NOT NULL,
    ended_at    TIMESTAMPTZ,
    outcome     TEXT,                        -- accepted, refused_recipient, refused_us, transient, ambiguous; null: open
    provider_id TEXT,
    code        TEXT,
    sentence    TEXT,
    UNIQUE (outbox_id, number)
);

CREATE INDEX attempts_by_provider ON attempts (gateway, provider_id);

-- What gateways said of our texts, raw, whether or not we understood it.
CREATE TABLE reports (
    id          UUID PRIMARY KEY,
    gateway     TEXT NOT NULL,
    attempt_id  UUID,                        -- null: not matched to a text of ours (yet)
    reference   UUID,                        -- our name for the send, as the gateway gave it back
    provider_id TEXT,
    status      TEXT NOT NULL,               -- the gateway's own word
    evidence    TEXT,                        -- what we take it for; null: unknown to us, flagged
    code        TEXT,
    opted_out   BOOLEAN NOT NULL,            -- it says that she opted out at the provider
    raw         TEXT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX reports_unmatched ON reports (gateway, provider_id) WHERE attempt_id IS NULL;
CREATE INDEX reports_of ON reports (attempt_id);
