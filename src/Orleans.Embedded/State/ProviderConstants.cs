namespace Orleans.Providers;

/// <summary>Names that stores are registered under.</summary>
public static class ProviderConstants
{
    /// <summary>The store of records that name none.</summary>
    public const string DEFAULT_STORAGE_PROVIDER_NAME = "Default";
}
