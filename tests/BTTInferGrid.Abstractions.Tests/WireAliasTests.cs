using System.Globalization;
using System.Reflection;
using System.Text;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Abstractions.Tests;

/// <summary>
/// Pins the names and numbers that messages are made of: silos of two versions of the grid must understand each other.
/// </summary>
public sealed class WireAliasTests
{
    [Fact]
    public void WireAliases_OfTheAbstractions_AreTheListedOnes()
    {
        using var resource = new StreamReader(
            typeof(WireAliasTests).Assembly.GetManifestResourceStream("wire-aliases.txt")!);
        var listed = resource.ReadToEnd().ReplaceLineEndings("\n");

        var found = Describe();

        Assert.True(
            listed == found,
            "The wire format changed. Add new names and numbers to wire-aliases.txt; never change or reuse one that is "
            + "listed. Found:\n" + found);
    }

    private static string Describe()
    {
        var text = new StringBuilder();
        var types = typeof(IJobGrain).Assembly.GetTypes()
            .Where(static type => !type.FullName!.StartsWith("OrleansCodeGen.", StringComparison.Ordinal));
        foreach (var type in types.OrderBy(static type => NameOf(type) ?? type.FullName, StringComparer.Ordinal))
        {
            if (type.IsInterface && type.IsAssignableTo(typeof(IAddressable)))
            {
                text.Append(CultureInfo.InvariantCulture, $"interface {NameOf(type) ?? "?" + type.FullName}\n");
                AppendMethods(text, type);
            }
            else if (type.IsDefined(typeof(GenerateSerializerAttribute)))
            {
                text.Append(CultureInfo.InvariantCulture, $"type {NameOf(type) ?? "?" + type.FullName}\n");
                AppendMembers(text, type);
            }
        }

        return text.ToString();
    }

    private static void AppendMethods(StringBuilder text, Type type)
    {
        foreach (var method in type.GetMethods().OrderBy(static method => method.Name, StringComparer.Ordinal))
        {
            var parameters = string.Join(", ", method.GetParameters().Select(static one => Short(one.ParameterType)));
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {NameOf(method) ?? "?" + method.Name}({parameters}) {Short(method.ReturnType)}\n");
        }
    }

    private static void AppendMembers(StringBuilder text, Type type)
    {
        if (type.IsEnum)
        {
            foreach (var name in Enum.GetNames(type))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {Convert.ToInt64(Enum.Parse(type, name))} {name}\n");
            }
        }

        var members = type.GetProperties(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Select(static property => (property.GetCustomAttribute<IdAttribute>()?.Id, property))
            .Where(static pair => pair.Id is not null)
            .OrderBy(static pair => pair.Id);
        foreach (var (id, property) in members)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {id} {Short(property.PropertyType)} {property.Name}\n");
        }
    }

    private static string? NameOf(MemberInfo member)
    {
        return member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;
    }

    private static string Short(Type type)
    {
        return type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Short))}>"
            : type.Name;
    }
}
