namespace BTTInferGrid.Bench.Compare;

/// <summary>One run whose figures are compared, each in a row of the table.</summary>
/// <param name="Rows">What the table calls the figures.</param>
/// <param name="MeasureAsync">Runs once and gives the figures in the order of the rows.</param>
internal sealed record Scenario(IReadOnlyList<Row> Rows, Func<ITarget, Task<double[]>> MeasureAsync);
