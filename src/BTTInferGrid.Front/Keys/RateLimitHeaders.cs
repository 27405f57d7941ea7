using System.Globalization;
using BTTInferGrid.Accounts;

namespace BTTInferGrid.Front.Keys;

/// <summary>Writes where a key stands with its limits, in OpenAI's headers. A limit that there is none of has no header.</summary>
internal static class RateLimitHeaders
{
    public static void Set(IHeaderDictionary headers, Admission standing)
    {
        Set(headers, "requests", standing.Requests);
        Set(headers, "tokens", standing.Tokens);
    }

    /// <summary>A duration as OpenAI writes it: <c>120ms</c>, <c>1.5s</c>, <c>6m0s</c>. Rounded up to milliseconds.</summary>
    public static string Format(TimeSpan time)
    {
        var milliseconds = (long)Math.Ceiling(time.TotalMilliseconds);
        if (milliseconds < 1000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        }

        var seconds = milliseconds % 60_000 / 1000m;
        return milliseconds < 60_000
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s")
            : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 60_000}m{seconds:0.###}s");
    }

    private static void Set(IHeaderDictionary headers, string unit, RateLimitStatus? status)
    {
        if (status is not null)
        {
            headers[$"x-ratelimit-limit-{unit}"] = status.Limit.ToString(CultureInfo.InvariantCulture);
            headers[$"x-ratelimit-remaining-{unit}"] = status.Remaining.ToString(CultureInfo.InvariantCulture);
            headers[$"x-ratelimit-reset-{unit}"] = Format(status.Reset);
        }
    }
}
