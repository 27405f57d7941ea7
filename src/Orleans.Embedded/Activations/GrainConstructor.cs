using System.Reflection;

namespace Orleans.Embedded.Activations;

/// <summary>Looks at the constructors of a grain class.</summary>
internal static class GrainConstructor
{
    /// <summary>The parameters of the constructor that the runtime calls: the one with most parameters.</summary>
    public static ParameterInfo[] ParametersOf(Type grainClass)
    {
        return grainClass.GetConstructors()
            .Select(static constructor => constructor.GetParameters())
            .MaxBy(static parameters => parameters.Length) ?? [];
    }

    public static bool TakesNothingBut(Type grainClass, int known)
    {
        return ParametersOf(grainClass).Length == known;
    }
}
