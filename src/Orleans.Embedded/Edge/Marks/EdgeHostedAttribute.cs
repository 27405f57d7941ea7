namespace Orleans.Embedded.Edge;

/// <summary>
/// Marks a grain interface whose grains run on edge silos only: the grain with a key runs on the edge silo of that
/// identity and nowhere else. The interface is an <c>IGrainWithStringKey</c>; a class implements at most one such
/// interface.
/// </summary>
/// <remarks>On a runtime without edge silos the mark means nothing: the grains are ordinary ones.</remarks>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class EdgeHostedAttribute : Attribute;
