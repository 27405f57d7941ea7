global using System.Collections.Concurrent;
global using Orleans.Storage;
