-- Erasure: what was erased and on which ground has a stream of its own. Of an erased case
-- its id stays, without a key, and which log entries were its events.

alter table stream drop constraint stream_kind_check;
alter table stream add constraint stream_kind_check
  check (kind in
    ('case', 'agreement', 'law', 'authority', 'sealing', 'oversight', 'erasure', 'erased'))
  not valid;

create table erased_event (
  stream_id uuid not null references stream (id),
  version integer not null check (version > 0),
  log_id uuid not null unique,
  primary key (stream_id, version)
);

create function stream_stays() returns trigger language plpgsql as $$
begin
  if old.kind = 'erased' or (new.kind <> old.kind and (old.kind, new.kind) <> ('case', 'erased')) then
    raise exception 'a stream changes its kind only when its case is erased, once';
  end if;
  return new;
end $$;

create trigger stream_keeps_its_kind before update on stream
  for each row execute function stream_stays();

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'event' and tg_op = 'DELETE' then
    if exists (select 1 from stream where id = old.stream_id and kind = 'erased') then
      return old;
    end if;
  end if;
  raise exception 'events are append-only';
end $$;
