using System.Globalization;
using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Silo.Chains;

/// <summary>What a chain has, for people.</summary>
internal static class ChainText
{
    /// <summary>Digits of wei, as an amount of BTT.</summary>
    public static string Btt(string wei) => Wei.FormatBtt(BigInteger.Parse(wei, NumberStyles.None, CultureInfo.InvariantCulture));
}
