using BTTInferGrid.Chain.Abi;
using BTTInferGrid.Chain.Tests.Peers;

namespace BTTInferGrid.Chain.Tests.Abi;

/// <summary>The same values, encoded by <c>cast</c>.</summary>
public sealed class CastAbiTests
{
    private const int Seed = 20261127;
    private static readonly int Cases = CastPeer.Cases(150);

    [Fact]
    public async Task Encode_RandomValues_IsWhatCastEncodes()
    {
        var samples = new RandomAbi(new Random(Seed));
        for (var i = 0; i < Cases; i++)
        {
            var sample = samples.Tuple();
            var encoded = new OneOf<object>(sample.Codec).Encode([], sample.Value);

            var expected = await CastPeer.AskAsync("abi-encode", $"f({sample.Codec.Type})", "--", sample.Text);

            Assert.True(
                expected == "0x" + Convert.ToHexStringLower(encoded), $"{sample.Codec.Type} {sample.Text}, seed {Seed}, case {i}: {expected}");
        }
    }
}
