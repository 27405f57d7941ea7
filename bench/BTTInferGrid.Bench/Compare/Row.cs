namespace BTTInferGrid.Bench.Compare;

/// <summary>A figure that a scenario measures.</summary>
internal sealed record Row(string Name, string Unit);
