-- Found by kind: who was trained is counted from what the sites wrote (a few rows for each member of staff).
create index journal_training on journal (kind)
where kind in ('staff.certified', 'staff.emergency_trained', 'staff.removed');
