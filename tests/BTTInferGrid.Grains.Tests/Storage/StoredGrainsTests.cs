using System.Reflection;
using BTTInferGrid.Grains.Storage;
using FluentAssertions;

namespace BTTInferGrid.Grains.Tests.Storage;

/// <summary>
/// What must hold of all grains with stored state, since Orleans' ADO.NET storage knows a record by the name of the state
/// and the grain's key only.
/// </summary>
public sealed class StoredGrainsTests
{
    private static readonly string[] Ids = ["0a", "A", "a", "0", "-1", "7+x", "6f9619ff8b86d011b42d00cf4fc964ff", "p256-00", "0xff", ""];

    private static readonly Type[] Grains =
    [
        .. typeof(SqliteGrainStorage).Assembly.GetTypes().Where(static type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(Grain))),
    ];

    private static readonly Type[] Stored =
    [
        .. Grains.Where(static grain => StatesOf(grain).Count > 0),
    ];

    [Fact]
    public void StateNames_OfAllGrains_Differ()
    {
        var names = Grains.SelectMany(StatesOf).ToList();

        names.Should().HaveCountGreaterThan(1).And.OnlyHaveUniqueItems();
        names.Should().NotContain(static name => name.Contains('/'), "it ends the key of a record");
    }

    [Fact]
    public void GrainTypes_OfStoredGrains_AreNotThoseOfTheClassName() => Stored.Should().NotBeEmpty().And.OnlyContain(
        static grain => grain.GetCustomAttribute<GrainTypeAttribute>() != null, "what is stored must outlive a new name of the class");

    [Fact]
    public void KeyPrefixes_OfStoredGrains_DifferAndAreNoNumbers()
    {
        var prefixes = Stored.Select(PrefixOf).ToList();

        prefixes.Should().OnlyHaveUniqueItems();
        foreach (var prefix in prefixes)
        {
            foreach (var id in Ids)
            {
                var grain = GrainId.Create("any", prefix + id);
                grain.TryGetIntegerKey(out _, out _).Should().BeFalse(grain.ToString());
                grain.TryGetGuidKey(out _, out _).Should().BeFalse(grain.ToString());
            }
        }
    }

    [Fact]
    public void Ids_WithoutAPrefix_AreReadAsNumbers() =>
        GrainId.Create("any", Ids[0]).TryGetIntegerKey(out _, out _).Should().BeTrue("that is what the prefixes are for");

    private static List<string> StatesOf(Type grain)
    {
        List<string> names =
        [
            .. grain.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .SelectMany(static constructor => constructor.GetParameters())
                .Select(static parameter => parameter.GetCustomAttribute<PersistentStateAttribute>()?.StateName)
                .OfType<string>(),
        ];
        for (var type = grain.BaseType; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Grain<>))
            {
                names.Add(grain.FullName!);
            }
        }

        return names;
    }

    private static string PrefixOf(Type grain)
    {
        var prefix = grain.GetInterfaces().Select(static type => type.GetField("KeyPrefix")).OfType<FieldInfo>()
            .Should().ContainSingle($"the key of {grain.Name} must have a prefix").Subject;
        return (string)prefix.GetRawConstantValue()!;
    }
}
