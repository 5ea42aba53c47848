-- Officers' sealing keys: who holds which is in the authority stream; the work on
-- them (proposals, recovery, sealing again) is in a stream of its own.

alter table stream drop constraint stream_kind_check;
-- serves on: one short row a stream is read.
alter table stream add constraint stream_kind_check
  check (kind in ('case', 'agreement', 'law', 'authority', 'sealing'));

-- Only what the setup listed stands here; an officer without a key yet has none.
alter table officer alter column sealing_recipient drop not null;

-- Digest of the roster that a part is sealed to now, and of the salted text inside.
-- serves on: the checks are on new columns, and one row a report is read.
alter table filing
  add column report_sealed_for text,
  add column contact_sealed_for text,
  add column report_digest bytea check (octet_length(report_digest) = 32),
  add column contact_digest bytea check (octet_length(contact_digest) = 32);
-- serves on: one row a report, written once; filing waits for a moment and goes on.
update filing set
  report_sealed_for = accepted_receipt -> 'receipt' ->> 'recipientsDigest',
  contact_sealed_for = accepted_receipt -> 'receipt' ->> 'recipientsDigest';
-- serves on: one row a report is read.
create index filing_report_sealed_for on filing (report_sealed_for);
