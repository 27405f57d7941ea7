using BTTInferGrid.Grains.Mining;
using BTTInferGrid.Inference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Testing;

/// <summary>Makes a test's silo a miner of the tiny model.</summary>
public static class TinyMiner
{
    public const string Id = "test-miner";

    public static ISiloBuilder AddTinyMiner(this ISiloBuilder silo)
    {
        silo.Services.AddLlama();
        return silo.AddMiner(options =>
        {
            options.MinerId = Id;
            options.Model = TinyModel.Id;
            options.ModelFile = TinyModel.File;
            options.ContextTokens = TinyModel.ContextTokens;
            options.CacheTokens = 8192;
            options.MaxSequences = 32;
            options.Threads = 1;
        });
    }

    /// <summary>Registers llama.cpp's libraries.</summary>
    public static IServiceCollection AddLlama(this IServiceCollection services) =>
        services.AddSingleton(provider =>
            LlamaLibrary.Load(new LlamaOptions(), provider.GetRequiredService<ILogger<LlamaLibrary>>()));
}
