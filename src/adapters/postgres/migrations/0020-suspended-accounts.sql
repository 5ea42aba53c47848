-- Accounts of a backup: closed until somebody vouches for them.
alter table officer add column suspended_at timestamptz;
