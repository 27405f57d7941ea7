using BTTInferGrid.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BTTInferGrid.Silo.Tests;

public sealed class BackgroundFailuresTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Any_AfterTheHostHasStopped_TellsWhetherAServiceFailed(bool fails)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService(services => new Service(services.GetRequiredService<IHostApplicationLifetime>(), fails));
        using var host = builder.Build();
        await host.StartAsync();
        await host.WaitForShutdownAsync();

        Assert.Equal(fails, BackgroundFailures.Any(host.Services));
    }

    private sealed class Service(IHostApplicationLifetime host, bool fails) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            if (fails)
            {
                throw new InvalidOperationException("broken");
            }

            host.StopApplication();
        }
    }
}
