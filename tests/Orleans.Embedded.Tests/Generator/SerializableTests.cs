namespace Orleans.Embedded.Tests.Generator;

public sealed class SerializableTests
{
    [Theory]
    [InlineData("ORLEANS0004", "[GenerateSerializer] public class A { public int Wrong { get; set; } }")]
    [InlineData("ORLEANS0004", "[GenerateSerializer] public class A { private readonly int Wrong = 1; }")]
    [InlineData("ORLEANS0004", "[GenerateSerializer] public record A(int X) { public int Wrong { get; } }")]
    [InlineData("ORLEANS0012", "[GenerateSerializer] public class A { [Id(0)] public int X; [Id(0)] public int Wrong; }")]
    [InlineData("ORLEANS0012", "[GenerateSerializer] public record A(int X) { [Id(0)] public int Wrong; }")]
    [InlineData("ORLEANS0011", "[Alias(\"a\")] public class A { } [Alias(\"a\")] public class Wrong { }")]
    [InlineData("GRAIN0001", "[GenerateSerializer] public class Wrong<T> { [Id(0)] public int X; }")]
    [InlineData("GRAIN0002", "[GenerateSerializer] public class A { [Id(0)] public Action? Wrong; }")]
    [InlineData("GRAIN0002", "[GenerateSerializer] public class A { [Id(0)] public List<IDisposable>? Wrong; }")]
    [InlineData("GRAIN0003", "public class A { [GenerateSerializer] private class Wrong { } }")]
    public void Type_Mistake_IsReportedOnce(string id, string source)
    {
        var run = GeneratorRun.On(source);

        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains("Wrong", diagnostic.GetMessage(), StringComparison.Ordinal);
        Assert.Empty(run.Errors);
    }

    [Theory]
    [InlineData("public record A(int X, string? Y) { [field: NonSerialized] public int Z { get; } }")]
    [InlineData("public class A { [NonSerialized] private int _x; [Id(1)] public required string Y { get; init; } }")]
    [InlineData("public abstract class A { [Id(0)] protected int X; public int Twice => X * 2; }")]
    [InlineData("public readonly struct A { [Id(0)] public readonly int X; [Id(4294967295)] internal A[]? Y { get; } }")]
    [InlineData("public class A { private int _x; [Id(0)] public int X { get => _x; set => _x = value; }"
        + " [NonSerialized] private int _y; }", "ORLEANS0004")]
    [InlineData("internal class A(int x) { [Id(0)] public int X { get; } = x; [Id(1)] public A? Next; static int s_y; }")]
    [InlineData("public class A : Exception { [Id(0)] public (int, A)[]? X { get; private set; } }")]
    [InlineData("public enum A { One }")]
    public void Type_Allowed_GeneratesCodeThatCompiles(string declaration, string? expected = null)
    {
        var run = GeneratorRun.On("[GenerateSerializer] " + declaration);

        Assert.Equal(expected, run.Diagnostics.SingleOrDefault()?.Id);
        Assert.Empty(run.Errors);
    }
}
