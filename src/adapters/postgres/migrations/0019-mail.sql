-- A mail address counts once its officer has brought back the code that was sent there.
-- Mails that were given up can be sent again for a while.

create table mail_check (
  officer_id uuid primary key references officer (id),
  -- Address and wishes, as the officer typed them.
  sealed_wish bytea not null,
  code_hash bytea not null check (octet_length(code_hash) = 32),
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  tries_left integer not null check (tries_left >= 0)
);

-- The authority's day of the last notice that nobody is on duty.
alter table mail_preference add column roster_on date;

-- Whom to ask for another address when a mail does not arrive.
alter table mail_out add column officer_id uuid;
