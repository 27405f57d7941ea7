using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Orleans.Embedded.Generator.Model;

namespace Orleans.Embedded.Generator.Writing;

/// <summary>Writes the request class of a grain interface method.</summary>
internal static class RequestWriter
{
    private const string Codec = GeneratedNames.Serialization + "Codec";

    public static void Write(StringBuilder text, InterfaceModel model, MethodModel method, string name)
    {
        var interfaceName = SymbolDisplay.FormatLiteral(model.Name, quote: true);
        var methodName = SymbolDisplay.FormatLiteral(method.WireName, quote: true);
        var timeout = method.ResponseTimeout is { } value ? SymbolDisplay.FormatLiteral(value, quote: true) : "null";
        var arguments = string.Join(", ", method.Parameters.Select(static (_, index) => $"A{index}"));
        var call = $"(({method.DeclaringType})target).@{method.Name}({arguments})";
        text.Append($$"""

                internal sealed class {{name}} : {{BaseClass(method)}}
                {
                    private static readonly {{GeneratedNames.Support}}GrainMethod s_method =
                        new {{GeneratedNames.Support}}GrainMethod(
                            {{interfaceName}}, {{methodName}}, {{method.Options}}, {{timeout}});

            """);
        WriteFields(text, method);
        text.Append($$"""

                    public override {{GeneratedNames.Support}}GrainMethod Method
                    {
                        get { return s_method; }
                    }

            """);
        WriteProperties(text, method);
        WriteArguments(text, method);
        text.Append($$"""

                    public override {{InvokeResult(method)}} Invoke(object target)
                    {
                        {{InvokeBody(method, call)}}
                    }
                }

            """);
    }

    private static void WriteFields(StringBuilder text, MethodModel method)
    {
        if (method.ResultCodec is not null)
        {
            text.Append($"        private static readonly {Codec}<{method.ResultType}> R = {method.ResultCodec};\n");
        }

        for (var i = 0; i < method.Parameters.Count; i++)
        {
            var parameter = method.Parameters[i];
            if (parameter.Codec is not null)
            {
                text.Append(
                    $"        private static readonly {Codec}<{parameter.TypeName}> C{i} = {parameter.Codec};\n");
            }

            text.Append($"        internal {parameter.TypeName} A{i};\n");
        }
    }

    private static void WriteProperties(StringBuilder text, MethodModel method)
    {
        if (method.ResultCodec is not null)
        {
            var property = method.ReturnKind == ReturnKind.AsyncEnumerable ? "ItemCodec" : "ResultCodec";
            text.Append($$"""

                        public override {{Codec}}<{{method.ResultType}}> {{property}}
                        {
                            get { return R; }
                        }

                """);
        }

        if (method.CancellationTokenIndex >= 0)
        {
            text.Append($$"""

                        public override global::System.Threading.CancellationToken CancellationToken
                        {
                            get { return A{{method.CancellationTokenIndex}}; }
                            set { A{{method.CancellationTokenIndex}} = value; }
                        }

                """);
        }
    }

    private static void WriteArguments(StringBuilder text, MethodModel method)
    {
        var crossing = Enumerable.Range(0, method.Parameters.Count)
            .Where(index => method.Parameters[index].Codec is not null).ToArray();
        if (crossing.Length == 0)
        {
            return;
        }

        var writes = crossing.Select(static index => $"C{index}.WriteField(writer, {index + 1}, A{index});");
        var reads = crossing.Select(
            static index => $"case {index + 1}: A{index} = C{index}.ReadField(ref reader, type); break;");
        text.Append($$"""

                    public override void WriteArguments({{GeneratedNames.Serialization}}WireWriter writer)
                    {
                        {{string.Join("\n            ", writes)}}
                    }

                    public override void ReadArguments(ref {{GeneratedNames.Serialization}}WireReader reader)
                    {
                        while (reader.TryReadField(out var number, out var type))
                        {
                            switch (number)
                            {
                                {{string.Join("\n                    ", reads)}}
                                default: reader.Skip(type); break;
                            }
                        }
                    }

            """);
        var copies = crossing.Where(index => !method.Parameters[index].IsImmutable)
            .Select(static index => $"A{index} = C{index}.Copy(A{index}, scope);").ToArray();
        if (copies.Length > 0)
        {
            text.Append($$"""

                        public override void CopyArguments({{GeneratedNames.Serialization}}CopyScope scope)
                        {
                            {{string.Join("\n            ", copies)}}
                        }

                """);
        }
    }

    private static string BaseClass(MethodModel method)
    {
        return method.ReturnKind switch
        {
            ReturnKind.TaskOfT or ReturnKind.ValueTaskOfT =>
                $"{GeneratedNames.Support}GrainRequest<{method.ResultType}>",
            ReturnKind.AsyncEnumerable => $"{GeneratedNames.Support}StreamGrainRequest<{method.ResultType}>",
            _ => $"{GeneratedNames.Support}VoidGrainRequest",
        };
    }

    private static string InvokeResult(MethodModel method)
    {
        return method.ReturnKind switch
        {
            ReturnKind.TaskOfT or ReturnKind.ValueTaskOfT =>
                $"global::System.Threading.Tasks.ValueTask<{method.ResultType}>",
            ReturnKind.AsyncEnumerable => method.ReturnType,
            _ => "global::System.Threading.Tasks.ValueTask",
        };
    }

    private static string InvokeBody(MethodModel method, string call)
    {
        return method.ReturnKind switch
        {
            ReturnKind.Void => $"{call}; return default;",
            ReturnKind.Task or ReturnKind.TaskOfT => $"return new {InvokeResult(method)}({call});",
            _ => $"return {call};",
        };
    }
}
