-- What a node needs to come back from a backup without looking like a cheat, and
-- what others remember of it.

-- The logs that this node has had. The first one is signed with the key of the key
-- folder; the key of a later one is sealed here. No row: only the first, still open.
create table own_log (
  ordinal integer primary key check (ordinal >= 1),
  origin text not null unique,
  vkey text not null,
  sealed_key bytea,
  opened_at timestamptz not null,
  -- The signed notice that closed the log before this one; null for the first.
  notice bytea,
  -- Set when it was closed: what others had last seen of it.
  closed_size bigint,
  closed_root bytea,
  closed_at timestamptz
);

-- Notices of others, accepted as their witness or peer: a closed log has one successor.
create table log_notice (
  closed_origin text primary key,
  node text not null,
  opened_origin text not null unique,
  opened_vkey text not null,
  closed_size bigint not null,
  closed_root bytea not null,
  notice bytea not null,
  received_at timestamptz not null
);

-- Tables for the rows of a closed log, in a schema of their own, readable by whoever
-- may read the open one.
create function make_closed_log(ordinal integer) returns void language plpgsql as $$
declare
  closed text := 'closed_log_' || ordinal;
  name text;
  granted record;
begin
  execute format('create schema %I', closed);
  foreach name in array array['log_head', 'log_entry', 'log_checkpoint', 'log_cosig'] loop
    execute format('create table %I.%I (like %I including all)', closed, name, name);
    execute format('create trigger is_append_only before update or delete on %I.%I
      for each row execute function refuse_log_change()', closed, name);
    execute format('create trigger is_never_emptied before truncate on %I.%I
      for each statement execute function refuse_log_change()', closed, name);
    for granted in select distinct grantee from information_schema.role_table_grants
      where table_schema = current_schema() and table_name = name
        and privilege_type = 'SELECT' and grantee <> current_user
    loop
      execute format('grant usage on schema %I to %I', closed, granted.grantee);
      execute format('grant select on %I.%I to %I', closed, name, granted.grantee);
    end loop;
  end loop;
end $$;

-- Puts the rows of the open log into the tables made above and leaves it empty.
create function close_open_log(ordinal integer) returns void language plpgsql as $$
declare
  closed text := 'closed_log_' || ordinal;
  name text;
begin
  perform make_closed_log(ordinal);
  foreach name in array array['log_head', 'log_entry', 'log_checkpoint', 'log_cosig'] loop
    execute format('insert into %I.%I select * from %I', closed, name, name);
  end loop;
  delete from log_cosig;
  delete from witness_cursor;
  alter table log_checkpoint disable trigger log_checkpoint_is_append_only;
  delete from log_checkpoint;
  alter table log_checkpoint enable trigger log_checkpoint_is_append_only;
  alter table log_entry disable trigger log_entry_is_append_only;
  delete from log_entry;
  alter table log_entry enable trigger log_entry_is_append_only;
  delete from log_head;
end $$;
