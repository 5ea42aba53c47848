-- Beside each file of a report a cleaned copy may be sealed.

alter table filing_attachment drop constraint filing_attachment_position_check;
-- Not valid: what is there fits, and nothing is read under the lock.
alter table filing_attachment add constraint filing_attachment_position_check
  check (position between 0 and 19) not valid;
