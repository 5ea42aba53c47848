-- The node as a provider of CSAF documents (OASIS CSAF, section 7): the OpenPGP keys that
-- sign them, and the files as they are served.

create table csaf_key (
  ordinal integer primary key check (ordinal >= 1),
  -- Lower-case hex, without blanks.
  fingerprint text not null unique check (fingerprint ~ '^[0-9a-f]{40,64}$'),
  -- ASCII armour.
  public_key text not null,
  made_at timestamptz not null
);

-- Apart, so that the public door reads the table above and not this one.
create table csaf_private_key (
  ordinal integer primary key references csaf_key (ordinal),
  sealed_key bytea not null
);

-- One document in one version of the standard. Never taken away: what no longer holds gets
-- a version that says so.
create table csaf_file (
  version text not null check (version in ('2.0', '2.1')),
  tracking_id text not null,
  -- Of what was published by a case: this document, or the one that it was made of.
  source_id text not null,
  -- md5 of the published document as the database writes it: tells versions apart, proves nothing.
  source_check text not null,
  file_name text not null,
  year text not null check (year ~ '^[0-9]{4}$'),
  title text not null,
  summary text not null,
  initial_release_at timestamptz not null,
  current_release_at timestamptz not null,
  -- Canonical JSON: the very bytes that are hashed, signed and served.
  content text not null,
  sha256 text not null,
  sha512 text not null,
  signature text not null,
  key_ordinal integer not null references csaf_key (ordinal),
  primary key (version, tracking_id),
  unique (version, file_name)
);
create index csaf_file_by_change on csaf_file (version, current_release_at desc, tracking_id);
create index csaf_file_by_source on csaf_file (source_id);
