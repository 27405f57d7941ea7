using Orleans.Runtime;

namespace Orleans.Embedded.State;

/// <summary>Makes the value of a record that is not stored.</summary>
internal static class GrainStateFactory
{
    public static T Create<T>()
    {
        try
        {
            return Activator.CreateInstance<T>();
        }
        catch (MissingMethodException error)
        {
            throw new OrleansConfigurationException(
                $"{typeof(T)} cannot be the state of a grain: it needs a public constructor without parameters.",
                error);
        }
    }
}
