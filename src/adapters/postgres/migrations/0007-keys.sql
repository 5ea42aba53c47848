-- A rotation of the column key seals these rows again under the new one. Everything
-- else about them stays as it was written.

create function refuse_change_but_sealing() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - tg_argv[0] = to_jsonb(old) - tg_argv[0] then
    return new;
  end if;
  raise exception 'rows are append-only';
end $$;

drop trigger contact_version_is_kept on contact_version;
create trigger contact_version_is_kept before update or delete on contact_version
  for each row execute function refuse_change_but_sealing('sealed_contact');
