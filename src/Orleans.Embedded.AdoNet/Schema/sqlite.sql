create table if not exists grain_state
(
    service_id  text    not null,
    grain_id    text    not null,
    state_name  text    not null,
    version     integer not null,
    payload     blob,
    modified_at text    not null default current_timestamp,
    primary key (service_id, grain_id, state_name)
) strict, without rowid;
