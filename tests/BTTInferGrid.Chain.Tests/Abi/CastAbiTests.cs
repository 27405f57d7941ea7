using System.Diagnostics;
using System.Runtime.InteropServices;
using BTTInferGrid.Chain.Abi;
using BTTInferGrid.Chain.Anvil;

namespace BTTInferGrid.Chain.Tests.Abi;

/// <summary>The same values, encoded by <c>cast</c>.</summary>
public sealed class CastAbiTests
{
    private const int Seed = 20261127;
    private const int Cases = 150;

    [Fact]
    public async Task Encode_RandomValues_IsWhatCastEncodes()
    {
        var samples = new RandomAbi(new Random(Seed));
        for (var i = 0; i < Cases; i++)
        {
            var sample = samples.Tuple();
            var encoded = new OneOf<object>(sample.Codec).Encode([], sample.Value);

            var expected = await CastAsync("abi-encode", $"f({sample.Codec.Type})", "--", sample.Text);

            Assert.True(
                expected == "0x" + Convert.ToHexStringLower(encoded), $"{sample.Codec.Type} {sample.Text}, seed {Seed}, case {i}: {expected}");
        }
    }

    private static async Task<string> CastAsync(params string[] arguments)
    {
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        var program = AnvilProgram.Find().Replace(
            $"anvil-linux-{architecture}/bin/anvil", $"cast-linux-{architecture}/bin/cast", StringComparison.Ordinal);
        using var cast = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await cast.StandardOutput.ReadToEndAsync();
        await cast.WaitForExitAsync();
        return output.Trim();
    }
}
