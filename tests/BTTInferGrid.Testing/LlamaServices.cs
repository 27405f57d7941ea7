using BTTInferGrid.Inference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Testing;

/// <summary>llama.cpp for hosts in tests.</summary>
public static class LlamaServices
{
    /// <summary>Registers llama.cpp's libraries.</summary>
    public static IServiceCollection AddLlama(this IServiceCollection services) =>
        services.AddSingleton(provider =>
            LlamaLibrary.Load(new LlamaOptions(), provider.GetRequiredService<ILogger<LlamaLibrary>>()));
}
