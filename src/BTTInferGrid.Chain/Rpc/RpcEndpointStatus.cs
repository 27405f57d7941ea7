namespace BTTInferGrid.Chain.Rpc;

/// <summary>What is known of an endpoint.</summary>
/// <param name="Name">Its scheme, host and port.</param>
/// <param name="Head">The highest block that it was seen to have; 0 before it was asked.</param>
/// <param name="SetAside">Why others are preferred; null if the endpoint is as good as any.</param>
public sealed record RpcEndpointStatus(string Name, ulong Head, string? SetAside);
