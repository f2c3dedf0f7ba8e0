-- Who works at the console, what each may do, and from where they are signed in.

CREATE TABLE accounts (
    id           UUID PRIMARY KEY,
    email        TEXT NOT NULL UNIQUE,       -- by which they sign in, in lower case
    name         TEXT NOT NULL UNIQUE,       -- as it stands beside what they did
    language     TEXT NOT NULL,              -- the console's for them: en, es, ru
    zone         TEXT NOT NULL,              -- IANA zone in which they are shown times
    password     TEXT,                       -- Argon2id in PHC form; null: the invitation is not taken up yet
    totp         BYTEA,                      -- the secret of their codes, sealed; null: a password is enough
    totp_step    BIGINT NOT NULL DEFAULT 0,  -- the last step whose code was used: no code is good twice
    invite       BYTEA,                      -- SHA-256 of the word in their link; null: there is none
    invite_until TIMESTAMPTZ,
    made_at      TIMESTAMPTZ NOT NULL,
    made_by      TEXT NOT NULL,
    closed_at    TIMESTAMPTZ                 -- since when they may not sign in
);

CREATE UNIQUE INDEX accounts_invited ON accounts (invite) WHERE invite IS NOT NULL;

CREATE TABLE grants (
    account_id   UUID NOT NULL REFERENCES accounts (id),
    role         TEXT NOT NULL,              -- viewer, operator, helpdesk, author, reviewer, administrator
    program      TEXT NOT NULL,              -- '*': every program
    PRIMARY KEY (account_id, role, program)
);

CREATE TABLE sessions (
    id           BYTEA PRIMARY KEY,          -- SHA-256 of the name in the cookie
    account_id   UUID,                       -- null: nobody has signed in by it yet
    data         TEXT NOT NULL,              -- JSON
    agent        TEXT NOT NULL,              -- what the browser calls itself
    address      TEXT NOT NULL,
    began_at     TIMESTAMPTZ NOT NULL,
    seen_at      TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ NOT NULL        -- unless it is used before
);

CREATE INDEX sessions_of ON sessions (account_id, seen_at) WHERE account_id IS NOT NULL;
CREATE INDEX sessions_expire ON sessions (expires_at);

-- Tries to sign in that failed: what limits the next ones, whichever process they reach.
CREATE TABLE failed_sign_ins (
    id           UUID PRIMARY KEY,
    email        TEXT NOT NULL,
    address      TEXT NOT NULL,
    at           TIMESTAMPTZ NOT NULL
);

CREATE INDEX failed_sign_ins_of ON failed_sign_ins (email, at);
CREATE INDEX failed_sign_ins_from ON failed_sign_ins (address, at);

-- What was done at the console, by which account and for which program.
ALTER TABLE audit ADD COLUMN account_id UUID;
ALTER TABLE audit ADD COLUMN program TEXT;
CREATE INDEX audit_by ON audit (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX audit_at_console ON audit (id) WHERE account_id IS NOT NULL;
