-- The queue stays small: `outbox` holds what waits, is on the wire or is in doubt; what has ended moves to
-- `history` in the transaction that ends it. An open try is the row itself (state 2, tries, began_at); a try
-- that ended without ending its text becomes a row of `attempts`; the try that ended it stands in `history`.
--
-- Neither table is indexed by subscriber for tips: `planned` names each tip's text, and an index by subscriber
-- would dirty a page of its own for every text that goes out.

CREATE TABLE history (
    id               UUID PRIMARY KEY,       -- as in the outbox
    subscriber_id    UUID NOT NULL,
    enrollment_id    UUID,
    inbox_id         UUID,                   -- the text it answered; null: unasked
    sender           TEXT NOT NULL,
    phone            TEXT NOT NULL,
    lane             SMALLINT NOT NULL,
    kind             TEXT NOT NULL,
    language         TEXT NOT NULL,
    wording          BYTEA,
    body             TEXT,
    encoding         TEXT NOT NULL,
    segments         INTEGER NOT NULL,
    program          TEXT,
    edition          BIGINT,
    tip              TEXT,
    track            TEXT,
    week             INTEGER,
    occurs_on        DATE,
    queued_at        TIMESTAMPTZ NOT NULL,
    not_after        TIMESTAMPTZ NOT NULL,
    tries            SMALLINT NOT NULL,      -- how often it was tried; the last try's end stands here
    gateway          TEXT,                   -- by which gateway the last try went; null: there was none
    began_at         TIMESTAMPTZ,            -- when the last try began
    state            SMALLINT NOT NULL,      -- domain::delivery::State, 4 and above
    ended_at         TIMESTAMPTZ NOT NULL,   -- when the last thing known of it became known
    code             TEXT,                   -- the provider's code for what went wrong
    reason           TEXT,                   -- the same as a plain sentence
    provider_id      TEXT,                   -- the provider's name for the last try
    provider_key     TEXT                    -- the same, where the gateway's reports carry no name of ours
);

INSERT INTO history
SELECT o.id, o.subscriber_id, o.enrollment_id, o.inbox_id, o.sender, o.phone, o.lane, o.kind, o.language,
       o.wording, o.body, o.encoding, o.segments, o.program, o.edition, o.tip, o.track, o.week, o.occurs_on,
       o.queued_at, o.not_after, o.tries, a.gateway, a.began_at, o.state, COALESCE(o.ended_at, o.queued_at),
       o.code, o.reason, a.provider_id, a.provider_id
  FROM outbox o LEFT JOIN attempts a ON a.outbox_id = o.id AND a.number = o.tries
 WHERE o.state >= 4;

CREATE INDEX history_answers ON history (subscriber_id, queued_at) WHERE kind <> 'tip';
CREATE INDEX history_keys ON history (provider_key) WHERE provider_key IS NOT NULL;

CREATE TABLE waiting (
    id               UUID PRIMARY KEY,       -- its last 16 bits are 0: a try's name has its number there
    subscriber_id    UUID NOT NULL,
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
    program          TEXT NOT NULL,          -- whose turn it takes among the programs of its sender
    edition          BIGINT,                 -- which edition of the library the words came from
    tip              TEXT,
    track            TEXT,
    week             INTEGER,
    occurs_on        DATE,                   -- her local day of the occurrence
    queued_at        TIMESTAMPTZ NOT NULL,
    not_after        TIMESTAMPTZ NOT NULL,   -- too late to be right from here on
    window_closes_at TIMESTAMPTZ,            -- unasked texts: the end of the window it was placed in
    state            SMALLINT NOT NULL,      -- 0 queued, 2 sending, 3 in doubt
    next_try_at      TIMESTAMPTZ NOT NULL,   -- queued: not before; in doubt: when to look again
    tries            SMALLINT NOT NULL DEFAULT 0, -- begun so far: a result counts only for the last of them
    gateway          TEXT,                   -- by which gateway the last try went
    began_at         TIMESTAMPTZ,            -- when it began
    code             TEXT,                   -- why the last try came to nothing
    reason           TEXT
);

