using System.Collections.Concurrent;
using BTTInferGrid.Inference.Native;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Inference.Tests.Native;

public class LlamaLibraryTests
{
    [Fact]
    public void Load_Twice_ReturnsTheSameLibrary()
    {
        var library = TinyModel.Library;

        Assert.Same(library, LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance));
        Assert.Same(
            library, LlamaLibrary.Load(new LlamaOptions { CpuBackend = library.CpuBackend }, NullLogger.Instance));
        Assert.StartsWith("0.5.0", library.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherBackendOrFolder_IsRefusedInTheSameProcess()
    {
        var library = TinyModel.Library;
        using var folder = new TemporaryFolder();
        folder.Write("libllama.so", [0]);

        var backend = Assert.Throws<LlamaLibraryException>(
            () => LlamaLibrary.Load(new LlamaOptions { CpuBackend = "other" }, NullLogger.Instance));
        Assert.Throws<LlamaLibraryException>(
            () => LlamaLibrary.Load(new LlamaOptions { LibraryFolder = folder.Path }, NullLogger.Instance));
        Assert.Contains(library.CpuBackend, backend.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FolderWithoutLibraries_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<NativePackageNotFoundException>(
            () => LlamaLibrary.Load(new LlamaOptions { LibraryFolder = folder.Path }, NullLogger.Instance));
    }

    [Fact]
    public void ChooseCpuBackend_UnknownName_ListsTheKnownOnes()
    {
        var error = Assert.Throws<LlamaLibraryException>(
            () => LlamaLibrary.ChooseCpuBackend(TinyModel.Library.Folder, "vax"));
        Assert.Contains(TinyModel.Library.CpuBackend, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ChooseCpuBackend_EachOfTheFolder_IsChosenOrRefusedForThisMachine()
    {
        foreach (var (name, path) in LibraryFiles.CpuBackends(TinyModel.Library.Folder))
        {
            if (LibraryFiles.Score(path) > 0)
            {
                Assert.Equal((name, path), LlamaLibrary.ChooseCpuBackend(TinyModel.Library.Folder, name));
            }
            else
            {
                Assert.Throws<LlamaLibraryException>(
                    () => LlamaLibrary.ChooseCpuBackend(TinyModel.Library.Folder, name));
            }
        }
    }

    [Fact]
    public void LayoutCheck_OtherVersion_IsRefusedWithBothVersions()
    {
        var error = Assert.Throws<LlamaLibraryException>(() => LayoutCheck.Run("folder", "0.4.9"));
        Assert.Contains("0.4.9", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.5.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LibraryFiles_MissingOrDamagedLibrary_IsATypedError()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<LlamaLibraryException>(() => LibraryFiles.Load(folder.Path, "absent"));
        folder.Write("libdamaged.so", "no library"u8);
        Assert.Throws<LlamaLibraryException>(() => LibraryFiles.Load(folder.Path, "damaged"));
    }

    [Fact]
    public void Load_WithALogger_ReceivesLlamasLinesAndSurvivesAThrowingOne()
    {
        var lines = new LineLogger();
        var library = LlamaLibrary.Load(new LlamaOptions(), lines);
        try
        {
            Vocabulary.Load(library, TinyModel.ModelPath).Dispose();
            Assert.Contains(lines.Lines, line => line.Contains("tokenizer.ggml.model", StringComparison.Ordinal));

            var lost = LlamaLibrary.LostLogLines;
            LlamaLibrary.Load(new LlamaOptions(), new ThrowingLogger());
            Vocabulary.Load(library, TinyModel.ModelPath).Dispose();
            Assert.True(LlamaLibrary.LostLogLines > lost);
        }
        finally
        {
            LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance);
        }
    }

    private sealed class LineLogger : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format) =>
            Lines.Enqueue(format(state, error));
    }

    private sealed class ThrowingLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format) =>
            throw new InvalidOperationException("This logger throws.");
    }
}
