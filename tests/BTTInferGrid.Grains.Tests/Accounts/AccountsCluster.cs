using System.Security.Cryptography;
using BTTInferGrid.Accounts;
using BTTInferGrid.Grains.Storage;
using BTTInferGrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Storage;
using Orleans.TestingHost;

namespace BTTInferGrid.Grains.Tests.Accounts;

/// <summary>One silo with accounts, whose clock the test moves and whose storage the test breaks.</summary>
public sealed class AccountsCluster : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    public AccountsCluster()
        : this(static silo => silo.AddMemoryGrainStorage(BreakableStorage.Inner))
    {
    }

    private AccountsCluster(Action<ISiloBuilder> addStorage)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            // The service's name is part of what state is stored under; the test cluster makes one up.
            silo.Configure<ClusterOptions>(static options => options.ServiceId = "accounts");
            silo.Services.AddKeyedSingleton<TimeProvider>(GridClockAttribute.Name, Clock);
            addStorage(silo);
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME,
                (services, _) => Storage = new BreakableStorage(
                    services.GetRequiredKeyedService<IGrainStorage>(BreakableStorage.Inner)));

            // Microsoft Orleans looks for the default storage without its name.
            silo.Services.AddSingleton(static services =>
                services.GetRequiredKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME));
        });
        _cluster = builder.Build();
    }

    public TestClock Clock { get; } = new();

    public IGrainFactory Grains => _cluster.Client;

    internal BreakableStorage Storage { get; private set; } = null!;

    public static async Task<AccountsCluster> StartAsync(string databaseFile)
    {
        var cluster = new AccountsCluster(silo => silo.AddSqliteGrainStorage(BreakableStorage.Inner, databaseFile));
        await cluster.InitializeAsync();
        return cluster;
    }

    public static string NewHash() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    public static NewApiKey NewKey(ApiKeyLimits? limits = null, DateTimeOffset? expiresAt = null) =>
        new(NewHash(), "a key", ApiKeyScopes.Inference, expiresAt, limits ?? ApiKeyLimits.None);

    public Task InitializeAsync() => _cluster.DeployAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    public IAccountGrain Account(string id) => Grains.GetAccount(id);

    public IApiKeyGrain Key(string hash) => Grains.GetApiKey(hash);

    /// <summary>The account's keys, in a type that is compared by its elements.</summary>
    public static async Task<ApiKeyRecord[]> ListAsync(IAccountGrain account) => [.. await account.Keys()];

    /// <summary>The call fails because of the storage, whose exception Microsoft Orleans wraps into one of its own.</summary>
    public static async Task NotStoredAsync(Func<Task> call) =>
        Assert.Contains(BreakableStorage.Reason, (await Assert.ThrowsAnyAsync<Exception>(call)).ToString(), StringComparison.Ordinal);

    /// <summary>Creates a key with these limits.</summary>
    public async Task<IApiKeyGrain> KeyAsync(ApiKeyLimits limits)
    {
        var key = NewKey(limits);
        await Account("limits-" + key.Hash).CreateKey(key);
        return Key(key.Hash);
    }
}
