-- Counts that no page could make while somebody waits: of texts that have ended, of texts received, of tips that were not
-- sent, of enrollments. They are made anew bucket by bucket (flows::tallying), and hold no person.

-- Which hours were counted, and when last.
CREATE TABLE tallied (
    at         TIMESTAMPTZ PRIMARY KEY,      -- the hour's beginning
    counted_at TIMESTAMPTZ NOT NULL
);

-- Texts that have ended, by the hour in which they were queued, and by the day (UTC).
CREATE TABLE tallies (
    hours      SMALLINT NOT NULL,            -- 1: an hour; 24: a day
    at         TIMESTAMPTZ NOT NULL,         -- its beginning
    program    TEXT NOT NULL,                -- '': of none
    sender     TEXT NOT NULL,
    gateway    TEXT NOT NULL,                -- by which the last try went; '': there was none
    language   TEXT NOT NULL,
    kind       TEXT NOT NULL,                -- store::outbox::Kind
    state      SMALLINT NOT NULL,            -- domain::delivery::State, 4 and above
    taken      BOOLEAN NOT NULL,             -- the gateway had taken it: one that failed did so on the way
    code       TEXT NOT NULL,                -- the provider's code; '': none
    pace       SMALLINT NOT NULL,            -- how long it took to her, domain::pace; -1: it is not known to have come
    texts      BIGINT NOT NULL,
    segments   BIGINT NOT NULL,
    PRIMARY KEY (hours, at, program, sender, gateway, language, kind, state, taken, code, pace)
);

-- The same by the beginning of the number, which has too many values to stand beside the others.
CREATE TABLE prefix_tallies (
    hours      SMALLINT NOT NULL,            -- as in tallies
    at         TIMESTAMPTZ NOT NULL,
    prefix     TEXT NOT NULL,                -- the number's first five characters: +1202, +7916
    program    TEXT NOT NULL,
    sender     TEXT NOT NULL,
    gateway    TEXT NOT NULL,
    state      SMALLINT NOT NULL,
    taken      BOOLEAN NOT NULL,
    code       TEXT NOT NULL,
    texts      BIGINT NOT NULL,
    PRIMARY KEY (hours, at, prefix, program, sender, gateway, state, taken, code)
);

-- Texts received, by the hour in which they came.
CREATE TABLE inbound_tallies (
    hours      SMALLINT NOT NULL,            -- as in tallies
    at         TIMESTAMPTZ NOT NULL,
    program    TEXT NOT NULL,                -- in which she enrolled last; '': in none
    sender     TEXT NOT NULL,
    intent     TEXT NOT NULL,                -- what they were taken for; '': they wait, or were given up
    texts      BIGINT NOT NULL,
    PRIMARY KEY (hours, at, program, sender, intent)
);

-- Tips that were due and not queued, by the hour in which they were planned.
CREATE TABLE skip_tallies (
    hours      SMALLINT NOT NULL,            -- as in tallies
    at         TIMESTAMPTZ NOT NULL,
    program    TEXT NOT NULL,
    sender     TEXT NOT NULL,
    language   TEXT NOT NULL,
    outcome    TEXT NOT NULL,                -- store::planned::Outcome: no_tip, expired, repeat, no_window
    texts      BIGINT NOT NULL,
    PRIMARY KEY (hours, at, program, sender, language, outcome)
);

-- Who is enrolled, as of the last census.
CREATE TABLE census (
    program     TEXT NOT NULL,
    language    TEXT NOT NULL,
    state       TEXT NOT NULL,               -- as in enrollments
    anchor_kind TEXT NOT NULL,               -- due, born; '': not active
    anchor_date DATE NOT NULL,               -- not active: 2000-01-01
    people      BIGINT NOT NULL,
    PRIMARY KEY (program, language, state, anchor_kind, anchor_date)
);

-- Gateways that are left alone because of trouble. A row comes and goes with the trouble, never with a text.
CREATE TABLE circuits (
    sender     TEXT NOT NULL,
    gateway    TEXT NOT NULL,
    open_since TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (sender, gateway)
);

-- Which texts of the history did not arrive, found by why. It is written by whoever counts, and is no index of the
-- history, because one that knows a text's state would have PostgreSQL write every index anew with every report.
CREATE TABLE unarrived (
    id         UUID PRIMARY KEY,             -- as in history; its state there counts, this only leads to it
    state      SMALLINT NOT NULL,            -- 7 failed, 8 expired, 9 canceled
    code       TEXT NOT NULL                 -- the provider's code; '': none
);

CREATE INDEX unarrived_by_state ON unarrived (state, id);
CREATE INDEX unarrived_by_code ON unarrived (code, id);

-- Of reports only those that say why a text did not arrive are looked up by its try.
CREATE INDEX reports_troubled ON reports (attempt_id) WHERE evidence = 'failed' OR evidence IS NULL;
-- Seldom, and asked for by time.
CREATE INDEX planned_skipped ON planned (planned_at) WHERE outcome <> 'queued';
