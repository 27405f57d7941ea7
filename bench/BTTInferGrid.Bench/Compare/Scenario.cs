namespace BTTInferGrid.Bench.Compare;

/// <summary>One thing that is measured of a target.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Unit">Unit of the figure.</param>
/// <param name="MeasureAsync">Measures it once; the number is that of the round, so that no prompt comes twice.</param>
internal sealed record Scenario(string Name, string Unit, Func<ITarget, int, Task<double>> MeasureAsync);
