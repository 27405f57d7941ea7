global using Orleans.Embedded.Chaos;
global using Orleans.Embedded.Chaos.Cluster;
global using Orleans.Embedded.Chaos.Load;
global using Orleans.Embedded.Testing;

// Each test has processes of its own, which need the machine for themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
