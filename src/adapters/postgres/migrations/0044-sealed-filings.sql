-- Files of reports that were sealed in the reporter's browser: each is an age file of its own.

create table filing_attachment (
  filing_id uuid not null references filing (id),
  position smallint not null check (position between 0 and 9),
  sealed bytea not null,
  -- Digest of the roster that it is sealed to now.
  sealed_for text not null,
  primary key (filing_id, position)
);
