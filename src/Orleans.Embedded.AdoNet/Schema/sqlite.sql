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

-- The number of the cluster's view: each change of a status is one transaction that raises it.
create table if not exists cluster_version
(
    cluster_id text    not null primary key,
    version    integer not null
) strict, without rowid;

-- The silos that a cluster has and had. A silo is named 'ip:port@generation'; its metadata is a JSON object of texts.
-- Times are milliseconds since 1970.
create table if not exists cluster_silo
(
    cluster_id  text    not null,
    silo        text    not null,
    name        text    not null,
    incarnation text    not null,
    status      integer not null,
    joined_at   integer not null,
    changed_at  integer not null,
    metadata    text    not null,
    primary key (cluster_id, silo)
) strict, without rowid;

-- The right of a silo to act, which it has until somebody takes the row away. One silo at an endpoint has it.
create table if not exists cluster_lease
(
    cluster_id text    not null,
    silo       text    not null,
    endpoint   text    not null,
    renewal    integer not null,
    renewed_at integer not null,
    expires_at integer not null,
    primary key (cluster_id, silo),
    unique (cluster_id, endpoint)
) strict, without rowid;

-- Where grains are active. A row whose silo has no lease counts as absent.
create table if not exists grain_directory
(
    cluster_id         text    not null,
    grain_id           text    not null,
    silo               text    not null,
    activation_id      text    not null,
    membership_version integer not null,
    primary key (cluster_id, grain_id)
) strict, without rowid;
create index if not exists grain_directory_silo on grain_directory (cluster_id, silo);

-- Each activation that is registered gets the next number.
create table if not exists grain_fencing_token
(
    last_token integer not null
) strict;
insert into grain_fencing_token (last_token) select 0 where not exists (select 1 from grain_fencing_token);

pragma user_version = 1;
