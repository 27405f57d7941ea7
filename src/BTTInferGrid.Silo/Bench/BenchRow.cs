namespace BTTInferGrid.Silo.Bench;

/// <summary>What <c>bttgrid bench</c> tells.</summary>
internal sealed record BenchDocument(Uri Url, string Model, int Rounds, int TokensPerRound, IReadOnlyList<BenchRow> Results);

/// <summary>The figures of one number of streams. Times are in milliseconds; a gap is the time from one piece of text to the next.</summary>
internal sealed record BenchRow(
    int Streams, int Answers, double TokensPerSecond, double TokensPerSecondLowest, double TokensPerSecondHighest, double FirstTextP50,
    double FirstTextP99, double? GapP50, double? GapP99);
