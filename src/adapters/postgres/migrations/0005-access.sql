-- Who is let into a case, for lists: sealed under the case's key, like its title.
-- Null only where nothing has happened in the case since this column exists, so that
-- none of its events is about access: it is open.
alter table p_case add column sealed_access bytea;
