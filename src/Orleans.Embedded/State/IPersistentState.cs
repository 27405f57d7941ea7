using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>
/// A stored record that a grain takes as a constructor parameter marked <see cref="PersistentStateAttribute"/>. It is
/// read before the grain activates.
/// </summary>
/// <typeparam name="TState">The type of the value, with a public constructor that takes nothing.</typeparam>
public interface IPersistentState<TState> : IStorage<TState>
{
}
