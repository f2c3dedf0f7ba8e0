-- Everything a mother can say.

-- How an enrollment departs from its program's rhythm, as JSON; null: in nothing. See domain::plan::Terms.
ALTER TABLE enrollments ADD COLUMN terms TEXT;
ALTER TABLE agenda ADD COLUMN terms TEXT;
-- The state it was in before a loss froze it: what an UNDO brings back.
ALTER TABLE enrollments ADD COLUMN before_loss TEXT;
-- By whose code she came: a clinic, a partner.
ALTER TABLE enrollments ADD COLUMN partner TEXT;

-- Texts nobody asked for give nothing away.
ALTER TABLE subscribers ADD COLUMN discreet BOOLEAN NOT NULL DEFAULT FALSE;
-- Who she is to the baby, in what she enrolls in; null: its mother.
ALTER TABLE subscribers ADD COLUMN reader TEXT;
-- The code she sent with the start word, until she is enrolled.
ALTER TABLE subscribers ADD COLUMN partner TEXT;
-- Up to when she has seen what waited for her to be alone.
ALTER TABLE subscribers ADD COLUMN read_at TIMESTAMPTZ;
-- The last sign of life: a text from her.
ALTER TABLE subscribers ADD COLUMN heard_at TIMESTAMPTZ;
-- Since when the number is taken to be somebody else's.
ALTER TABLE subscribers ADD COLUMN recycled_at TIMESTAMPTZ;
-- Since when all that is held of her is to be erased, as soon as nothing to her is on its way any more.
ALTER TABLE subscribers ADD COLUMN erase_at TIMESTAMPTZ;
-- How many texts to her were automatic answers, since when.
ALTER TABLE subscribers ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscribers ADD COLUMN answers_since TIMESTAMPTZ;

CREATE INDEX subscribers_erasing ON subscribers (erase_at) WHERE erase_at IS NOT NULL;

-- A question whose time is over is kept a while for a late answer.
ALTER TABLE conversations ADD COLUMN late_until TIMESTAMPTZ;

-- Texts that will be due by themselves: a question about the birth, a reminder of a visit, a follow-up.
CREATE TABLE promises (
    id            UUID PRIMARY KEY,
    subscriber_id UUID NOT NULL,
    enrollment_id UUID,
    kind          TEXT NOT NULL,             -- flows::promises::Kind
    about         UUID,                      -- the visit it is about
    detail        TEXT,                      -- what else it needs, as JSON
    due_at        TIMESTAMPTZ NOT NULL,
    not_after     TIMESTAMPTZ NOT NULL       -- too late to be right from here on
);

CREATE INDEX promises_due ON promises (due_at);
CREATE INDEX promises_of ON promises (subscriber_id);

-- Texts that wait until she says that she is alone; her tips stand in planned.
CREATE TABLE unread (
    id            UUID PRIMARY KEY,
    subscriber_id UUID NOT NULL,
    body          TEXT NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    of_baby       BOOLEAN NOT NULL           -- it takes a pregnancy or a baby for granted
);

CREATE INDEX unread_of ON unread (subscriber_id, at);

-- Visits that she noted.
CREATE TABLE visits (
    id            UUID PRIMARY KEY,
    subscriber_id UUID NOT NULL,
    enrollment_id UUID,
    on_day        DATE NOT NULL,             -- as calendars show it where she lives
    at_time       TEXT,                      -- 14:30; null: she told no time
    state         TEXT NOT NULL,             -- noted, kept, missed, canceled
    noted_at      TIMESTAMPTZ NOT NULL
);

CREATE INDEX visits_of ON visits (subscriber_id, on_day);

-- What a person is to read and answer, by the woman who wrote it.
CREATE TABLE help_items (
    id            UUID PRIMARY KEY,
    subscriber_id UUID NOT NULL,
    sender        TEXT NOT NULL,             -- to which of our numbers she wrote
    program       TEXT NOT NULL,
    language      TEXT NOT NULL,
    stage         TEXT NOT NULL,             -- pregnancy 26+3, baby 4+0, after a loss, stopped, a stranger
    urgency       SMALLINT NOT NULL,         -- 0 danger, 1 after a loss, 2 a question, 3 a stranger's
    sign          TEXT,                      -- the gravest sign of danger in it
    state         TEXT NOT NULL,             -- open, answered, closed
    opened_at     TIMESTAMPTZ NOT NULL,
    last_at       TIMESTAMPTZ NOT NULL,      -- when she wrote last
    closed_at     TIMESTAMPTZ,
    closed_by     TEXT
);

