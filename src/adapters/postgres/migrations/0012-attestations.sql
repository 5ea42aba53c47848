-- Signature files that officers attach to agreements and orders, as they came.
create table signature_file (
  id uuid primary key,
  stream_id uuid not null references stream (id),
  sealed_file bytea not null
);
