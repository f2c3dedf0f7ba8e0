-- Answers by the day (UTC) on which they were given: counted by flows::counting, so that no page counts answers.
CREATE TABLE answer_days (
    program  TEXT NOT NULL,
    question TEXT NOT NULL,
    on_day   DATE NOT NULL,
    edition  BIGINT NOT NULL,
    language TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    people   BIGINT NOT NULL,
    PRIMARY KEY (program, question, on_day, edition, language, outcome)
);

-- Days that are to be counted anew, because an answer came, went or became another. In several rows a day, so that
-- women who answer at once do not wait for each other.
CREATE TABLE answer_marks (
    program  TEXT NOT NULL,
    question TEXT NOT NULL,
    on_day   DATE NOT NULL,
    shard    SMALLINT NOT NULL,
    marks    BIGINT NOT NULL,                -- how often: that it changes holds back whoever counts
    PRIMARY KEY (program, question, on_day, shard)
);

-- A day's answers are counted along this alone.
DROP INDEX answers_counted;
CREATE INDEX answers_counted ON answers (program, question, at, edition, language, outcome);

INSERT INTO answer_marks
SELECT DISTINCT program, question, DATE(at), 0, 1 FROM answers;

-- Texts of women who were erased, until all that was reported of them is gone as well. Reports have no index by their
-- text: they are looked through once for all who were erased meanwhile.
CREATE TABLE erased_texts (
    text_id UUID PRIMARY KEY,
    at      TIMESTAMPTZ NOT NULL             -- when she was erased
);
