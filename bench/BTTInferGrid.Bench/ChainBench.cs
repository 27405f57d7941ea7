using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Keystore;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.TypedData;

namespace BTTInferGrid.Bench;

/// <summary>What signatures and keystores cost on one core.</summary>
internal static class ChainBench
{
    public const string Usage = "usage: BTTInferGrid.Bench chain [rounds]";

    private const int Hashes = 2_000;

    private static readonly TypedDomain Domain = new("Bench", "1", 199, Address.Zero);

    public static void Run(IReadOnlyList<string> args)
    {
        var rounds = args is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 5;
        using var key = PrivateKey.Create();
        var hashes = Enumerable.Range(0, Hashes).Select(static i => Hash32.Of(BitConverter.GetBytes(i))).ToArray();
        var signatures = hashes.Select(key.Sign).ToArray();

        Console.WriteLine("| | per second, median [min-max] |");
        Console.WriteLine("|---|---|");
        Measure("sign a hash", rounds, Hashes, i => key.Sign(hashes[i]));
        Measure("recover the signer of a hash", rounds, Hashes, i => signatures[i].Recover(hashes[i]));
        Measure("hash 32 bytes", rounds, Hashes, i => Hash32.Of(hashes[i].ToBytes()));
        Measure("hash a struct of 4 members with its domain", rounds, Hashes, i => Voucher(i).SigningHash(Domain));
        Measure("open a keystore, scrypt at its standard cost", rounds, 1, Open(key, ScryptCost.Standard));
        Measure("open a keystore, scrypt at its light cost", rounds, 10, Open(key, ScryptCost.Light));
    }

    private static TypedStruct Voucher(BigInteger amount)
    {
        return new TypedStruct("Voucher").AddAddress("payer", Address.Zero).AddAddress("collector", Address.Zero)
            .AddUInt("amount", amount).AddBytes32("receipts", default);
    }

    private static Action<int> Open(PrivateKey key, ScryptCost cost)
    {
        var json = KeystoreV3.Encrypt(key, "password", cost);
        return _ => KeystoreV3.Decrypt(json, "password").Dispose();
    }

    private static void Measure(string what, int rounds, int count, Action<int> act)
    {
        var rates = new List<double>();
        for (var round = -1; round < rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < count; i++)
            {
                act(i);
            }

            // The first round only warms up.
            if (round >= 0)
            {
                rates.Add(count / watch.Elapsed.TotalSeconds);
            }
        }

        Console.WriteLine($"| {what} | {Percentiles.Of(rates).Spread(rates[0] < 100 ? "F2" : "F0")} |");
    }
}
