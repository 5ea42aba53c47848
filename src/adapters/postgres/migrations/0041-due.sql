-- What falls due in a case beside its clocks and duties: answers to requests for records and
-- to peers that consult about them, remedies, and looking after a remedy whether it held.
create table p_due (
  stream_id uuid not null references stream (id),
  kind text not null check (kind in ('records', 'consultation', 'remedy', 'followUp')),
  subject_id uuid not null,
  due_at timestamptz not null,
  -- Nobody but an officer says that this is the day.
  is_to_confirm boolean not null,
  -- Who answers for it, where that is one person.
  owner uuid,
  done_at timestamptz,
  -- Of an answered request for records: what was held back, and why. Closed words.
  grounds text[] not null,
  primary key (stream_id, kind, subject_id)
);
create index p_due_open on p_due (due_at) where done_at is null;
