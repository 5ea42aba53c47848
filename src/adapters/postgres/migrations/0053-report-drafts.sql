-- Drafts of reports, sealed in the browser to a key from the reporter's code: ciphertext, found
-- by the hash of an id that only the code gives, and gone after their last day.

create table report_draft (
  id_hash bytea primary key check (octet_length(id_hash) = 32),
  sealed bytea not null,
  last_day date not null
);
