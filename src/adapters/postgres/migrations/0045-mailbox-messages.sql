-- Messages between a reporter and the authority: age files, the day, and in which direction.

create table filing_message (
  id uuid primary key,
  filing_id uuid not null references filing (id),
  position integer not null check (position between 1 and 200),
  from_reporter boolean not null,
  kind text not null,
  written_on date not null,
  -- Null: the reporter deleted it.
  sealed bytea,
  -- Digest of the roster of the officers who can open it.
  sealed_for text not null,
  unique (filing_id, position)
);
