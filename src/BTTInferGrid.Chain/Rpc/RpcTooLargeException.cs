namespace BTTInferGrid.Chain.Rpc;

/// <summary>An answer is larger than <see cref="RpcOptions.MaxResponseBytes"/>; the rest of it was not read.</summary>
public sealed class RpcTooLargeException : RpcException
{
    internal RpcTooLargeException(string endpoint, int maxBytes)
        : base($"{endpoint} answers with more than {maxBytes} bytes. "
            + $"Ask for less at once, or raise {nameof(RpcOptions.MaxResponseBytes)}.")
    {
        MaxBytes = maxBytes;
    }

    /// <summary>The most bytes that are read.</summary>
    public int MaxBytes { get; }
}
