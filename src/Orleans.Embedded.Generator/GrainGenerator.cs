using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Orleans.Embedded.Generator.Model;
using Orleans.Embedded.Generator.Reading;
using Orleans.Embedded.Generator.Writing;

namespace Orleans.Embedded.Generator;

/// <summary>
/// Writes, for each grain interface of the compilation, a reference class with one request class per method; for each
/// type that crosses between silos a codec; and for the assembly a manifest that leads the runtime to all of them.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class GrainGenerator : IIncrementalGenerator
{
    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var interfaces = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => node is InterfaceDeclarationSyntax { BaseList: not null },
                static (syntax, cancellation) => ReadInterface(syntax, cancellation))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName("GrainInterfaces");

        var classes = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => node is ClassDeclarationSyntax { BaseList: not null },
                static (syntax, cancellation) => ReadClass(syntax, cancellation))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName("GrainClasses");

        var types = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownTypes.SerializableAttribute,
                static (_, _) => true,
                static (syntax, _) => SerializableReader.Read((INamedTypeSymbol)syntax.TargetSymbol))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName("SerializableTypes");

        var aliases = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                "Orleans.AliasAttribute",
                static (_, _) => true,
                static (syntax, _) => AliasReader.Read(syntax.TargetSymbol, syntax.Attributes[0]))
            .Where(static model => model is not null)
            .Select(static (model, _) => model!);

        var assembly = context.CompilationProvider.Select(static (compilation, _) => AssemblyReader.Read(compilation));
        var assemblyName = assembly.Select(static (model, _) => model.Name);

        context.RegisterSourceOutput(interfaces.Combine(assemblyName), static (output, pair) =>
        {
            var (model, name) = pair;
            foreach (var diagnostic in model.Diagnostics)
            {
                output.ReportDiagnostic(diagnostic.ToDiagnostic());
            }

            if (model.IsValid)
            {
                output.AddSource($"{model.GeneratedName}.g.cs", ProxyWriter.Write(model, name));
            }
        });

        context.RegisterSourceOutput(types.Combine(assemblyName), static (output, pair) =>
        {
            var (model, name) = pair;
            foreach (var diagnostic in model.Diagnostics)
            {
                output.ReportDiagnostic(diagnostic.ToDiagnostic());
            }

            if (model.Diagnostics.Count == 0)
            {
                output.AddSource($"{model.GeneratedName}.g.cs", CodecWriter.Write(model, name));
            }
        });

        context.RegisterSourceOutput(aliases.Collect(), static (output, all) => ReportClashes(output, all));

        context.RegisterSourceOutput(
            interfaces.Collect().Combine(classes.Collect()).Combine(types.Collect()).Combine(assembly),
            static (output, all) => WriteManifest(
                output, all.Left.Left.Left, all.Left.Left.Right, all.Left.Right, all.Right));
    }

    private static InterfaceModel? ReadInterface(GeneratorSyntaxContext syntax, CancellationToken cancellation)
    {
        return syntax.SemanticModel.GetDeclaredSymbol(syntax.Node, cancellation) is INamedTypeSymbol symbol
            && IsFirstDeclaration(symbol, syntax.Node)
            ? InterfaceReader.Read(symbol, cancellation)
            : null;
    }

    private static ClassModel? ReadClass(GeneratorSyntaxContext syntax, CancellationToken cancellation)
    {
        return syntax.SemanticModel.GetDeclaredSymbol(syntax.Node, cancellation) is INamedTypeSymbol symbol
            && IsFirstDeclaration(symbol, syntax.Node)
            ? ClassReader.Read(symbol)
            : null;
    }

    /// <summary>Whether this part of a partial type, the first with a base list, stands for the whole.</summary>
    private static bool IsFirstDeclaration(INamedTypeSymbol symbol, SyntaxNode node)
    {
        var first = symbol.DeclaringSyntaxReferences.FirstOrDefault(
            static part => part.GetSyntax() is TypeDeclarationSyntax { BaseList: not null });
        return first is not null && first.SyntaxTree == node.SyntaxTree && first.Span == node.Span;
    }

    private static void ReportClashes(SourceProductionContext output, ImmutableArray<AliasModel> aliases)
    {
        foreach (var clash in aliases.GroupBy(static item => item.Alias).SelectMany(static group => group.Skip(1)))
        {
            output.ReportDiagnostic(clash.Clash.ToDiagnostic());
        }
    }

    private static void WriteManifest(
        SourceProductionContext output,
        ImmutableArray<InterfaceModel> interfaces,
        ImmutableArray<ClassModel> classes,
        ImmutableArray<SerializableModel> types,
        AssemblyModel assembly)
    {
        if (!interfaces.IsEmpty || !classes.IsEmpty || !types.IsEmpty || assembly.GrainAssemblies.Count > 0)
        {
            output.AddSource("GrainManifest.g.cs", ManifestWriter.Write(interfaces, classes, types, assembly));
        }
    }
}
