-- Files that follow a release and have not arrived: from a peer, or to one. Derived from
-- streams; ids and sizes, nothing of what a file is.

create table p_transfer (
  stream_id uuid not null,
  release_id uuid not null,
  -- The other side.
  peer text not null,
  is_ours boolean not null,
  -- Of the plaintext.
  size_bytes bigint not null,
  begun_at timestamptz not null,
  primary key (stream_id, release_id)
);
create index p_transfer_by_release on p_transfer (release_id);
