-- What is owed to a reporter: feedback, and an answer about protection.

alter table p_due drop constraint p_due_kind_check;
alter table p_due add constraint p_due_kind_check check (kind in ('records', 'consultation',
  'remedy', 'followUp', 'embargoAnswer', 'reporterFeedback', 'protection')) not valid;
