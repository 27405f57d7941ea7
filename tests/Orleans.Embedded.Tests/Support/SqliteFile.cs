using Folder = System.IO.Directory;

namespace Orleans.Embedded.Tests.Support;

/// <summary>A SQLite file of its own for a test.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly string _folder = Folder.CreateTempSubdirectory("grain-cluster-").FullName;

    public string ConnectionString => $"Data Source={Path.Combine(_folder, "cluster.db")};Pooling=false";

    public void Dispose()
    {
        Folder.Delete(_folder, recursive: true);
    }
}
