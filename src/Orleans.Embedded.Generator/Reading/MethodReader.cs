using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Orleans.Embedded.Generator.Diagnostics;
using Orleans.Embedded.Generator.Model;

namespace Orleans.Embedded.Generator.Reading;

/// <summary>Reads a grain interface method and reports what no request could carry.</summary>
internal static class MethodReader
{
    private const string CancellationToken = "System.Threading.CancellationToken";

    public static MethodModel Read(IMethodSymbol method, bool isOverloaded, List<DiagnosticModel> diagnostics)
    {
        var display = method.ToDisplayString();
        if (method.IsGenericMethod)
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.Generic, method, display));
        }

        foreach (var parameter in method.Parameters.Where(static parameter => parameter.RefKind != RefKind.None))
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.ReferenceParameter, parameter, parameter.Name, display));
        }

        var tokens = method.Parameters
            .Where(static parameter => KnownTypes.Is(parameter.Type, CancellationToken)).ToArray();
        if (tokens.Length > 1)
        {
            diagnostics.Add(DiagnosticModel.Create(Descriptors.CancellationTokens, method, display));
        }

        if (KindOf(method) is not { } kind)
        {
            kind = ReturnKind.Void;
            diagnostics.Add(DiagnosticModel.Create(
                Descriptors.ReturnType, method, display, method.ReturnType.ToDisplayString()));
        }

        var result = ResultTypeOf(method);
        var resultCodec = result is null ? null : CodecReader.Find(result, method.GetReturnTypeAttributes());
        if (result is not null && resultCodec is null)
        {
            diagnostics.Add(DiagnosticModel.Create(
                Descriptors.NoCodec, method, $"The result of {display}", result.ToDisplayString()));
        }

        return new MethodModel(
            method.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            method.Name,
            WireName(method, isOverloaded),
            kind,
            method.ReturnType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            result?.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            resultCodec,
            new EquatableArray<ValueModel>(
                method.Parameters.Select(parameter => ReadParameter(parameter, display, diagnostics)).ToArray()),
            tokens.Length == 1 ? tokens[0].Ordinal : -1,
            OptionsOf(method),
            KnownTypes.AttributeText(method, "Orleans.ResponseTimeoutAttribute"));
    }

    private static ReturnKind? KindOf(IMethodSymbol method)
    {
        return method.ReturnsVoid
            ? ReturnKind.Void
            : method.ReturnType.OriginalDefinition.ToDisplayString(KnownTypes.Metadata) switch
            {
                "System.Threading.Tasks.Task" => ReturnKind.Task,
                "System.Threading.Tasks.Task<TResult>" => ReturnKind.TaskOfT,
                "System.Threading.Tasks.ValueTask" => ReturnKind.ValueTask,
                "System.Threading.Tasks.ValueTask<TResult>" => ReturnKind.ValueTaskOfT,
                "System.Collections.Generic.IAsyncEnumerable<T>" => ReturnKind.AsyncEnumerable,
                _ => null,
            };
    }

    private static ITypeSymbol? ResultTypeOf(IMethodSymbol method)
    {
        return KindOf(method) is not null && method.ReturnType is INamedTypeSymbol { TypeArguments.Length: 1 } type
            ? type.TypeArguments[0]
            : null;
    }

    private static ValueModel ReadParameter(
        IParameterSymbol parameter, string method, List<DiagnosticModel> diagnostics)
    {
        var type = parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        if (KnownTypes.Is(parameter.Type, CancellationToken))
        {
            return new ValueModel(type, null, IsImmutable: true);
        }

        var attributes = parameter.GetAttributes();
        var codec = CodecReader.Find(parameter.Type, attributes);
        if (codec is null && parameter.Type.TypeKind != TypeKind.TypeParameter)
        {
            diagnostics.Add(DiagnosticModel.Create(
                Descriptors.NoCodec, parameter, $"{parameter.Name} of {method}", parameter.Type.ToDisplayString()));
        }

        return new ValueModel(type, codec, CodecReader.IsImmutable(parameter.Type, attributes));
    }

    private static string WireName(IMethodSymbol method, bool isOverloaded)
    {
        var alias = KnownTypes.AttributeText(method, "Orleans.AliasAttribute");
        var types = method.Parameters.Select(static parameter => parameter.Type.ToDisplayString(KnownTypes.Metadata));
        return alias ?? (isOverloaded ? $"{method.Name}({string.Join(",", types)})" : method.Name);
    }

    private static string OptionsOf(IMethodSymbol method)
    {
        const string Prefix = "global::Orleans.Embedded.CodeGeneration.GrainMethodOptions.";
        var options = new List<string>();
        if (KnownTypes.HasAttribute(method, "Orleans.Concurrency.AlwaysInterleaveAttribute"))
        {
            options.Add(Prefix + "AlwaysInterleave");
        }

        if (KnownTypes.HasAttribute(method, "Orleans.Concurrency.ReadOnlyAttribute"))
        {
            options.Add(Prefix + "ReadOnly");
        }

        if (method.ReturnsVoid || KnownTypes.HasAttribute(method, "Orleans.Concurrency.OneWayAttribute"))
        {
            options.Add(Prefix + "OneWay");
        }

        if (KnownTypes.HasAttribute(method, "Orleans.Embedded.Edge.EdgeCallableAttribute"))
        {
            options.Add(Prefix + "EdgeCallable");
        }

        return options.Count == 0 ? Prefix + "None" : string.Join(" | ", options);
    }
}
