-- Files and messages are sealed again like reports: what is inside keeps a digest, made with
-- the salt inside the report. And a filing that nobody could open can be closed.

alter table filing_attachment add column content_digest bytea;
alter table filing_message add column content_digest bytea;
-- Null: it waits, or it was admitted into a case.
alter table filing add column closed_on date;