INSERT INTO waiting
SELECT o.id, o.subscriber_id, o.enrollment_id, o.inbox_id, o.sender, o.phone, o.lane, o.kind, o.language,
       o.wording, o.body, o.encoding, o.segments, COALESCE(o.program, ''), o.edition, o.tip, o.track, o.week,
       o.occurs_on, o.queued_at, o.not_after, o.window_closes_at,
       CASE o.state WHEN 1 THEN 0 ELSE o.state END, o.next_try_at, o.tries, a.gateway, a.began_at, o.code,
       o.reason
  FROM outbox o LEFT JOIN attempts a ON a.outbox_id = o.id AND a.number = o.tries
 WHERE o.state < 4;

-- Tries that came to nothing.
CREATE TABLE past_attempts (
    text_id     UUID NOT NULL,
    number      SMALLINT NOT NULL,           -- 1 is the first
    gateway     TEXT NOT NULL,
    began_at    TIMESTAMPTZ NOT NULL,
    ended_at    TIMESTAMPTZ NOT NULL,
    outcome     TEXT NOT NULL,               -- refused_us, transient, ambiguous
    code        TEXT,
    sentence    TEXT,
    PRIMARY KEY (text_id, number)
);

INSERT INTO past_attempts
SELECT a.outbox_id, a.number, a.gateway, a.began_at, a.ended_at, a.outcome, a.code, a.sentence
  FROM attempts a JOIN outbox o ON o.id = a.outbox_id
 WHERE a.ended_at IS NOT NULL AND a.outcome IS NOT NULL AND (o.state < 4 OR a.number < o.tries);

DROP TABLE attempts;
DROP TABLE outbox;
ALTER TABLE past_attempts RENAME TO attempts;
ALTER TABLE waiting RENAME TO outbox;

-- Answers in the order in which they are due; everything unasked the same by program, so that programs that
-- share a sender take turns. The id makes each place unique: a claim goes on where the last one ended.
CREATE INDEX outbox_answers ON outbox (sender, next_try_at, id) WHERE state = 0 AND lane = 0;
CREATE INDEX outbox_unasked ON outbox (sender, program, next_try_at, id) WHERE state = 0 AND lane = 1;
CREATE INDEX outbox_sending ON outbox (began_at) WHERE state = 2;
CREATE INDEX outbox_doubtful ON outbox (next_try_at) WHERE state = 3;
CREATE INDEX outbox_stale ON outbox (not_after) WHERE state = 0;
CREATE INDEX outbox_personal ON outbox (subscriber_id, queued_at) WHERE kind <> 'tip';

-- Few, and asked about with every text that begins.
CREATE INDEX subscribers_stopped ON subscribers (id, stopped_at) WHERE stopped_at IS NOT NULL;

-- What a sender has used and whether it may send: one row, locked while texts are claimed, so that any number
-- of processes share it exactly.
CREATE TABLE sender_accounts (
    sender      TEXT PRIMARY KEY,
    held_until  TIMESTAMPTZ,                 -- may not send before; null: free
    hold_reason TEXT,
    paced_until TIMESTAMPTZ NOT NULL,        -- up to when its segments a second are spent
    day         DATE NOT NULL,               -- the day that the segments below belong to
    segments    BIGINT NOT NULL              -- charged on that day
);

INSERT INTO sender_accounts (sender, held_until, hold_reason, paced_until, day, segments)
SELECT d.sender, h.until, h.reason, '2000-01-01T00:00:00+00:00', d.day, d.segments
  FROM sender_days d LEFT JOIN sender_holds h ON h.sender = d.sender
 WHERE d.day = (SELECT MAX(l.day) FROM sender_days l WHERE l.sender = d.sender);

DROP TABLE sender_days;
DROP TABLE sender_holds;

-- Every text there is, for whoever looks.
CREATE VIEW texts AS
SELECT id, subscriber_id, enrollment_id, inbox_id, sender, phone, lane, kind, language, wording, body, encoding,
       segments, program, edition, tip, track, week, occurs_on, queued_at, not_after, state, tries, gateway,
       began_at, NULL AS ended_at, code, reason, NULL AS provider_id
  FROM outbox
 UNION ALL
SELECT id, subscriber_id, enrollment_id, inbox_id, sender, phone, lane, kind, language, wording, body, encoding,
       segments, program, edition, tip, track, week, occurs_on, queued_at, not_after, state, tries, gateway,
       began_at, ended_at, code, reason, provider_id
  FROM history;

-- A report that comes while its text's try is still open waits for that try's end.
DROP INDEX reports_unmatched;
CREATE INDEX reports_parked ON reports (gateway, received_at) WHERE attempt_id IS NULL;
