-- What the mailbox tells a reporter: that two officers opened the contact. Openings of which
-- the ground forbids to tell are in the case alone.

create table filing_contact_opened (
  id uuid primary key,
  filing_id uuid not null references filing (id),
  opened_on date not null,
  basis text not null
);

create index filing_contact_opened_of on filing_contact_opened (filing_id);
