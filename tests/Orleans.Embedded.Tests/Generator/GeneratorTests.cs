using Microsoft.CodeAnalysis;

namespace Orleans.Embedded.Tests.Generator;

public sealed class GeneratorTests
{
    [Theory]
    [InlineData("ORLEANS0009", "string Wrong();")]
    [InlineData("ORLEANS0009", "List<Task> Wrong();")]
    [InlineData("ORLEANS0008", "int Wrong { get; }")]
    [InlineData("ORLEANS0002", "Task Wrong(ref int value);")]
    [InlineData("ORLEANS0002", "Task Wrong(out int value);")]
    [InlineData("ORLEANS0002", "Task Wrong(in int value);")]
    [InlineData("ORLEANS0109", "Task Wrong(CancellationToken one, CancellationToken two);")]
    [InlineData("GRAIN0001", "Task Wrong<T>(T value);")]
    [InlineData("GRAIN0002", "Task Right(Action Wrong);")]
    [InlineData("GRAIN0002", "Task<List<IDisposable>> Wrong();")]
    [InlineData("GRAIN0002", "IAsyncEnumerable<Action> Wrong();")]
    public void Interface_MemberThatNoRequestCanCarry_IsReportedOnceAtTheMember(string id, string member)
    {
        var run = GeneratorRun.On($$"""
            public interface IParentGrain : IGrainWithStringKey { {{member}} }
            public interface IChildGrain : IParentGrain { Task Right(); }
            """);

        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Empty(run.Errors);
        Assert.Contains("Wrong", diagnostic.GetMessage(), StringComparison.Ordinal);
        Assert.Equal(6, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Theory]
    [InlineData("Task A();")]
    [InlineData("Task<int> A();")]
    [InlineData("ValueTask A();")]
    [InlineData("ValueTask<string?> A();")]
    [InlineData("IAsyncEnumerable<int?> A(CancellationToken token = default);")]
    [InlineData("void A();")]
    [InlineData("Task A(int @class, string? @void, params int[] rest);")]
    [InlineData("Task<(int A, string? B)> A((int X, int Y) pair, int? maybe, Dictionary<string, List<int[]>> map);")]
    [InlineData("Task A(int a); Task A(string a); Task<int> A(int[] a, CancellationToken token);")]
    [InlineData("[OneWay] Task A(); [ReadOnly] Task B(); [AlwaysInterleave, ResponseTimeout(\"00:00:05\")] Task C();")]
    [InlineData("[Obsolete] Task A(); [Alias(\"x\")] Task B();")]
    [InlineData("Task A() => Task.CompletedTask; static int B() => 1;")]
    public void Interface_AllowedMembers_GenerateCodeThatCompiles(string members)
    {
        var run = GeneratorRun.On($"public interface IAllowedGrain : IGrainWithStringKey {{ {members} }}");

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.Errors);
        Assert.Equal(2, run.Result.GeneratedSources.Length);
    }

    [Fact]
    public void Interface_NestedInheritedPartialAndInternal_GenerateCodeThatCompiles()
    {
        var run = GeneratorRun.On("""
            namespace @namespace.Inner
            {
                public interface IBase { Task Shared(); }
                internal partial interface IFirst : IGrainWithStringKey, IBase { Task One(); }
                internal partial interface IFirst : IGrainWithStringKey { Task Two(); }
                public class Outer { internal interface INested : IGrainWithIntegerKey { Task Three(string outer); } }
                internal interface ISecond : IFirst { new Task One(); }
                internal class Both : Grain, ISecond, Outer.INested
                {
                    public Task Shared() => Task.CompletedTask;
                    public Task One() => Task.CompletedTask;
                    public Task Two() => Task.CompletedTask;
                    public Task Three(string outer) => Task.CompletedTask;
                }
            }
            """);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.Errors);
        var manifest = Manifest(run);
        Assert.Contains("AddGrain(typeof(global::@namespace.Inner.Both)", manifest, StringComparison.Ordinal);
        Assert.Equal(3, manifest.Split("AddInterface").Length - 1);
    }

    [Fact]
    public void Interface_GenericInterface_IsReported()
    {
        var run = GeneratorRun.On("public interface IGenericGrain<T> : IGrainWithStringKey { Task Set(T value); }");

        Assert.Equal("GRAIN0001", Assert.Single(run.Diagnostics).Id);
    }

    [Fact]
    public void Assembly_WithoutGrains_GetsNoManifest()
    {
        var run = GeneratorRun.On("public interface INoGrain : IDisposable { int Any { get; } }");

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.Result.GeneratedSources);
    }

    [Fact]
    public void Class_AbstractOrWithoutGrainInterface_IsNotListed()
    {
        var run = GeneratorRun.On("""
            public interface IOneGrain : IGrainWithStringKey { Task A(); }
            public abstract class Unfinished : Grain, IOneGrain { public abstract Task A(); }
            public class Plain : Grain { }
            """);

        Assert.Empty(run.Errors);
        Assert.DoesNotContain("AddGrain", Manifest(run), StringComparison.Ordinal);
    }

    [Fact]
    public void Interface_Alias_NamesItInRequests()
    {
        var run = GeneratorRun.On(
            "[Alias(\"miner\")] public interface IMinerGrain : IGrainWithStringKey { Task A(); }");

        Assert.Contains("\"miner\"", Manifest(run), StringComparison.Ordinal);
    }

    [Fact]
    public void Interface_MarksOfEdgeSilos_AreInManifestAndRequests()
    {
        var run = GeneratorRun.On("""
            using Orleans.Embedded.Edge;
            public interface IBase { [EdgeCallable, ReadOnly] Task Shared(); }
            [EdgeHosted] public interface IEdgeGrain : IGrainWithStringKey, IBase { Task Own(); }
            public interface ICoreGrain : IGrainWithStringKey { Task Own(); }
            """);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.Errors);
        var hosted = Manifest(run).Split('\n').Single(
            static line => line.Contains("isEdgeHosted: true", StringComparison.Ordinal));
        Assert.Contains("IEdgeGrain", hosted, StringComparison.Ordinal);
        var callable = run.Result.GeneratedSources.SelectMany(static source => source.SourceText.Lines)
            .Select(static line => line.ToString())
            .Where(static line => line.Contains("EdgeCallable", StringComparison.Ordinal));
        Assert.Contains("ReadOnly", Assert.Single(callable), StringComparison.Ordinal);
    }

    [Fact]
    public void Interface_EdgeHostedWithAnotherKey_IsReported()
    {
        var run = GeneratorRun.On(
            "[Orleans.Embedded.Edge.EdgeHosted] public interface INumberedGrain : IGrainWithIntegerKey { Task A(); }");

        Assert.Equal("GRAIN0004", Assert.Single(run.Diagnostics).Id);
    }

    [Fact]
    public void Run_UnrelatedFileAdded_WritesNothingAnew()
    {
        var run = GeneratorRun.On("public interface IStableGrain : IGrainWithStringKey { Task A(); }")
            .Adding("public class Unrelated { }");

        var outputs = run.Result.TrackedOutputSteps.SelectMany(static step => step.Value)
            .SelectMany(static step => step.Outputs)
            .Select(static output => output.Reason);

        Assert.All(outputs, static reason => Assert.Contains(
            reason, (IncrementalStepRunReason[])[IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged]));
    }

    private static string Manifest(GeneratorRun run)
    {
        return run.Result.GeneratedSources.Single(static source => source.HintName == "GrainManifest.g.cs")
            .SourceText.ToString();
    }
}
