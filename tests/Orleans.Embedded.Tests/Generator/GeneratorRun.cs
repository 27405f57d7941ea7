using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Orleans.Embedded.CodeGeneration;

namespace Orleans.Embedded.Tests.Generator;

/// <summary>Runs the generator on a source text, as the compiler does.</summary>
internal sealed class GeneratorRun
{
    private static readonly Type Generator = LoadGenerator();
    private readonly GeneratorDriver _driver;
    private readonly CSharpCompilation _compilation;

    private GeneratorRun(GeneratorDriver driver, CSharpCompilation compilation)
    {
        _driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        _compilation = compilation;
        Diagnostics = [.. diagnostics];
        Errors = [.. output.GetDiagnostics().Where(static item => item.Severity == DiagnosticSeverity.Error)];
    }

    /// <summary>What the generator reported.</summary>
    public Diagnostic[] Diagnostics { get; }

    /// <summary>What the compiler reports of the source and the generated code together.</summary>
    public Diagnostic[] Errors { get; }

    public GeneratorRunResult Result => _driver.GetRunResult().Results.Single();

    public static GeneratorRun On(string source)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        var references = AppDomain.CurrentDomain.GetAssemblies()
            .Where(static assembly => !assembly.IsDynamic && assembly.Location.Length > 0)
            .Where(static assembly => assembly == typeof(Grain).Assembly
                || !assembly.IsDefined(typeof(GrainManifestAttribute)))
            .Select(static assembly => MetadataReference.CreateFromFile(assembly.Location));
        var compilation = CSharpCompilation.Create("Generated.Here", [Parse(source)], references, options);
        var generator = ((IIncrementalGenerator)Activator.CreateInstance(Generator)!).AsSourceGenerator();
        var driver = CSharpGeneratorDriver.Create(
            [generator],
            driverOptions: new GeneratorDriverOptions(
                IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return new GeneratorRun(driver, compilation);
    }

    /// <summary>Runs again with one more file.</summary>
    public GeneratorRun Adding(string source)
    {
        return new GeneratorRun(_driver, _compilation.AddSyntaxTrees(Parse(source)));
    }

    private static SyntaxTree Parse(string source)
    {
        return CSharpSyntaxTree.ParseText("""
            using System;
            using System.Collections.Generic;
            using System.Threading;
            using System.Threading.Tasks;
            using Orleans;
            using Orleans.Concurrency;

            """ + source);
    }

    private static Type LoadGenerator()
    {
        var path = typeof(GeneratorRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(static item => item.Key == "GrainGenerator").Value!;
        return Assembly.LoadFrom(path).GetType("Orleans.Embedded.Generator.GrainGenerator", throwOnError: true)!;
    }
}
