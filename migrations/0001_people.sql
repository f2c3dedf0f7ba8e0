-- Who we text, with whose consent, in which program. One set of statements for SQLite and PostgreSQL.

CREATE TABLE subscribers (
    id          UUID PRIMARY KEY,
    phone       TEXT NOT NULL UNIQUE,        -- E.164
    region      TEXT,                        -- ISO 3166 region of the number, where the plan tells
    language    TEXT,                        -- ISO 639, the language last spoken with her
    place       TEXT,                        -- ZIP, postcode or city as she gave it
    zone        TEXT,                        -- IANA zone; null: unsure, only hours common to all zones are used
    zone_origin TEXT NOT NULL DEFAULT 'none',-- why we believe it: place, none
    stopped_at  TIMESTAMPTZ,                 -- since when nothing unasked may go out
    stopped_by  TEXT,                        -- keyword, provider
    blocked_at  TIMESTAMPTZ,                 -- since when the provider itself refuses to text her
    refused_at  TIMESTAMPTZ,                 -- when she was told that no program serves her country
    hinted_at   TIMESTAMPTZ,                 -- when a text that answered no question was last answered
    echo        TEXT,                        -- digest of her last text, to notice an auto-responder
    echoes      INTEGER NOT NULL DEFAULT 0,  -- how often in a row she sent just that
    echo_at     TIMESTAMPTZ,                 -- when she sent it last; after a day it is no echo any more
    created_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE enrollments (
    id            UUID PRIMARY KEY,
    subscriber_id UUID NOT NULL REFERENCES subscribers (id),
    program       TEXT NOT NULL,
    sender        TEXT NOT NULL,             -- the sender she enrolled through and hears from
    language      TEXT NOT NULL,
    state         TEXT NOT NULL,             -- active, stopped, frozen, replaced, completed
    reason        TEXT,                      -- why it is in that state, as a plain sentence
    state_since   TIMESTAMPTZ NOT NULL,
    anchor_kind   TEXT NOT NULL,             -- due, born
    anchor_date   DATE NOT NULL,
    enrolled_at   TIMESTAMPTZ NOT NULL,
    enrolled_on   DATE NOT NULL,             -- her local date then; the starter pack begins the day after
    next_on       DATE,                      -- her local date of the next occurrence
    next_at       TIMESTAMPTZ                -- when it is due; null: nothing to plan
);

CREATE INDEX enrollments_due ON enrollments (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX enrollments_of ON enrollments (subscriber_id);

-- The proof of consent: the exact words shown and answered. Rows are added, never changed.
CREATE TABLE consents (
    id            UUID PRIMARY KEY,
    subscriber_id UUID NOT NULL REFERENCES subscribers (id),
    enrollment_id UUID,
    program       TEXT,                      -- null: every program on that phone
    sender        TEXT NOT NULL,
    action        TEXT NOT NULL,             -- opt_in, opt_out, freeze
    exchange      TEXT NOT NULL,             -- JSON list of {"shown", "shown_at", "answered", "answered_at"}
    at            TIMESTAMPTZ NOT NULL
);

CREATE INDEX consents_of ON consents (subscriber_id, at);

-- A question that waits for her answer: one a phone at most.
CREATE TABLE conversations (
    subscriber_id UUID PRIMARY KEY REFERENCES subscribers (id),
    sender        TEXT NOT NULL,
    program       TEXT NOT NULL,
    language      TEXT NOT NULL,
    step          TEXT NOT NULL,             -- JSON: which question, and what it is about
    exchange      TEXT NOT NULL,             -- JSON: what was shown and answered so far, for the consent record
    unread        BOOLEAN NOT NULL,          -- an answer that made no sense was already met with help
    opened_at     TIMESTAMPTZ NOT NULL,
    nudge_at      TIMESTAMPTZ,               -- when to remind her once; null: done, or not to be
    expires_at    TIMESTAMPTZ NOT NULL       -- when it is dropped
);

CREATE INDEX conversations_nudge ON conversations (nudge_at) WHERE nudge_at IS NOT NULL;
CREATE INDEX conversations_expire ON conversations (expires_at);
