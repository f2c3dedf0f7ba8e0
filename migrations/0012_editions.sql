-- Editions are published by somebody, for a reason. One that says the same as an earlier one (a rollback) is a new
-- edition with the earlier one's hash.
CREATE TABLE editions_anew (
    number     BIGINT PRIMARY KEY,
    hash       TEXT NOT NULL,                -- SHA-256 over its files
    files      TEXT NOT NULL,                -- JSON: path to content
    made_at    TIMESTAMPTZ NOT NULL,
    made_by    TEXT NOT NULL,                -- whoever published it; a start of the service calls itself so
    reason     TEXT NOT NULL                 -- why, in their words
);

INSERT INTO editions_anew SELECT number, hash, files, made_at, 'start of the service', '' FROM editions;
DROP TABLE editions;
ALTER TABLE editions_anew RENAME TO editions;

-- Tips that are not sent any more, until somebody lifts it.
CREATE TABLE recalls (
    tip        TEXT PRIMARY KEY,
    at         TIMESTAMPTZ NOT NULL,
    made_by    TEXT NOT NULL,
    reason     TEXT NOT NULL
);

-- The words of recalled tips as editions had them: what is queued with them does not go.
CREATE TABLE recalled_words (
    hash       BYTEA NOT NULL,               -- as in wordings
    tip        TEXT NOT NULL,
    PRIMARY KEY (hash, tip)
);

-- Who is told what was wrong with a tip: each once, however often the command is given.
CREATE TABLE corrections (
    tip           TEXT NOT NULL,
    recalled_at   TIMESTAMPTZ NOT NULL,      -- of which recall
    subscriber_id UUID NOT NULL,
    outbox_id     UUID NOT NULL,
    PRIMARY KEY (tip, recalled_at, subscriber_id)
);
