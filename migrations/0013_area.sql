-- The state or region she lives in, as the library's help knows it: which numbers her tips name.
ALTER TABLE subscribers ADD COLUMN area TEXT;
ALTER TABLE agenda ADD COLUMN area TEXT;
