-- Work around the cases: tasks and notes, notices by mail, imports, letters,
-- hand-over packages and outgoing hooks. What says something about a case
-- or a person is sealed (columns named sealed_*). None of these rows is the truth
-- about a case: that is its stream.

create table work_task (
  id uuid primary key,
  case_id uuid not null references stream (id),
  sealed_title bytea not null,
  assignee uuid not null references officer (id),
  due_on date,
  created_by uuid not null references officer (id),
  created_at timestamptz not null,
  done_at timestamptz,
  done_by uuid references officer (id)
);
create index work_task_open on work_task (assignee) where done_at is null;
create index work_task_case on work_task (case_id);

create table work_note (
  id uuid primary key,
  case_id uuid not null references stream (id),
  sealed_text bytea not null,
  written_by uuid not null references officer (id),
  written_at timestamptz not null
);
create index work_note_case on work_note (case_id);

-- What a list across cases asks besides the case's own row: who handled it, with
-- which peer, under which agreement, and what in it waits for a person.
create table p_case_tie (
  stream_id uuid not null references stream (id),
  kind text not null check (kind in ('handler', 'peer', 'agreement', 'reviewer', 'awaits')),
  value text not null,
  primary key (stream_id, kind, value)
);
create index p_case_tie_value on p_case_tie (kind, value);

create table mail_preference (
  officer_id uuid primary key references officer (id),
  sealed_address bytea not null,
  digest_hour smallint check (digest_hour between 0 and 23),
  is_urgent_wanted boolean not null,
  digest_on date,
  urgent_digest bytea,
  urgent_at timestamptz
);

create table mail_out (
  id uuid primary key,
  sealed_message bytea not null,
  send_at timestamptz not null,
  attempts integer not null default 0,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  fault text,
  ended_at timestamptz
);
create index mail_out_waiting on mail_out (send_at) where state = 'waiting';

create table import_draft (
  id uuid primary key,
  officer_id uuid not null references officer (id),
  sealed_table bytea not null,
  expires_at timestamptz not null
);

create table import_row (
  kind text not null check (kind in ('case', 'report')),
  row_key bytea not null check (octet_length(row_key) = 32),
  target_id uuid not null,
  is_done boolean not null default false,
  primary key (kind, row_key)
);

create table letter (
  id uuid primary key,
  case_id uuid not null references stream (id),
  sealed_docx bytea not null,
  sealed_pdf bytea
);

create table hand_over (
  id uuid primary key,
  case_id uuid not null references stream (id),
  sealed_package bytea not null,
  sealed_receipt bytea
);

-- Endpoints are in the configuration; here stand their names, so that events are noted for them.
create table hook_endpoint (
  name text primary key
);

-- Events that a hook may have to tell of, noted in the transaction that appends them.
create table hook_pending (
  place bigint generated always as identity primary key,
  stream_id uuid not null references stream (id),
  version integer not null
);

create table hook_delivery (
  id uuid primary key,
  endpoint text not null references hook_endpoint (name) on delete cascade,
  body text not null,
  attempts integer not null default 0,
  next_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
  fault text,
  ended_at timestamptz
);
create index hook_delivery_waiting on hook_delivery (next_at) where state = 'waiting';

-- As the owner of the tables: whoever appends an event need not know of hooks.
create function note_for_hooks() returns trigger language plpgsql
  security definer set search_path from current as $$
begin
  if exists (select 1 from hook_endpoint) then
    insert into hook_pending (stream_id, version) values (new.stream_id, new.version);
  end if;
  return null;
end $$;

create trigger event_is_told after insert on event
  for each row execute function note_for_hooks();
