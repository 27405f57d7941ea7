using System.Reflection;

namespace Orleans.Embedded.Tests.Surface;

/// <summary>Lists what an assembly lets others use: a line for each type and each member, in a stable order.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string[] Of(Assembly assembly)
    {
        return [.. assembly.GetExportedTypes()
            .Where(static type => !IsGenerated(type.FullName!))
            .SelectMany(static type => MembersOf(type).Prepend(Describe(type)))
            .Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name =>
                $"{TypeName.Of(type)}.{name} = {Convert.ToInt64(Enum.Parse(type, name))}");
        }

        return type.IsAssignableTo(typeof(Delegate)) ? [] : type.GetMembers(Declared)
            .Where(static member => !IsGenerated(member.Name))
            .Select(Describe)
            .OfType<string>()
            .Select(member => $"{TypeName.Of(type)}.{member}");
    }

    private static string Describe(Type type)
    {
        var kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct"
            : type.IsAssignableTo(typeof(Delegate)) ? "delegate"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        if (kind is "delegate")
        {
            return $"{TypeName.Of(type)}: delegate {Describe(type.GetMethod("Invoke")!)}";
        }

        var bases = new[] { type.BaseType }.Concat(type.GetInterfaces().Where(static one => one.IsVisible))
            .OfType<Type>()
            .Where(static one => one != typeof(object) && one != typeof(ValueType))
            .Select(TypeName.Of)
            .Order(StringComparer.Ordinal);
        return type.IsEnum
            ? $"{TypeName.Of(type)}: enum of {TypeName.Of(type.GetEnumUnderlyingType())}"
            : $"{TypeName.Of(type)}: {string.Join(", ", bases.Prepend(kind))}";
    }

    /// <summary>The member as others see it, or null if they do not.</summary>
    private static string? Describe(MemberInfo member)
    {
        return member switch
        {
            ConstructorInfo { IsStatic: false } one when IsVisible(one) => $"{AccessOf(one)}ctor({ParametersOf(one)})",
            MethodInfo one when IsVisible(one) && !IsAccessor(one) && !IsOfObject(one) =>
                $"{AccessOf(one)}{one.Name}{TypeName.Arguments(one)}({ParametersOf(one)}) {TypeName.Of(one.ReturnType)}",
            PropertyInfo one => Describe(one),
            FieldInfo { IsLiteral: true, IsPublic: true } one =>
                $"{one.Name} {TypeName.Of(one.FieldType)} = {one.GetRawConstantValue() ?? "null"}",
            FieldInfo one when one.IsPublic || one.IsFamily => $"{one.Name} {TypeName.Of(one.FieldType)}",
            EventInfo one when IsVisible(one.AddMethod!) => $"{one.Name} event {TypeName.Of(one.EventHandlerType!)}",
            _ => null,
        };
    }

    private static string? Describe(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible)
            .Select(one => AccessOf(one) + (one.ReturnType == typeof(void) ? SetterOf(one) : "get;"))
            .Order(StringComparer.Ordinal).ToArray();
        return accessors.Length == 0
            ? null
            : $"{property.Name} {TypeName.Of(property.PropertyType)} {{ {string.Join(' ', accessors)} }}";
    }

    private static string SetterOf(MethodInfo setter)
    {
        return setter.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? "init;" : "set;";
    }

    private static string ParametersOf(MethodBase method)
    {
        return string.Join(", ", method.GetParameters().Select(static one =>
            TypeName.Of(one.ParameterType) + " " + one.Name
            + (one.HasDefaultValue ? $" = {one.RawDefaultValue ?? "null"}" : string.Empty)));
    }

    private static string AccessOf(MethodBase method)
    {
        return (method.IsPublic ? string.Empty : "protected ")
            + (method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract "
                : method is { IsVirtual: true, IsFinal: false } && !method.DeclaringType!.IsSealed
                    && !method.IsAbstract ? "virtual " : string.Empty);
    }

    private static bool IsVisible(MethodBase method)
    {
        return method.IsPublic
            || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);
    }

    private static bool IsAccessor(MethodInfo method)
    {
        return method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);
    }

    private static bool IsOfObject(MethodInfo method)
    {
        return method.GetBaseDefinition().DeclaringType == typeof(object);
    }

    private static bool IsGenerated(string name)
    {
        return name.Contains('<', StringComparison.Ordinal)
            || name.StartsWith("Orleans.Embedded.Generated.", StringComparison.Ordinal);
    }
}
