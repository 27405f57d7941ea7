using System.Text;

namespace Orleans.Embedded.Generator.Writing;

/// <summary>Names of generated types and of the namespace they stand in.</summary>
internal static class GeneratedNames
{
    public const string Support = "global::Orleans.Embedded.CodeGeneration.";

    public const string Serialization = "global::Orleans.Embedded.Serialization.";

    public static string For(string name)
    {
        var result = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            result.Append(char.IsLetterOrDigit(c) ? c : '_');
        }

        return result.ToString();
    }

    /// <summary>The name of the codec that is generated for a type.</summary>
    public static string CodecOf(string typeName)
    {
        return For(typeName) + "_Codec";
    }

    public static string NamespaceOf(string assemblyName)
    {
        return $"Orleans.Embedded.Generated.{For(assemblyName)}";
    }
}
