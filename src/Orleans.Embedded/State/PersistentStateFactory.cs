using System.Reflection;
using Orleans.Embedded.Activations;
using Orleans.Runtime;

namespace Orleans.Embedded.State;

/// <summary>Makes one of the records that a grain class takes as constructor parameters.</summary>
internal abstract class PersistentStateFactory
{
    public abstract Type ServiceType { get; }

    /// <summary>The records that a class takes, in the order of its parameters.</summary>
    public static PersistentStateFactory[] For(Type grainClass)
    {
        var factories = new List<PersistentStateFactory>();
        foreach (var parameter in GrainConstructor.ParametersOf(grainClass))
        {
            if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } attribute)
            {
                factories.Add(Make(grainClass, parameter, attribute));
            }
        }

        return [.. factories];
    }

    public abstract IActivationState Create(Activation activation);

    private static PersistentStateFactory Make(
        Type grainClass, ParameterInfo parameter, PersistentStateAttribute attribute)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException(
                $"Parameter '{parameter.Name}' of {grainClass} is marked [PersistentState] "
                + "and must be an IPersistentState<T>.");
        }

        var factory = typeof(Typed<>).MakeGenericType(type.GenericTypeArguments[0]);
        return (PersistentStateFactory)Activator.CreateInstance(factory, attribute)!;
    }

    private sealed class Typed<T>(PersistentStateAttribute attribute) : PersistentStateFactory
    {
        public override Type ServiceType => typeof(IPersistentState<T>);

        public override IActivationState Create(Activation activation)
        {
            return PersistentState<T>.Open(attribute.StateName, attribute.StorageName, activation);
        }
    }
}
