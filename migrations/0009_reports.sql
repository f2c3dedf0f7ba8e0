-- Nothing asks for the reports of one try: they are merged as they come, and found by their time. An index by it
-- cost more with each report than everything that reads them.
DROP INDEX reports_of;
