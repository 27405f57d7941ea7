using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Embedded.State;

/// <summary>Copies state into and out of the store, so that what a grain did not write does not reach it.</summary>
internal static class StateJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static byte[] Serialize<T>(T? value)
    {
        return JsonSerializer.SerializeToUtf8Bytes(value, Options);
    }

    public static T? Deserialize<T>(byte[] json)
    {
        return JsonSerializer.Deserialize<T>(json, Options);
    }
}
