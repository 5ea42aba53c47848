-- The node's transparency log, and what it remembers as a witness of others.
-- These rows are the truth about the order of entries; the files that are served
-- can always be derived from them again.

-- Inserted in the transaction of the act that an entry commits to; moved to
-- log_entry when it gets its place.
create table log_pending (
  id uuid primary key,
  batch text not null default 'ordinary' check (batch in ('ordinary', 'intake')),
  ready boolean not null default true,
  entry bytea not null check (octet_length(entry) between 1 and 65535),
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
  created_at timestamptz not null
);

create index log_pending_in_order on log_pending (created_at, id) where ready;

-- Written by the sequencer only. No database sequence: its numbers have gaps.
create table log_entry (
  seq bigint primary key check (seq >= 0),
  pending_id uuid not null unique,
  entry bytea not null,
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
  accepted_at timestamptz not null
);

create function refuse_log_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log is append-only';
end $$;

create trigger log_entry_is_append_only before update or delete on log_entry
  for each row execute function refuse_log_change();
create trigger log_entry_is_never_emptied before truncate on log_entry
  for each statement execute function refuse_log_change();

-- One row: one log a database. `epoch` goes up by one with each take-over, and
-- whoever writes must name the current one.
create table log_head (
  only_row boolean primary key default true check (only_row),
  origin text not null,
  next_seq bigint not null default 0,
  size bigint not null default 0,
  root bytea not null check (octet_length(root) = 32),
  signed_note bytea,
  published_size bigint not null default 0,
  epoch bigint not null default 0,
  frozen_at timestamptz,
  freeze_reason text,
  check (0 <= published_size and published_size <= size and size <= next_seq)
);

-- Every checkpoint that was ever signed: no size has two roots.
create table log_checkpoint (
  size bigint primary key,
  root bytea not null check (octet_length(root) = 32),
  signed_note bytea not null
);

create trigger log_checkpoint_is_append_only before update or delete on log_checkpoint
  for each row execute function refuse_log_change();
create trigger log_checkpoint_is_never_emptied before truncate on log_checkpoint
  for each statement execute function refuse_log_change();

-- Cosignatures by verifier key. The first line of a size proves its age, the
-- newest one that the witness still sees it.
create table log_cosig (
  size bigint not null references log_checkpoint (size),
  witness text not null,
  first_line text not null,
  line text not null,
  time_seconds bigint not null,
  primary key (size, witness)
);

create table witness_cursor (
  witness text primary key,
  last_size bigint not null
);

-- As a witness: the head last cosigned for each origin, with the note that is
-- served to monitors.
create table witness_state (
  origin text primary key,
  origin_hash bytea not null unique,
  size bigint not null,
  root bytea not null,
  note bytea not null,
  updated_at timestamptz not null
);

-- Validly signed submissions that do not extend what was cosigned before.
create table witness_evidence (
  digest bytea primary key,
  origin text not null,
  cosigned_note bytea,
  submission bytea not null,
  received_at timestamptz not null
);
