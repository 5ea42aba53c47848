-- Who is thanked in public, by the name that the person chose: the month and nothing finer,
-- and nothing that leads to the report.
create table p_thanks (
  stream_id uuid not null references stream (id),
  credit_id uuid not null unique,
  name text not null,
  roles text[] not null,
  month text not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
  primary key (stream_id, credit_id)
);
create index p_thanks_month on p_thanks (month desc, name);

-- An appeal of a reporter, and the answer that is owed after one.
alter table p_due drop constraint p_due_kind_check;
alter table p_due add constraint p_due_kind_check check (kind in ('records', 'consultation',
  'remedy', 'followUp', 'embargoAnswer', 'reporterFeedback', 'protection', 'reporterAppeal',
  'appealAnswer')) not valid;
