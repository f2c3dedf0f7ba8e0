-- What the page of one mother asks.

-- What was done to her, or seen of her, in the order of time.
DROP INDEX audit_of;
CREATE INDEX audit_of ON audit (subscriber_id, id) WHERE subscriber_id IS NOT NULL;
