namespace Orleans.Configuration;

/// <summary>How calls behave that a client makes.</summary>
public class ClientMessagingOptions : MessagingOptions;
