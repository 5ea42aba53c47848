-- Channels to and from peers. Contents are sealed before they are inserted
-- (columns named sealed_*); headers hold ids, never what a case is about.

-- One row a direction. `fence` rises with every change of the one writer.
create table fed_out_channel (
  destination text primary key,
  epoch bigint not null default 1,
  seq bigint not null default 0,
  link text not null,
  fence bigint not null default 0,
  lease_holder text,
  lease_until timestamptz,
  stopped_reason text
);

create table fed_in_channel (
  origin text primary key,
  epoch bigint not null default 1,
  seq bigint not null default 0,
  link text not null,
  frozen_at timestamptz
);

-- Inserted by the business transaction, without a number yet.
create table fed_out_pending (
  place bigint generated always as identity primary key,
  id uuid not null unique,
  destination text not null,
  draft text not null,
  sealed_content bytea not null
);
create index fed_out_pending_by_destination on fed_out_pending (destination, place);

create table fed_out (
  destination text not null,
  epoch bigint not null,
  seq bigint not null,
  link text not null,
  id uuid not null unique,
  object_id text not null,
  header text not null,
  signature text not null,
  -- Null once the content was erased.
  sealed_content bytea,
  -- Null until the peer has given a receipt.
  decision text check (decision in ('applied', 'duplicate', 'held', 'rejected', 'expired')),
  receipt text,
  primary key (destination, epoch, seq)
);
create index fed_out_open on fed_out (destination, epoch, seq) where decision is null;
create index fed_out_by_object on fed_out (object_id);

-- At most one in flight a direction: the very bytes that are sent again and again.
create table fed_out_transaction (
  destination text primary key,
  id uuid not null,
  epoch bigint not null,
  first_seq bigint not null,
  last_seq bigint not null,
  body bytea not null
);

create table fed_in (
  origin text not null,
  epoch bigint not null,
  seq bigint not null,
  link text not null,
  id uuid not null,
  type text not null,
  object_id text not null,
  header text not null,
  signature text not null,
  decision text not null check (decision in ('applied', 'duplicate', 'held', 'rejected', 'expired')),
  reason text,
  receipt text not null,
  -- Only of held messages, for the human who decides.
  sealed_content bytea,
  primary key (origin, epoch, seq)
);
create index fed_in_by_id on fed_in (origin, id);
create index fed_in_held on fed_in (origin, epoch, seq) where decision = 'held';

create table fed_in_transaction (
  origin text not null,
  id uuid not null,
  digest bytea not null,
  answer bytea not null,
  received_at timestamptz not null,
  primary key (origin, id)
);

create table fed_nonce (
  key_id text not null,
  nonce text not null,
  until timestamptz not null,
  primary key (key_id, nonce)
);
create index fed_nonce_by_time on fed_nonce (until);

-- The newest head that each end has signed of each channel.
create table fed_head (
  origin text not null,
  destination text not null,
  signed_by text not null,
  epoch bigint not null,
  seq bigint not null,
  link text not null,
  signed_head text not null,
  seen_at timestamptz not null,
  primary key (origin, destination, signed_by)
);

-- Two signed headers that cannot be of one history. Never deleted.
create table fed_equivocation (
  id bigint generated always as identity primary key,
  origin text not null,
  epoch bigint not null,
  seq bigint not null,
  ours text,
  theirs text not null,
  detected_at timestamptz not null,
  unique (origin, theirs)
);
