-- What was made public in words: advisories and safety notices with all their versions. It
-- holds what everybody may read, and says nothing of officers or of how the case stands.
create table p_public_text (
  stream_id uuid not null references stream (id),
  tracking_id text not null unique,
  kind text not null check (kind in ('advisory', 'safetyNotice')),
  is_withdrawn boolean not null,
  published_at timestamptz not null,
  revised_at timestamptz not null,
  revisions jsonb not null,
  primary key (stream_id, tracking_id)
);
create index p_public_text_latest on p_public_text (revised_at desc, tracking_id);
