using System.Diagnostics;

namespace BTTInferGrid.Bench.Compare;

/// <summary>
/// When the tokens of a stream of events came. Looks only for what marks a token's event, so that the client costs as little
/// of the shared processors as it can.
/// </summary>
internal static class EventTimes
{
    /// <summary>Reads a stream to its end; milliseconds from the start of the watch to each event.</summary>
    public static async Task<List<double>> ReadAsync(
        Stream body, byte[] marker, Stopwatch watch, int outputTokens, Action? onFirstToken)
    {
        var times = new List<double>(outputTokens);
        var buffer = new byte[1 << 16];
        var held = 0;
        while (await body.ReadAsync(buffer.AsMemory(held)) is var read and > 0)
        {
            var now = watch.Elapsed.TotalMilliseconds;
            var rest = buffer.AsSpan(0, held + read);
            while (rest.IndexOf(marker) is var at and >= 0)
            {
                times.Add(now);
                if (times.Count == 1)
                {
                    onFirstToken?.Invoke();
                }

                rest = rest[(at + marker.Length)..];
            }

            // The tail may hold the beginning of a marker.
            rest = rest[Math.Max(0, rest.Length - marker.Length + 1)..];
            held = rest.Length;
            rest.CopyTo(buffer);
        }

        // A single token without a whole character is told by the end alone.
        if (times.Count == 0)
        {
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return times;
    }
}
