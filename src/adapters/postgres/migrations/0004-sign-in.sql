-- How people sign in: sessions with facts, one-time sign-ins, passkeys, accounts at
-- an identity provider, codes that enrol. Secrets stand here as hashes only.

-- Sessions from before know no method: whoever has one signs in again.
-- serves on: a few rows, and whoever is signed in is signed out by it anyway.
delete from session;

-- serves on: the statement before it has emptied the table.
alter table session
  add column id uuid not null unique,
  add column method text not null check (method in ('passkey', 'oidc', 'oneTime')),
  add column stepped_up_at timestamptz,
  -- What its forms are bound to. Stays when the secret changes.
  add column form_key bytea not null check (octet_length(form_key) = 32);

-- serves on: the table is empty.
create index session_by_officer on session (officer_id);

-- serves on: links of the demonstration; no version that was released reads the old name.
alter table sign_in_link rename to one_time_sign_in;

create table passkey (
  id uuid primary key,
  officer_id uuid not null references officer (id),
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  sealed_name bytea not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  -- Its counter went back: somebody may hold a copy.
  suspended_at timestamptz
);

create index passkey_by_officer on passkey (officer_id);

create table oidc_account (
  provider text not null,
  subject_hash bytea not null,
  officer_id uuid not null references officer (id),
  bound_at timestamptz not null,
  primary key (provider, subject_hash)
);

create index oidc_account_by_officer on oidc_account (officer_id);

-- What a person has begun and not ended: a passkey's challenge, a way to a provider
-- and back. Taken out when it is used, so it works once.
create table sign_in_attempt (
  token_hash bytea primary key,
  kind text not null,
  sealed_facts bytea not null,
  expires_at timestamptz not null
);

create table enrolment (
  id uuid primary key,
  kind text not null check (kind in ('setup', 'invitation')),
  code_hash bytea not null,
  sealed_person bytea not null,
  -- Null for the setup code, which the operator makes.
  invited_by uuid references officer (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  tries_left integer not null check (tries_left >= 0),
  -- Set once the code was given: what finishes the enrolment in that browser.
  accepted_hash bytea,
  officer_id uuid references officer (id),
  used_at timestamptz,
  withdrawn_at timestamptz
);

-- At most one setup code counts.
create unique index enrolment_one_setup on enrolment (kind)
  where kind = 'setup' and used_at is null and withdrawn_at is null;

-- What an administrator must see: a cloned passkey, an emptied code.
create table sign_in_notice (
  id uuid primary key,
  at timestamptz not null,
  kind text not null,
  officer_id uuid references officer (id),
  seen_at timestamptz,
  seen_by uuid references officer (id)
);
