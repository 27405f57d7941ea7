global using System.Collections.Concurrent;
global using Orleans.Conformance.Testing;
global using Orleans.Conformance.Testing.Grains;
global using Orleans.Storage;
