-- What operators do with the conversation.

-- Who waits longest is first, and writing again does not put her back.
DROP INDEX help_items_open;
CREATE INDEX help_items_open ON help_items (urgency, opened_at, id) WHERE state = 'open';

-- To which broadcast a text belongs: asked when its try begins, and for no other kind of text.
CREATE INDEX broadcast_texts_by_text ON broadcast_texts (text_id);

-- Who came by a partner's code.
CREATE INDEX enrollments_by_partner ON enrollments (partner, program) WHERE partner IS NOT NULL;
