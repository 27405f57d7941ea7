using System.Security.Cryptography;

namespace BTTInferGrid.Front.Completions;

/// <summary>Ids of the jobs that a request becomes, and the response's header that tells them.</summary>
internal static class JobId
{
    private const string Header = "x-job-id";
    private const int Digits = 32;

    /// <summary>A new id: 128 random bits in hex.</summary>
    public static string Create() => RandomNumberGenerator.GetHexString(Digits, lowercase: true);

    /// <summary>Puts the ids into the response, in the order of the answers.</summary>
    public static void Tell(HttpResponse response, params string[] ids) => response.Headers[Header] = string.Join(", ", ids);

    /// <summary>The ids that the response tells, for a log.</summary>
    public static string Of(HttpResponse response) =>
        response.Headers[Header].ToString() is { Length: > 0 } ids ? ids : "none";
}
