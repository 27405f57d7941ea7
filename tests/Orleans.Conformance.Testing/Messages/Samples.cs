using System.Collections.Immutable;
using System.Numerics;
using Orleans.Concurrency;

namespace Orleans.Conformance.Testing.Messages;

[GenerateSerializer]
public enum Colour : byte
{
    Red = 1,
    Violet = 200,
}

[GenerateSerializer, Alias("test.point")]
public readonly record struct Point([property: Id(0)] int X, [property: Id(1)] int Y);

/// <summary>One member of each kind.</summary>
[GenerateSerializer]
public sealed class Everything
{
    [Id(0)]
    public bool Flag { get; set; }

    [Id(1)]
    public (sbyte, short, int, long) Negatives { get; init; }

    [Id(2)]
    public (byte, ushort, uint, ulong, char) Naturals { get; init; }

    [Id(3)]
    public (float, double, decimal) Real { get; init; }

    [Id(4)]
    public string? Text { get; init; }

    [Id(5)]
    public Guid Token { get; init; }

    [Id(6)]
    public (DateTime, DateTimeOffset, TimeSpan, DateOnly, TimeOnly) Times { get; init; }

    [Id(7)]
    public BigInteger Big { get; init; }

    [Id(8)]
    public byte[]? Bytes { get; init; }

    [Id(9)]
    public (ReadOnlyMemory<byte>, Memory<byte>) Memory { get; init; }

    [Id(10)]
    public string?[]? Names { get; init; }

    [Id(11)]
    public List<Point>? Points { get; init; }

    [Id(12)]
    public Dictionary<string, List<int>>? Map { get; init; }

    [Id(13)]
    public HashSet<long>? Set { get; init; }

    [Id(14)]
    public ImmutableArray<Colour> Colours { get; init; }

    [Id(15)]
    public ImmutableArray<int> NoArray { get; init; }

    [Id(16)]
    public ImmutableList<string>? Frozen { get; init; }

    [Id(17)]
    public ImmutableDictionary<int, string?>? FrozenMap { get; init; }

    [Id(18)]
    public (int?, Point?, Colour?) Maybe { get; init; }

    [Id(19)]
    public Uri? Address { get; init; }

    [Id(20)]
    public GrainId Grain { get; init; }

    [Id(21)]
    public SiloAddress? Silo { get; init; }

    [Id(22)]
    public Immutable<int[]> Promised { get; init; }

    [Id(23)]
    public object? Any { get; init; }

    [Id(24)]
    public Exception? Error { get; init; }

    public static Everything Sample { get; } = new()
    {
        Flag = true,
        Negatives = (sbyte.MinValue, short.MinValue, int.MinValue, long.MinValue),
        Naturals = (byte.MaxValue, ushort.MaxValue, uint.MaxValue, ulong.MaxValue, '\uFFFF'),
        Real = (float.Epsilon, double.MaxValue, -79228162514264337593543950335m),
        Text = "Grüße, 世界",
        Token = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
        Times = (new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.FromHours(-7)),
            TimeSpan.MinValue, DateOnly.MaxValue, TimeOnly.MaxValue),
        Big = -BigInteger.Pow(2, 200),
        Bytes = [1, 2, 3],
        Memory = (new byte[] { 4 }, new byte[] { 5, 6 }),
        Names = ["a", null, string.Empty],
        Points = [new(1, -2), default],
        Map = new() { ["one"] = [1, 11], ["none"] = [] },
        Set = [5, -5],
        Colours = [Colour.Violet, (Colour)77],
        Frozen = ["x", "y"],
        FrozenMap = ImmutableDictionary<int, string?>.Empty.Add(1, "one").Add(2, null),
        Maybe = (7, null, Colour.Red),
        Address = new Uri("https://example.org/a?b=c#d"),
        Grain = GrainId.Create("type", "key"),
        Silo = SiloAddress.FromParsableString("127.0.0.1:11111@42"),
        Promised = new Immutable<int[]>([1, 2]),
        Any = new Point(3, 4),
        Error = new TimeoutException("late"),
    };
}

[GenerateSerializer, Alias("test.animal")]
public abstract record Animal([property: Id(0)] string Name);

[GenerateSerializer, Alias("test.dog")]
public record Dog(string Name, [property: Id(0)] int Age) : Animal(Name);

[GenerateSerializer, Alias("test.puppy")]
public sealed record Puppy(string Name, int Age, List<string> Toys) : Dog(Name, Age)
{
    [Id(7)]
    private readonly int _secret = Age * 2;

    public int Secret => _secret;
}

public sealed record Stray(string Name) : Animal(Name);

[GenerateSerializer]
public sealed class Node
{
    [Id(0)]
    public Node? Next { get; set; }

    [Id(1)]
    public List<Node> Children { get; set; } = [];
}

[GenerateSerializer]
public sealed class VersionOne
{
    [Id(0)]
    public string? Kept { get; set; }

    [Id(1)]
    public Dictionary<string, Point>? DroppedMap { get; set; }

    [Id(2)]
    public double DroppedNumber { get; set; }

    [Id(3)]
    public float DroppedFloat { get; set; }

    [Id(4)]
    public long DroppedLong { get; set; }

    [Id(5)]
    public long Narrowed { get; set; }
}

[GenerateSerializer]
public sealed class VersionTwo
{
    [Id(0)]
    public string? Kept { get; set; }

    [Id(5)]
    public int Narrowed { get; set; }

    [Id(6)]
    public List<int> Added { get; set; } = [1];

    [Id(7)]
    public int AddedNumber { get; set; } = 5;
}

[GenerateSerializer]
public sealed class OtherType
{
    [Id(0)]
    public double Kept { get; set; }
}

[GenerateSerializer, Alias("test.failure")]
public abstract class FailureException(string message, int code) : Exception(message)
{
    [Id(0)]
    public int Code { get; } = code;
}

[GenerateSerializer, Alias("test.detailed")]
public sealed class DetailedException(int code, string detail) : FailureException($"Failed with {code}: {detail}", code)
{
    [Id(0)]
    public string Detail { get; } = detail;
}

public sealed class UnmarkedException(string message) : InvalidOperationException(message);
