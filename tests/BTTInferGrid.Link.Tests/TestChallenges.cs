using System.Security.Cryptography;

namespace BTTInferGrid.Link.Tests;

internal static class TestChallenges
{
    /// <summary>A challenge with new nonces.</summary>
    public static LinkChallenge Next() => new(
        "grid-1",
        "front.example",
        LinkProtocol.MinerRole,
        RandomNumberGenerator.GetBytes(LinkProtocol.NonceBytes),
        RandomNumberGenerator.GetBytes(LinkProtocol.NonceBytes),
        1_800_000_000);
}
