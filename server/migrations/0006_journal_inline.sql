-- An entry stands in its row as it came. Compressing it cost more time than all the rest of writing it down.

alter table journal set (toast_tuple_target = 8160);
