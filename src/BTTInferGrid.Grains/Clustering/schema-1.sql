-- What Orleans' ADO.NET providers need in PostgreSQL: the tables, and the queries by the names that the providers look for.
-- The providers read the queries once, when a silo or client starts.

create table grain_state (
    service_id text not null,
    state_name text not null,
    grain_key  text not null,
    version    integer not null,
    data       bytea,
    changed_at timestamptz not null default now(),
    primary key (service_id, state_name, grain_key)
);

create table cluster_version (
    cluster_id text primary key,
    version    integer not null
);

create table cluster_member (
    cluster_id    text not null references cluster_version,
    address       text not null,
    port          integer not null,
    generation    integer not null,
    silo_name     text not null,
    host_name     text not null,
    status        integer not null,
    gateway_port  integer not null,
    suspect_times text,
    started_at    timestamptz not null,
    alive_at      timestamptz not null,
    primary key (cluster_id, address, port, generation)
);

create table OrleansQuery (
    QueryKey  text primary key,
    QueryText text not null
);

insert into OrleansQuery values

-- State. A key that the provider has read as a number has no text or other numbers than 0: it finds nothing, and to write
-- it fails at grain_key. Where nothing is changed, the new version is null, which the provider takes for a conflict.

('ReadFromStorageKey', $$
    select data as PayloadBinary, version as Version
    from grain_state
    where service_id = @ServiceId and state_name = @GrainTypeString and grain_key = @GrainIdExtensionString
        and @GrainIdN0 = 0 and @GrainIdN1 = 0
$$),

('WriteToStorageKey', $$
    with changed as (
        update grain_state
        set version = version + 1, data = @PayloadBinary, changed_at = now()
        where service_id = @ServiceId and state_name = @GrainTypeString and grain_key = @GrainIdExtensionString
            and version = @GrainStateVersion::integer
        returning version
    ), added as (
        insert into grain_state (service_id, state_name, grain_key, version, data)
        select @ServiceId, @GrainTypeString,
            case when @GrainIdN0 = 0 and @GrainIdN1 = 0 then @GrainIdExtensionString end, 1, @PayloadBinary
        where @GrainStateVersion::integer is null
        on conflict do nothing
        returning version
    )
    select (select version from changed union all select version from added) as NewGrainStateVersion
$$),

('ClearStorageKey', $$
    with changed as (
        update grain_state
        set version = version + 1, data = null, changed_at = now()
        where service_id = @ServiceId and state_name = @GrainTypeString and grain_key = @GrainIdExtensionString
            and version = @GrainStateVersion::integer
        returning version
    )
    select (select version from changed) as NewGrainStateVersion
$$),

('DeleteStorageKey', $$
    with deleted as (
        delete from grain_state
        where service_id = @ServiceId and state_name = @GrainTypeString and grain_key = @GrainIdExtensionString
            and version = @GrainStateVersion::integer
        returning version
    )
    select (select version + 1 from deleted) as NewGrainStateVersion
$$),

-- Members. Each change is one statement: it takes the version that the silo has read to the next, and touches the member
-- only if it could, so that of two silos with one view only one succeeds.

('GatewaysQueryKey', $$
    select address as Address, gateway_port as ProxyPort, generation as Generation
    from cluster_member
    where cluster_id = @DeploymentId and status = @Status and gateway_port > 0
$$),

('MembershipReadAllKey', $$
    select m.address as Address, m.port as Port, m.generation as Generation, m.silo_name as SiloName,
        m.host_name as HostName, m.status as Status, m.gateway_port as ProxyPort, m.suspect_times as SuspectTimes,
        m.started_at as StartTime, m.alive_at as IAmAliveTime, v.version as Version
    from cluster_version v left join cluster_member m on m.cluster_id = v.cluster_id
    where v.cluster_id = @DeploymentId
$$),

('MembershipReadRowKey', $$
    select m.address as Address, m.port as Port, m.generation as Generation, m.silo_name as SiloName,
        m.host_name as HostName, m.status as Status, m.gateway_port as ProxyPort, m.suspect_times as SuspectTimes,
        m.started_at as StartTime, m.alive_at as IAmAliveTime, v.version as Version
    from cluster_version v left join cluster_member m
        on m.cluster_id = v.cluster_id and m.address = @Address and m.port = @Port and m.generation = @Generation
    where v.cluster_id = @DeploymentId
$$),

('InsertMembershipVersionKey', $$
    with added as (
        insert into cluster_version values (@DeploymentId, 0) on conflict do nothing returning 1
    )
    select exists (select from added)
$$),

('InsertMembershipKey', $$
    with moved as (
        update cluster_version
        set version = version + 1
        where cluster_id = @DeploymentId and version = @Version and not exists (
            select from cluster_member
            where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning cluster_id
    ), added as (
        insert into cluster_member (
            cluster_id, address, port, generation, silo_name, host_name, status, gateway_port, started_at, alive_at)
        select cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        from moved
        returning 1
    )
    select exists (select from added)
$$),

('UpdateMembershipKey', $$
    with moved as (
        update cluster_version
        set version = version + 1
        where cluster_id = @DeploymentId and version = @Version and exists (
            select from cluster_member
            where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning cluster_id
    ), changed as (
        update cluster_member
        set status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
        where cluster_id in (select cluster_id from moved)
            and address = @Address and port = @Port and generation = @Generation
        returning 1
    )
    select exists (select from changed)
$$),

-- Only says that a silo lives. It changes nothing that others decide upon, and so not the version.
('UpdateIAmAlivetimeKey', $$
    update cluster_member
    set alive_at = @IAmAliveTime
    where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$$),

-- Only those that are declared dead (6). One that merely has not said for long that it lives is for the others to declare.
('CleanupDefunctSiloEntriesKey', $$
    delete from cluster_member
    where cluster_id = @DeploymentId and status = 6 and alive_at < @IAmAliveTime
$$),

('DeleteMembershipTableEntriesKey', $$
    with members as (
        delete from cluster_member where cluster_id = @DeploymentId
    )
    update cluster_version set version = version + 1 where cluster_id = @DeploymentId
$$);
