-- Answers about an embargo fall due too. Cases from before have no row until they change, or
-- until `comity rebuild`.
alter table p_due drop constraint p_due_kind_check;
alter table p_due add constraint p_due_kind_check
  check (kind in ('records', 'consultation', 'remedy', 'followUp', 'embargoAnswer')) not valid;
