using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace BTTInferGrid.Grains.Storage;

/// <summary>Gives a silo the place where its grains keep their state.</summary>
public static class StorageSiloBuilderExtensions
{
    /// <summary>
    /// Keeps state in a SQLite file, which the silo has for itself while it runs. The start fails with a
    /// <see cref="StateFileException"/> if the file cannot be used.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="databaseFile">The file; it is made if there is none.</param>
    /// <returns>The same silo.</returns>
    public static ISiloBuilder AddSqliteGrainStorageAsDefault(this ISiloBuilder silo, string databaseFile) =>
        silo.AddSqliteGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, databaseFile);

    /// <inheritdoc cref="AddSqliteGrainStorageAsDefault"/>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The name by which grains ask for this storage.</param>
    /// <param name="databaseFile">The file; it is made if there is none.</param>
    public static ISiloBuilder AddSqliteGrainStorage(this ISiloBuilder silo, string name, string databaseFile)
    {
        silo.Services.AddGrainStorage(name, (services, _) => new SqliteGrainStorage(
            databaseFile, StateSerializer(services.GetRequiredService<Serializer>()), services.GetRequiredService<IActivatorProvider>()));
        silo.Services.AddHostedService(services => (SqliteGrainStorage)services.GetRequiredKeyedService<IGrainStorage>(name));
        return silo;
    }

    /// <summary>
    /// What all stores serialize state with: Orleans' own format. It finds members by their <c>[Id]</c> and types by their
    /// alias, so a state class may be renamed, moved and extended, and an older program skips members that it does not know.
    /// JSON would bind what is stored to names in the code, and Orleans' default, Newtonsoft.Json, to names of types as well.
    /// </summary>
    internal static IGrainStorageSerializer StateSerializer(Serializer serializer) => new OrleansGrainStorageSerializer(serializer);
}
