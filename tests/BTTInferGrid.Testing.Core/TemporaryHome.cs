namespace BTTInferGrid.Testing;

/// <summary>A home folder that is gone after the test.</summary>
public sealed class TemporaryHome : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bttgrid-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
