-- What releases of peers showed of their case records: each under a key of its own, so
-- that it can be destroyed while the history that received it stands.
create table received_view (
  release_id uuid primary key,
  case_id uuid not null,
  -- Null once it is destroyed, like the key of the next column.
  wrapped_key bytea,
  sealed_view bytea,
  destroyed_at timestamptz
);

create index on received_view (case_id);

-- An exhibit whose key is gone cannot be opened again by anybody.
alter table exhibit_blob
  alter column wrapped_identity drop not null,
  add column destroyed_at timestamptz;

-- Who owes a duty to whom, and how it stands. Rows from before say nothing of it until
-- their case changes, or until `comity rebuild`.
alter table p_duty
  add column kind text,
  add column owed_by text,
  add column other_side text,
  add column is_owed_by_us boolean,
  add column state text,
  add column breached_at timestamptz;

-- serves on: a few rows a case, and they are read once.
create index on p_duty (due_at) where discharged_at is null;
