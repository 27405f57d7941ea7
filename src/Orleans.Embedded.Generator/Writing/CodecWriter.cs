using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Orleans.Embedded.Generator.Model;

namespace Orleans.Embedded.Generator.Writing;

/// <summary>Writes the codec of a type that crosses between silos.</summary>
internal static class CodecWriter
{
    private const string Writer = GeneratedNames.Serialization + "WireWriter";
    private const string Reader = GeneratedNames.Serialization + "WireReader";
    private const string Scope = GeneratedNames.Serialization + "CopyScope";

    public static string Write(SerializableModel model, string assemblyName)
    {
        var text = new StringBuilder(ProxyWriter.Header);
        var access = model.IsPublic ? "public" : "internal";
        var isStruct = model.Kind == SerializableKind.Struct;
        var value = isStruct ? $"ref {model.TypeName} value" : $"{model.TypeName} value";
        var modifier = isStruct ? "protected" : "public";
        text.Append($$"""
            namespace {{GeneratedNames.NamespaceOf(assemblyName)}}
            {
                [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
                {{access}} sealed class {{model.GeneratedName}} : {{BaseClass(model)}}
                {
                    public static readonly {{model.GeneratedName}} Instance = new {{model.GeneratedName}}();

            """);
        for (var i = 0; i < model.Members.Count; i++)
        {
            var member = model.Members[i];
            text.Append(
                $"        private static readonly {GeneratedNames.Serialization}Codec<{member.TypeName}> C{i} = "
                + $"{member.Codec};\n");
        }

        text.Append($$"""

                    private {{model.GeneratedName}}()
                        : base({{BaseArguments(model)}})
                    {
                    }

                    {{modifier}} override void WriteMembers({{Writer}} writer, {{value}})
                    {

            """);
        WriteWrites(text, model);
        text.Append($$"""
                    }

                    {{modifier}} override void ReadMembers({{value}}, ref {{Reader}} reader)
                    {
                        while (reader.TryReadField(out var number, out var type))
                        {
                            switch (number)
                            {

            """);
        WriteReads(text, model);
        text.Append("""
                                default:
                                    reader.Skip(type);
                                    break;
                            }
                        }
                    }

            """);
        WriteCopies(text, model);
        if (model.Construction is not null)
        {
            text.Append($$"""

                        protected override {{model.TypeName}} Create()
                        {
                            return {{model.Construction}};
                        }

                """);
        }

        for (var i = 0; i < model.Members.Count; i++)
        {
            WriteAccessor(text, model, i);
        }

        return text.Append("    }\n}\n").ToString();
    }

    private static string BaseClass(SerializableModel model)
    {
        var name = model.Kind switch
        {
            SerializableKind.Struct => "StructCodec",
            SerializableKind.Exception => "ExceptionCodec",
            _ => "ObjectCodec",
        };
        return $"{GeneratedNames.Serialization}{name}<{model.TypeName}>";
    }

    private static string BaseArguments(SerializableModel model)
    {
        var name = SymbolDisplay.FormatLiteral(model.WireName, quote: true);
        var isImmutable = model.IsImmutable ? "true" : "false";
        return model.Kind switch
        {
            SerializableKind.Struct => isImmutable,
            SerializableKind.Exception => name,
            _ => $"{name}, {isImmutable}",
        };
    }

    private static void WriteWrites(StringBuilder text, SerializableModel model)
    {
        if (model.BaseCodec is not null)
        {
            text.Append($"            WriteBase<{model.BaseType}>(writer, {model.BaseCodec}, value);\n");
        }

        for (var i = 0; i < model.Members.Count; i++)
        {
            text.Append($"            C{i}.WriteField(writer, {Number(model, i)}, {Member(model, i)});\n");
        }
    }

    private static void WriteReads(StringBuilder text, SerializableModel model)
    {
        if (model.BaseCodec is not null)
        {
            text.Append(
                "                    case 0:\n"
                + $"                        ReadBase<{model.BaseType}>(ref reader, type, {model.BaseCodec}, value);\n"
                + "                        break;\n");
        }

        for (var i = 0; i < model.Members.Count; i++)
        {
            text.Append(
                $"                    case {Number(model, i)}:\n"
                + $"                        {Member(model, i)} = C{i}.ReadField(ref reader, type);\n"
                + "                        break;\n");
        }
    }

    private static void WriteCopies(StringBuilder text, SerializableModel model)
    {
        if (model.Kind == SerializableKind.Exception)
        {
            return;
        }

        var isStruct = model.Kind == SerializableKind.Struct;
        text.Append(isStruct
            ? $"\n        protected override void CopyMembers(ref {model.TypeName} value, {Scope} scope)\n        {{\n"
            : $"\n        public override void CopyMembers({model.TypeName} value, {model.TypeName} copy, {Scope} scope)"
                + "\n        {\n");
        if (model.BaseCodec is not null)
        {
            text.Append($"            {model.BaseCodec}.CopyMembers(value, copy, scope);\n");
        }

        for (var i = 0; i < model.Members.Count; i++)
        {
            var target = isStruct ? Member(model, i) : Member(model, i, "copy");
            text.Append($"            {target} = C{i}.Copy({Member(model, i)}, scope);\n");
        }

        text.Append("        }\n");
    }

    private static void WriteAccessor(StringBuilder text, SerializableModel model, int index)
    {
        var member = model.Members[index];
        if (member.Field is null)
        {
            return;
        }

        var by = model.Kind == SerializableKind.Struct ? "ref " : string.Empty;
        var field = SymbolDisplay.FormatLiteral(member.Field, quote: true);
        text.Append($$"""

                    [global::System.Runtime.CompilerServices.UnsafeAccessor(
                        global::System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = {{field}})]
                    private static extern ref {{member.TypeName}} M{{index}}({{by}}{{model.TypeName}} value);

            """);
    }

    private static string Member(SerializableModel model, int index, string of = "value")
    {
        var member = model.Members[index];
        var by = model.Kind == SerializableKind.Struct ? "ref " : string.Empty;
        return member.Field is null ? $"{of}.@{member.Property}" : $"M{index}({by}{of})";
    }

    private static ulong Number(SerializableModel model, int index)
    {
        return model.Members[index].Id + 1UL;
    }
}
