namespace Orleans.Configuration;

/// <summary>How calls behave.</summary>
public abstract class MessagingOptions
{
    /// <summary>
    /// How long a caller waits for an answer before it gets a <see cref="TimeoutException"/>, unless the method has its
    /// own time. 30 seconds: longer than any silo needs to be declared dead.
    /// </summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
