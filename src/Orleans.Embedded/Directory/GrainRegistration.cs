using Orleans.Runtime;

namespace Orleans.Embedded.Directory;

/// <summary>What the directory answers to who registers an activation.</summary>
/// <param name="Holder">The activation that the grain has.</param>
/// <param name="FencingToken">
/// If that is the one registered, a number higher than any that an earlier activation of the grain got; otherwise 0.
/// </param>
internal readonly record struct GrainRegistration(GrainAddress Holder, long FencingToken);
