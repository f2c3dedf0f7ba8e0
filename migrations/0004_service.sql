-- What the service needs to run.

-- The library as it was, whole: a text names the edition its words came from.
CREATE TABLE editions (
    number     BIGINT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,         -- SHA-256 over its files
    files      TEXT NOT NULL,                -- JSON: path to content
    made_at    TIMESTAMPTZ NOT NULL
);

-- Named leases: of several processes, one does each duty.
CREATE TABLE duties (
    name       TEXT PRIMARY KEY,
    holder     UUID NOT NULL,
    until      TIMESTAMPTZ NOT NULL
);

-- Senders that may not send for now.
CREATE TABLE sender_holds (
    sender     TEXT PRIMARY KEY,
    until      TIMESTAMPTZ NOT NULL,
    reason     TEXT NOT NULL
);

-- Segments a sender was charged with, by UTC day.
CREATE TABLE sender_days (
    sender     TEXT NOT NULL,
    day        DATE NOT NULL,
    segments   BIGINT NOT NULL,
    PRIMARY KEY (sender, day)
);

-- What an operator must know of.
CREATE TABLE alarms (
    id         UUID PRIMARY KEY,
    at         TIMESTAMPTZ NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,                -- sender, subscriber id, program …; never a number or a text
    detail     TEXT NOT NULL
);

CREATE INDEX alarms_by_kind ON alarms (kind, subject, at);

-- Who changed what.
CREATE TABLE audit (
    id            UUID PRIMARY KEY,
    at            TIMESTAMPTZ NOT NULL,
    actor         TEXT NOT NULL,             -- subscriber, provider, or an operator's name
    action        TEXT NOT NULL,
    subscriber_id UUID,
    detail        TEXT NOT NULL
);

CREATE INDEX audit_of ON audit (subscriber_id, at);

-- Facts about this database as a whole, such as that its people are made up.
CREATE TABLE facts (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL
);
