-- Passwords with which calendar programs read an officer's clocks, as hashes: one for each
-- officer, and none after the account ends, is suspended, or loses a role.

create table calendar_password (
  officer_id uuid primary key references officer (id),
  password_hash bytea not null check (octet_length(password_hash) = 32),
  made_at timestamptz not null,
  last_used_on date
);
