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

-- The number of the cluster's view: each change of a status is one transaction that raises it.
create table if not exists cluster_version
(
    cluster_id text   not null primary key,
    version    bigint not null
);

-- The silos that a cluster has and had. A silo is named 'ip:port@generation'; its metadata is a JSON object of texts.
create table if not exists cluster_silo
(
    cluster_id  text        not null,
    silo        text        not null,
    name        text        not null,
    incarnation uuid        not null,
    status      smallint    not null,
    joined_at   timestamptz not null,
    changed_at  timestamptz not null,
    metadata    text        not null,
    primary key (cluster_id, silo)
);

-- The right of a silo to act, which it has until somebody takes the row away. One silo at an endpoint has it.
create table if not exists cluster_lease
(
    cluster_id text        not null,
    silo       text        not null,
    endpoint   text        not null,
    renewal    bigint      not null,
    renewed_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (cluster_id, silo),
    unique (cluster_id, endpoint)
);

-- Where grains are active. A row whose silo has no lease counts as absent.
create table if not exists grain_directory
(
    cluster_id         text   not null,
    grain_id           text   not null,
    silo               text   not null,
    activation_id      uuid   not null,
    membership_version bigint not null,
    primary key (cluster_id, grain_id)
);
create index if not exists grain_directory_silo on grain_directory (cluster_id, silo);

-- Each activation that is registered gets the next number.
create sequence if not exists grain_fencing_token;

comment on table cluster_silo is 'version 1';
