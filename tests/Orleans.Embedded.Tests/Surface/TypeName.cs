using System.Reflection;

namespace Orleans.Embedded.Tests.Surface;

/// <summary>Names types as C# does, with their namespaces unless they are the framework's.</summary>
internal static class TypeName
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
    };

    public static string Of(Type type)
    {
        if (type.IsByRef || type.IsArray)
        {
            return type.IsByRef ? $"ref {Of(type.GetElementType()!)}" : $"{Of(type.GetElementType()!)}[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value) + "?";
        }

        if (Keywords.TryGetValue(type, out var keyword) || type.IsGenericParameter)
        {
            return keyword ?? type.Name;
        }

        var own = type.Name.Split('`')[0] + Arguments(type.GetGenericArguments());
        return type.IsNested ? $"{Of(type.DeclaringType!)}.{own}"
            : type.Namespace!.StartsWith("System", StringComparison.Ordinal) ? own
            : $"{type.Namespace}.{own}";
    }

    public static string Arguments(MethodInfo method)
    {
        return method.IsGenericMethod ? Arguments(method.GetGenericArguments()) : string.Empty;
    }

    private static string Arguments(Type[] arguments)
    {
        return arguments.Length == 0 ? string.Empty : $"<{string.Join(", ", arguments.Select(Of))}>";
    }
}
