using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Tests.Routing;

/// <summary>Miners as silos report them.</summary>
internal static class Standings
{
    public const string Model = "model";
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static MinerStanding Of(
        string id, MinerState state = MinerState.Active, string reason = "it passed the probe.", int running = 0, string model = Model) => new(
        new MinerOffer(id, model, "profile", 1000, 4, "zen4"), state, reason, Now, new MinerSpeed(1000, 100),
        new MinerStatus(running, 0, 0, 0, false), default);

    public static MinerReport Report(string source, long sequence, bool isComplete, params MinerStanding[] miners) =>
        new(source, sequence, isComplete, [.. miners]);
}
