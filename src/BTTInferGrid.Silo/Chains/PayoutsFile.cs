using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using BTTInferGrid.Chain.Payouts;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Files;

namespace BTTInferGrid.Silo.Chains;

/// <summary>The published payouts of an epoch.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Payouts">What each account has earned in all until its end.</param>
internal sealed record PayoutsFile(ulong Epoch, IReadOnlyList<Payout> Payouts)
{
    // Some 600,000 accounts.
    private const int MaxBytes = 64 << 20;

    // Of 2^256 - 1.
    private const int MaxDigits = 78;

    /// <exception cref="ConfigurationException">The file cannot be read, or has a mistake.</exception>
    public static PayoutsFile Read(string path)
    {
        var file = JsonFile<PayoutsJson>.Read(path, PayoutsContext.Default.PayoutsJson, MaxBytes);
        var payouts = new Payout[file.Value.Payouts.Count];
        for (var i = 0; i < payouts.Length; i++)
        {
            payouts[i] = PayoutOf(file, i);
        }

        return new PayoutsFile(file.Value.Epoch, payouts);
    }

    private static Payout PayoutOf(JsonFile<PayoutsJson> file, int index)
    {
        try
        {
            var (account, cumulative) = file.Value.Payouts[index] ?? throw new FormatException("it is null.");
            return cumulative.Length <= MaxDigits && BigInteger.TryParse(cumulative, NumberStyles.None, CultureInfo.InvariantCulture, out var wei) && Wei.IsAmount(wei)
                ? new Payout(Address.Parse(account), wei)
                : throw new FormatException("'cumulative' must be a text with a number of wei, up to 2^256 - 1.");
        }
        catch (FormatException error)
        {
            throw file.Wrong($"payouts[{index}]", error.Message);
        }
    }
}

/// <summary>The file as it is written.</summary>
internal sealed record PayoutsJson
{
    public required ulong Epoch { get; init; }

    public required IReadOnlyList<PayoutJson?> Payouts { get; init; }
}

/// <summary>What one account has earned in all.</summary>
/// <param name="Account">Its address.</param>
/// <param name="Cumulative">Wei of the token, as decimal digits.</param>
internal sealed record PayoutJson(
    [property: JsonRequired] string Account, [property: JsonRequired] string Cumulative);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PayoutsJson))]
internal sealed partial class PayoutsContext : JsonSerializerContext;
