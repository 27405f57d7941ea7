global using System.Collections.Concurrent;
global using Orleans.Conformance.Testing;
global using Orleans.Conformance.Testing.Grains;
global using Orleans.Embedded.Testing;
global using Orleans.Embedded.Tests.Grains;
global using Orleans.Embedded.Tests.Support;
global using Orleans.Storage;
