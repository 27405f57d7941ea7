namespace Orleans.Embedded.Chaos;

/// <summary>The end of a process, and how long it took until all grains answered again.</summary>
internal sealed record Kill(string Name, TimeSpan Recovery);
