using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Orleans.Embedded.Generator.Model;

namespace Orleans.Embedded.Generator.Writing;

/// <summary>
/// Writes the list of the assembly's grain interfaces, classes and serialised types, and the attributes that lead to it.
/// </summary>
internal static class ManifestWriter
{
    public static string Write(
        IReadOnlyList<InterfaceModel> interfaces,
        IReadOnlyList<ClassModel> classes,
        IReadOnlyList<SerializableModel> types,
        AssemblyModel assembly)
    {
        var scope = GeneratedNames.NamespaceOf(assembly.Name);
        var text = new StringBuilder(ProxyWriter.Header);
        text.Append($"[assembly: {GeneratedNames.Support}GrainManifest(typeof(global::{scope}.GrainManifest))]\n");
        foreach (var other in assembly.GrainAssemblies)
        {
            var name = SymbolDisplay.FormatLiteral(other, quote: true);
            text.Append($"[assembly: {GeneratedNames.Support}GrainAssembly({name})]\n");
        }

        text.Append($$"""

            namespace {{scope}}
            {
                internal sealed class GrainManifest : {{GeneratedNames.Support}}GrainManifest
                {
                    public override void Populate({{GeneratedNames.Support}}GrainManifestBuilder builder)
                    {

            """);
        foreach (var model in interfaces.Where(static model => model.IsValid))
        {
            var name = SymbolDisplay.FormatLiteral(model.Name, quote: true);
            text.Append(
                $"            builder.AddInterface(typeof({model.TypeName}), {name}, "
                + $"static (binding, key) => new {ProxyWriter.ProxyName(model)}(binding, key)"
                + $"{(model.IsEdgeHosted ? ", isEdgeHosted: true" : string.Empty)});\n");
            for (var i = 0; i < model.Methods.Count; i++)
            {
                text.Append(
                    $"            builder.AddRequest(static () => new {ProxyWriter.RequestName(model, i)}());\n");
            }
        }

        foreach (var model in classes)
        {
            var implemented = string.Join(", ", model.Interfaces.Select(static name => $"typeof({name})"));
            text.Append($"            builder.AddGrain(typeof({model.TypeName}), {implemented});\n");
        }

        foreach (var model in types.Where(static model => model.Diagnostics.Count == 0))
        {
            var name = SymbolDisplay.FormatLiteral(model.WireName, quote: true);
            var arguments = model.Kind == SerializableKind.Struct ? $"{name}, " : string.Empty;
            text.Append($"            builder.AddType({arguments}{model.GeneratedName}.Instance);\n");
        }

        return text.Append("        }\n    }\n}\n").ToString();
    }
}
