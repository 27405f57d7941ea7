create table if not exists grain_state
(
    service_id  text        not null,
    grain_id    text        not null,
    state_name  text        not null,
    version     bigint      not null,
    payload     bytea,
    modified_at timestamptz not null default current_timestamp,
    primary key (service_id, grain_id, state_name)
);
