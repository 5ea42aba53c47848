-- Links by which people without an account look at what one case shares with them.
-- Code and session stand here as hashes, the name sealed under the key of its case.
-- Whether somebody is admitted is not here: that is in the case's stream.

create table guest_link (
  id uuid primary key,
  case_id uuid not null references stream (id),
  -- As the case's history calls the guest.
  person uuid not null unique,
  sealed_name bytea not null,
  code_hash bytea not null check (octet_length(code_hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  tries_left integer not null check (tries_left >= 0),
  looks_left integer not null check (looks_left >= 0),
  session_hash bytea unique check (octet_length(session_hash) = 32),
  session_expires_at timestamptz,
  ended_at timestamptz
);
create index guest_link_case on guest_link (case_id);
