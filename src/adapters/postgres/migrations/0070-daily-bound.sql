-- How many messages of a peer were taken in on a day (real time, UTC). It is kept with them,
-- so that no restart forgets it.
create table fed_in_day (
  origin text not null,
  day date not null,
  messages integer not null check (messages > 0),
  primary key (origin, day)
);

-- A message that was one too many for a peer's day is sent again the day after, under the
-- same id and another number.
alter table fed_out_pending add column not_before timestamptz;
alter table fed_out drop constraint fed_out_id_key;
-- serves on: the messages of years are made into an index in a moment, and others wait for it
create index fed_out_by_id on fed_out (id);
