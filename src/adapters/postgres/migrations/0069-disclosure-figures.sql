-- What the public figures of disclosure are counted from: the first days of each step and
-- coded words, no text and nobody's name. `comity rebuild` fills it for cases of before.
create table p_disclosure (
  stream_id uuid primary key references stream (id),
  language text not null,
  form text,
  channel text not null,
  sector text,
  sector_at timestamptz,
  received_at timestamptz not null,
  admitted_at timestamptz not null,
  acknowledged_at timestamptz,
  triaged_at timestamptz,
  vendor_told_at timestamptz,
  fixed_at timestamptz,
  published_at timestamptz,
  closed_at timestamptz,
  priority text check (priority in ('accepted', 'overruled')),
  priority_at timestamptz,
  embargo_at timestamptz,
  embargo_ended_at timestamptz,
  embargo_why text
);
