-- A calendar as Hibernate makes one on SQLite, whose driver keeps times as milliseconds.
create table event (id integer, active boolean not null, title varchar(255), price numeric(38,2), day date, starts timestamp not null, primary key (id));
create table guest (event_id integer not null, name varchar(80) not null, primary key (event_id, name), foreign key (event_id) references event);
insert into event (active, title, price, day, starts) values (1, 'Opening', '12.50', 1795392000000, 1795419000123);
insert into guest values (1, 'Ada');
