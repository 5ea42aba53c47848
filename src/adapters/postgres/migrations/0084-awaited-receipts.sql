-- Answers to an erasure whose log entry has no sealed receipt yet: when it has one, the answer
-- is sent again with it.

create table awaited_receipt (
  stream_id uuid not null references stream (id),
  version integer not null check (version > 0),
  primary key (stream_id, version)
);
