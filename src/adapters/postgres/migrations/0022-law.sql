-- Law packs: what the law of each case is computed from, codes with which an officer signs
-- off the files of a pack, and what a newer version would change for the open cases.

create table p_law_case (
  stream_id uuid primary key references stream (id),
  is_decided boolean not null,
  sealed_inputs bytea not null
);

create table law_sign_off_code (
  code_hash bytea primary key check (octet_length(code_hash) = 32),
  officer_id uuid not null references officer (id),
  pack text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table law_effect (
  id uuid primary key,
  pack text not null,
  version text not null,
  digest text not null,
  asked_by text not null,
  state text not null check (state in ('running', 'done', 'failed', 'stopped')),
  started_at timestamptz not null,
  seen_at timestamptz not null,
  total integer not null,
  decided integer not null,
  looked integer not null,
  changed integer not null,
  -- Cases whose own version is not loaded any more, and cases without a row of their own.
  lost integer not null,
  unread integer not null,
  -- By kind of change, the number of cases with it.
  counts jsonb not null
);

create table law_effect_case (
  effect_id uuid not null references law_effect (id) on delete cascade,
  stream_id uuid not null references stream (id),
  kinds text[] not null,
  primary key (effect_id, stream_id)
);