CREATE INDEX help_items_open ON help_items (urgency, last_at) WHERE state = 'open';
CREATE INDEX help_items_of ON help_items (subscriber_id, opened_at);

-- Her texts in it, and the answers.
CREATE TABLE help_texts (
    id            UUID PRIMARY KEY,          -- the text's in the inbox, or in the outbox
    item_id       UUID NOT NULL,
    from_her      BOOLEAN NOT NULL,
    body          TEXT NOT NULL,
    written_by    TEXT,                      -- who answered
    at            TIMESTAMPTZ NOT NULL
);

CREATE INDEX help_texts_of ON help_texts (item_id, at);

-- Answers to the library's questions: one an enrollment and question, the last one given.
CREATE TABLE answers (
    enrollment_id UUID NOT NULL,
    question      TEXT NOT NULL,
    outcome       TEXT NOT NULL,
    program       TEXT NOT NULL,
    language      TEXT NOT NULL,
    edition       BIGINT NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (enrollment_id, question)
);

CREATE INDEX answers_to ON answers (question, outcome);

-- What the law lets us keep of a person who was erased: that she agreed, and that she ended it, under a keyed hash of
-- her number. The key is not in the database.
CREATE TABLE proofs (
    id      UUID PRIMARY KEY,
    digest  BYTEA NOT NULL,                  -- HMAC-SHA-256 of the number in E.164
    action  TEXT NOT NULL,                   -- opt_in, opt_out, freeze, erased
    program TEXT,
    sender  TEXT NOT NULL,
    at      TIMESTAMPTZ NOT NULL
);

CREATE INDEX proofs_of ON proofs (digest, at);

-- Who wrote another's number to us, so that it can be hidden when the other asks to be erased.
CREATE TABLE mentions (
    digest        BYTEA NOT NULL,            -- as in proofs, of the other's number
    subscriber_id UUID NOT NULL,             -- who wrote it
    PRIMARY KEY (digest, subscriber_id)
);

CREATE INDEX mentions_of ON mentions (subscriber_id);

-- Tips that no plan of hers leads to any more, and whose they are: taken back, and others have their days; or sent to a
-- phone whose enrollment has moved to another.
CREATE TABLE strays (
    text_id       UUID PRIMARY KEY,
    subscriber_id UUID NOT NULL
);

CREATE INDEX strays_of ON strays (subscriber_id);

-- Texts that a phone did not take. What failed for any other reason tells nothing of a phone.
CREATE TABLE failing (
    text_id       UUID PRIMARY KEY,
    subscriber_id UUID NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    looked        BOOLEAN NOT NULL DEFAULT FALSE  -- this run of failures was looked into
);

CREATE INDEX failing_unlooked ON failing (at) WHERE NOT looked;
CREATE INDEX failing_subscriber ON failing (subscriber_id);

-- One text to many, sent ahead of tips.
CREATE TABLE broadcasts (
    id         UUID PRIMARY KEY,
    made_by    TEXT NOT NULL,
    why        TEXT NOT NULL,
    segment    TEXT NOT NULL,                -- whom it is for, as JSON
    words      TEXT NOT NULL,                -- by language, as JSON
    emergency  BOOLEAN NOT NULL,             -- at any hour
    state      TEXT NOT NULL,                -- sending, sent, stopped
    people     BIGINT NOT NULL,              -- how many were counted and confirmed
    made_at    TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ
);

-- To whom it was queued: nobody twice.
CREATE TABLE broadcast_texts (
    broadcast_id  UUID NOT NULL,
    subscriber_id UUID NOT NULL,
    text_id       UUID NOT NULL,
    PRIMARY KEY (broadcast_id, subscriber_id)
);

CREATE INDEX outbox_urgent ON outbox (sender, next_try_at, id) WHERE state = 0 AND lane = 2;
