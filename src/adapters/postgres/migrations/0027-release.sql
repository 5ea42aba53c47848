-- Releases from here that were made in an emergency or called back: what a job looks for,
-- and what is counted for the public. A projection, without content.

create table p_release (
  stream_id uuid not null references stream (id),
  release_id uuid not null,
  emergency text check (emergency in ('waiting', 'validated', 'withdrawn')),
  validate_by timestamptz,
  withdrawn text,
  is_deletion_confirmed boolean not null,
  primary key (stream_id, release_id)
);
create index p_release_waiting on p_release (validate_by) where emergency = 'waiting';
