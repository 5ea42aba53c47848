-- The dates of a case's clocks as computed, with their zone, for the board of clocks.
-- Rows from before have none until their case changes, or until `comity rebuild`.
alter table p_deadline
  add column legal_order text,
  add column strict_due text,
  add column legal_due text;
