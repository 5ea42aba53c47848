-- Items of a playbook fall due like other work on a case. Which kinds there are, the program
-- says; here only that it is one word.

alter table p_due drop constraint p_due_kind_check;
alter table p_due add constraint p_due_kind_check check (kind ~ '^[A-Za-z]{1,40}$') not valid;
