-- Exhibits that are files: when one was taken and not yet recorded in its case. What
-- stays so was cut short, and is removed.

alter table exhibit_blob add column staged_at timestamptz;
