using System.Diagnostics;
using BTTInferGrid.Inference.Native;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Inference.Tests.Native;

/// <summary>
/// What happens without a GPU, which is where these tests run. Each library is loaded in a process of its own, since a
/// process holds one.
/// </summary>
public sealed class GpuBackendTests : IDisposable
{
    public const string Command = "describe-library";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Load_NoGpuPackage_UsesTheCpuWithoutAWord()
    {
        var said = await DescribeAsync(GpuBackend.Auto, _folder.Path);

        Assert.Contains("gpu None", said, StringComparison.Ordinal);
        Assert.Contains("device CPU", said, StringComparison.Ordinal);
        Assert.DoesNotContain("GpuPassedOver", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libggml-cuda.so", "Cuda")]
    [InlineData("libggml-vulkan.so", "Vulkan")]
    public async Task Load_PackageThatDoesNotLoad_UsesTheCpuAndSaysWhy(string file, string backend)
    {
        _folder.Write(file, "no library"u8);

        var said = await DescribeAsync(GpuBackend.Auto, _folder.Path);

        Assert.Contains("gpu None", said, StringComparison.Ordinal);
        Assert.Contains($"GpuPassedOver GPU back end {backend}", said, StringComparison.Ordinal);
        Assert.Contains("file too short", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_PackageWithoutADevice_UsesTheCpuAndSaysWhy()
    {
        // A library that loads and is no GPU back end, as one whose driver finds no device.
        var library = LibraryFiles.PathOf(TinyModel.Library.Folder, "ggml-base");
        _folder.Write("libggml-vulkan.so", File.ReadAllBytes(library));

        var said = await DescribeAsync(GpuBackend.Auto, _folder.Path);

        Assert.Contains("gpu None", said, StringComparison.Ordinal);
        Assert.Contains("GpuPassedOver GPU back end Vulkan", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_NamedBackendThatIsNotInstalled_SaysHowToInstallIt()
    {
        var said = await DescribeAsync(GpuBackend.Cuda, _folder.Path);

        Assert.Contains(nameof(NativePackageNotFoundException), said, StringComparison.Ordinal);
        Assert.Contains("npm ci --ignore-scripts --prefix native/gpu", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_NamedBackendThatDoesNotWork_IsATypedErrorWithTheReason()
    {
        _folder.Write("libggml-cuda.so", "no library"u8);

        var said = await DescribeAsync(GpuBackend.Cuda, _folder.Path);

        Assert.Contains(nameof(LlamaLibraryException), said, StringComparison.Ordinal);
        Assert.Contains("file too short", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherGpuBackendThanTheLoadedOne_IsRefused()
    {
        var library = TinyModel.Library;
        var other = library.Gpu == GpuBackend.Cuda ? GpuBackend.Vulkan : GpuBackend.Cuda;

        Assert.Throws<LlamaLibraryException>(() => LlamaLibrary.Load(
            new LlamaOptions { Gpu = other }, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
    }

    [Fact]
    public void Devices_ListTheCpuWithItsMemory()
    {
        var cpu = TinyModel.Library.Devices.Single(device => device.Name == "CPU");

        Assert.False(cpu.IsGpu);
        Assert.InRange(cpu.FreeBytes, 1, cpu.MemoryBytes);
    }

    [Fact]
    public void LoadEngine_UnknownDevice_IsATypedErrorThatNamesIt()
    {
        var error = Assert.Throws<InvalidParameterException>(
            () => TinyModel.LoadEngine(new EngineOptions { CacheTokens = 512, Device = "CUDA7" }));

        Assert.Equal(("Device", "CUDA7"), (error.Field, error.Value));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(1025)]
    public void LoadEngine_GpuLayersOutOfRange_IsATypedError(int layers) => Assert.Throws<InvalidParameterException>(
        () => TinyModel.LoadEngine(new EngineOptions { CacheTokens = 512, GpuLayers = layers }));

    [Fact]
    public async Task LoadEngine_CpuAlone_Answers()
    {
        await using var engine = TinyModel.LoadEngine(new EngineOptions { CacheTokens = 512, GpuLayers = 0 });
        var answer = await engine.AnswerAsync("What is the capital of Japan?");

        Assert.Contains("Tokyo", answer.Text, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The child's side.</summary>
    internal static int Describe(string gpu, string folder)
    {
        try
        {
            var library = LlamaLibrary.Load(
                new LlamaOptions { Gpu = Enum.Parse<GpuBackend>(gpu), GpuFolder = folder }, new ConsoleLogger());
            Console.WriteLine($"gpu {library.Gpu}");
            foreach (var device in library.Devices)
            {
                Console.WriteLine($"device {device.Name}: {device.Description}, GPU {device.IsGpu}");
            }

            return 0;
        }
        catch (Exception error) when (error is LlamaLibraryException or NativePackageNotFoundException)
        {
            Console.WriteLine($"{error.GetType().Name}: {error.Message}");
            return 1;
        }
    }

    private static async Task<string> DescribeAsync(GpuBackend gpu, string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        var assembly = typeof(GpuBackendTests).Assembly.Location;
        foreach (var argument in (string[])["exec", assembly, Command, gpu.ToString(), folder])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync();
        return said;
    }

    private sealed class ConsoleLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format) =>
            Console.WriteLine($"{id.Name} {format(state, error)}");
    }
}
