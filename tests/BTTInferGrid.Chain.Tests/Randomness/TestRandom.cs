using System.Globalization;
using System.Numerics;
using Xunit.Abstractions;

namespace BTTInferGrid.Chain.Tests.Randomness;

/// <summary>
/// Other cases in each run. The seed is printed; <c>BTTGRID_TEST_SEED</c> repeats a run that failed.
/// </summary>
internal sealed class TestRandom
{
    private readonly Random _random;

    public TestRandom(ITestOutputHelper output)
    {
        var given = Environment.GetEnvironmentVariable("BTTGRID_TEST_SEED");
        var seed = given is null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        output.WriteLine($"BTTGRID_TEST_SEED={seed}");
        _random = new Random(seed);
    }

    public int Next(int below)
    {
        return _random.Next(below);
    }

    public bool Flip()
    {
        return _random.Next(2) == 0;
    }

    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Bytes of any length below a bound; short ones are as likely as long ones.</summary>
    public byte[] BytesUpTo(int below)
    {
        return Bytes(Next(1 + Next(below)));
    }

    /// <summary>A number of any size up to so many bits; small ones are as likely as great ones.</summary>
    public BigInteger Number(int bits)
    {
        var size = Next(bits + 1);
        var number = new BigInteger(Bytes((size + 7) / 8), isUnsigned: true);
        return number & ((BigInteger.One << size) - 1);
    }

    /// <summary>Text of some scripts, quotes and line ends among it.</summary>
    public string Text(int below)
    {
        string[] parts = ["a", "Z", "0", " ", "\"", "\\", "\n", "é", "漢", "😀"];
        return string.Concat(Enumerable.Range(0, Next(below)).Select(_ => parts[Next(parts.Length)]));
    }
}
