using System.Globalization;

namespace BTTInferGrid.Chain.Primitives;

/// <summary>The clock of blocks: seconds since 1970, in UTC.</summary>
public static class BlockTime
{
    private static readonly ulong Last = (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>A time for people, such as <c>2026-11-26 15:24:35Z</c>; that of another clock than a block's is told as seconds.</summary>
    /// <param name="seconds">Seconds since 1970.</param>
    public static string Format(ulong seconds) => seconds <= Last
        ? DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"second {seconds}");
}
