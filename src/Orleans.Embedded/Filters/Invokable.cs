using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Manifest;
using Orleans.Serialization.Invocation;

namespace Orleans.Embedded.Filters;

/// <summary>
/// Shows a request to filters. It looks into generated requests by reflection, so that those who have no filters carry
/// no code for it.
/// </summary>
internal sealed class Invokable(GrainRequest request, GrainManifestIndex manifest) : IInvokable
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Arguments = new();
    private static readonly ConcurrentDictionary<Type, MethodInfo> Methods = new();

    public int GetArgumentCount()
    {
        return ArgumentsOf(request.GetType()).Length;
    }

    public object? GetArgument(int index)
    {
        return ArgumentsOf(request.GetType())[index].GetValue(request);
    }

    public void SetArgument(int index, object value)
    {
        ArgumentsOf(request.GetType())[index].SetValue(request, value);
    }

    public string GetMethodName()
    {
        return request.Method.MethodName;
    }

    public string GetInterfaceName()
    {
        return request.Method.InterfaceName;
    }

    public MethodInfo GetMethod()
    {
        return Methods.GetOrAdd(request.GetType(), FindMethod);
    }

    public TimeSpan? GetDefaultResponseTimeout()
    {
        return request.Method.ResponseTimeout;
    }

    /// <summary>The fields that the generator names A0, A1 and so on.</summary>
    private static FieldInfo[] ArgumentsOf(Type type)
    {
        return Arguments.GetOrAdd(type, static type =>
        {
            const BindingFlags Declared =
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            var fields = new List<FieldInfo>();
            while (type.GetField("A" + fields.Count.ToString(CultureInfo.InvariantCulture), Declared) is { } field)
            {
                fields.Add(field);
            }

            return [.. fields];
        });
    }

    /// <summary>The interface's method; for requests of the runtime itself, the method that runs them.</summary>
    private MethodInfo FindMethod(Type type)
    {
        if (manifest.FindInterface(GetInterfaceName()) is { } declared)
        {
            Type[] parameters = Array.ConvertAll(ArgumentsOf(type), static field => field.FieldType);
            var name = GetMethodName();
            foreach (var method in declared.GetInterfaces().Prepend(declared).SelectMany(static t => t.GetMethods()))
            {
                var alias = method.GetCustomAttribute<AliasAttribute>()?.Alias;
                if ((alias ?? method.Name) == (alias is null ? name.Split('(')[0] : name)
                    && method.GetParameters().Select(static parameter => parameter.ParameterType)
                        .SequenceEqual(parameters))
                {
                    return method;
                }
            }
        }

        return type.GetMethod(nameof(VoidGrainRequest.Invoke))!;
    }
}
