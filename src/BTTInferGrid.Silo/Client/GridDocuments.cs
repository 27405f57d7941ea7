namespace BTTInferGrid.Silo.Client;

/// <summary>The answer of <c>GET /v1/grid/miners</c>.</summary>
internal sealed record MinersDocument(IReadOnlyList<MinerDocument> Miners);

/// <summary>A miner as the grid sees it. Times are UTC, speeds in tokens per second, asks in millionths of a BTT for 1,000 tokens.</summary>
internal sealed record MinerDocument(
    string Id, string Model, string State, string Reason, DateTimeOffset Since, int ContextTokens, int Slots, string Backend,
    AskDocument Ask, SpeedDocument Speed, int Running, int Waiting, TallyDocument Jobs);

/// <summary>The body of <c>PUT /v1/grid/miners/{id}/suspension</c>.</summary>
internal sealed record SuspensionDocument(string Reason);

internal sealed record AskDocument(long Prompt, long Output);

internal sealed record SpeedDocument(double PrefillTokensPerSecond, double DecodeTokensPerSecond);

internal sealed record TallyDocument(long Completed, long Failed, int FailedInARow, long OutputTokens);

/// <summary>The answer of <c>GET /v1/grid/models</c>.</summary>
internal sealed record ServedModelsDocument(IReadOnlyList<ServedModelDocument> Models);

internal sealed record ServedModelDocument(
    string Id, string Profile, int ContextTokens, int ActiveMiners, AskDocument? LowestAsk, AskDocument? HighestAsk);

/// <summary>What <c>bttgrid ps</c> tells: the grid, what it serves, and who serves it.</summary>
internal sealed record StatusDocument(
    Uri Url, IReadOnlyList<ServedModelDocument> Models, IReadOnlyList<MinerDocument> Miners);
