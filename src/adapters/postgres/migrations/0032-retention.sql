-- How long each exhibit is kept and what was decided about it, for the job that destroys
-- on the day.
create table p_retention (
  stream_id uuid not null references stream (id),
  exhibit_id uuid not null,
  state text not null,
  due_at timestamptz,
  primary key (stream_id, exhibit_id)
);

create index on p_retention (due_at) where state = 'destroy';
