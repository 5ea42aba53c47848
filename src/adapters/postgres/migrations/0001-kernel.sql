-- Streams, people, intake. Everything that says something about a case or a
-- person is sealed before it is inserted (columns named sealed_*).

create table node_setting (
  key text primary key,
  value jsonb not null
);

create table stream (
  id uuid primary key,
  kind text not null check (kind in ('case', 'agreement', 'law', 'authority')),
  version integer not null default 0,
  wrapped_key bytea not null
);

create table event (
  stream_id uuid not null references stream (id),
  version integer not null check (version > 0),
  at timestamptz not null,
  by text not null,
  sealed_envelope bytea not null,
  salt bytea not null check (octet_length(salt) = 32),
  signature bytea not null,
  log_id uuid not null unique,
  primary key (stream_id, version)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'events are append-only';
end $$;

create trigger event_is_append_only before update or delete on event
  for each row execute function refuse_change();
create trigger event_is_never_emptied before truncate on event
  for each statement execute function refuse_change();

create table case_link (
  peer text not null,
  peer_case_id uuid not null,
  stream_id uuid not null references stream (id),
  primary key (peer, peer_case_id)
);

create table officer (
  id uuid primary key,
  sealed_name bytea not null,
  roles text[] not null,
  public_key bytea not null check (octet_length(public_key) = 32),
  wrapped_private_key bytea not null,
  sealing_recipient text not null,
  intake_layer text check (intake_layer in ('inner', 'outer')),
  left_at timestamptz
);

create table session (
  id_hash bytea primary key,
  officer_id uuid not null references officer (id),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);

create table sign_in_link (
  token_hash bytea primary key,
  officer_id uuid not null references officer (id),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table intake_batch (
  id uuid primary key,
  log_id uuid not null unique,
  sealed_leaves bytea not null
);

create table filing (
  id uuid primary key,
  mailbox_hash bytea not null unique check (octet_length(mailbox_hash) = 32),
  filed_on date not null,
  language text not null,
  report bytea not null,
  contact bytea,
  commitment bytea not null check (octet_length(commitment) = 32),
  sealed_tags bytea not null,
  accepted_receipt jsonb not null,
  batch_id uuid references intake_batch (id),
  case_id uuid references stream (id)
);

-- Event tags that wait for the next intake batch to be listed in clear.
create table intake_tag (
  tag bytea primary key check (octet_length(tag) = 32),
  batch_id uuid references intake_batch (id)
);

create table used_form_token (
  token_hash bytea primary key,
  used_on date not null
);

create table affected_person (
  id uuid primary key,
  case_id uuid not null references stream (id),
  wrapped_key bytea not null,
  sealed_contact bytea not null,
  code_hash bytea unique
);

create table exhibit_blob (
  exhibit_id uuid primary key,
  case_id uuid not null references stream (id),
  digest bytea not null,
  wrapped_identity bytea not null
);

-- Projections: derived from streams alone, rebuilt by `comity rebuild`.

create table p_case (
  stream_id uuid primary key references stream (id),
  lead text not null,
  lead_case_id uuid,
  phase text not null,
  priority text,
  is_under_embargo boolean not null,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  sealed_title bytea not null
);

create table p_deadline (
  stream_id uuid not null references stream (id),
  clock text not null,
  state text not null,
  due_at timestamptz,
  primary key (stream_id, clock)
);

create table p_decision (
  stream_id uuid not null references stream (id),
  version integer not null,
  act text not null,
  decision text not null check (decision in ('permit', 'refuse')),
  why text,
  rules text[] not null,
  decided_at timestamptz not null,
  primary key (stream_id, version)
);

create table p_duty (
  stream_id uuid not null references stream (id),
  release_id uuid not null,
  duty text not null,
  due_at timestamptz,
  discharged_at timestamptz,
  primary key (stream_id, release_id, duty)
);

create table p_notice (
  stream_id uuid not null references stream (id),
  person_id uuid not null,
  state text not null,
  due_at timestamptz,
  primary key (stream_id, person_id)
);

create table p_publication (
  stream_id uuid not null references stream (id),
  tracking_id text not null unique,
  published_at timestamptz not null,
  document jsonb not null,
  primary key (stream_id, tracking_id)
);

create table p_agreement (
  stream_id uuid primary key references stream (id),
  state text not null,
  digest text not null,
  document jsonb not null
);

create table p_sign_off (
  stream_id uuid not null references stream (id),
  pack text not null,
  version text not null,
  officers integer not null,
  simulated boolean not null,
  primary key (stream_id, pack, version)
);
