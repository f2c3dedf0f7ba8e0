-- Which danger a text tells of: a list shows these words, and not the "ok" that came after them.
ALTER TABLE help_texts ADD COLUMN sign TEXT;
