-- What is said about people and must not travel: notes that events of the authority
-- stream name by digest, and the contact directory with every version of its entries.

create table people_note (
  digest bytea primary key check (octet_length(digest) = 32),
  sealed_note bytea not null
);

create table contact_version (
  contact_id uuid not null,
  version integer not null check (version > 0),
  change text not null check (change in ('added', 'changed', 'verified', 'removed')),
  at timestamptz not null,
  -- An officer's id, or the node id of a peer that told us.
  by text not null,
  sealed_contact bytea not null,
  primary key (contact_id, version)
);

create trigger contact_version_is_kept before update or delete on contact_version
  for each row execute function refuse_change();
