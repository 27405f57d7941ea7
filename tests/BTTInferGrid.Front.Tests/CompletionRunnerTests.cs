using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Chat;
using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Front.Tests;

/// <summary>One of several answers fails in the middle of a stream.</summary>
[Collection(FrontFixture.Collection)]
public sealed class CompletionRunnerTests(FrontFixture front)
{
    [Fact]
    public async Task Run_OneOfSeveralFailsMidStream_EndsTheStreamWithOneErrorAndTheOtherJobs()
    {
        var context = await ContextAsync();
        var jobs = new FailingJobs(front.Grains);
        var store = new KeyStore(NullLogger<KeyStore>.Instance);
        using var stop = new FrontStop(front.Grid.Service<IHostApplicationLifetime>(), front.Clock);
        var runner = new CompletionRunner(
            new ClusterJobStreams(jobs.Factory, front.Clock),
            new KeyAdmission(jobs.Factory, store, front.Clock, NullLogger<KeyLease>.Instance),
            stop,
            front.Clock,
            NullLogger<CompletionRunner>.Instance);
        var options = new CompletionOptions
        {
            Model = TinyModel.Id,
            Sampling = new SamplingOptions(LogitBias: []),
            Stop = [],
            Choices = 3,
            MaxTokens = 8,
            Stream = true,
        };

        await runner.RunAsync(context, options, front.Grid.Model, [[1, 2, 3]], ChatFormat.Instance);

        var events = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var error = JsonSerializer.Deserialize<JsonElement>(events[^1]["data: ".Length..]).GetProperty("error");
        Assert.Equal("miner_failed", error.GetProperty("code").GetString());
        Assert.Single(events, static line => line.Contains("\"error\"", StringComparison.Ordinal));
        Assert.DoesNotContain("data: [DONE]", events);

        // The streams are left at once, and end behind it.
        await Poll.UntilAsync(() => Task.FromResult(jobs.Cancelled), static cancelled => cancelled == 2, TimeSpan.FromSeconds(20));
    }

    private async Task<HttpContext> ContextAsync()
    {
        var hash = ApiKey.Hash(await front.CreateKeyAsync());
        var record = (await front.Grains.GetApiKey(hash).Describe())!;
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature());
        features.Set<IHttpResponseFeature>(new BegunResponse());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new MemoryStream()));
        features.Set(new Caller(hash, record));
        return new DefaultHttpContext(features) { TraceIdentifier = Guid.NewGuid().ToString("N") };
    }

    private sealed class BegunResponse : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }

    /// <summary>Jobs of which the second fails after the others have said something, and which otherwise never end.</summary>
    private sealed class FailingJobs
    {
        private readonly TaskCompletionSource _othersHaveBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;
        private int _begun;

        public FailingJobs(IGrainFactory others) => Factory = Proxy<IGrainFactory>((method, arguments) =>
            method.GetGenericArguments()[0] == typeof(IJobGrain)
                ? Proxy<IJobGrain>((_, call) => Run(Interlocked.Increment(ref _asked) == 2, (CancellationToken)call[1]!))
                : method.Invoke(others, arguments)!);

        public IGrainFactory Factory { get; }

        public int Cancelled { get; private set; }

        private async IAsyncEnumerable<JobEvent> Run(
            bool fails, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new JobPlaced("miner");
            if (fails)
            {
                await _othersHaveBegun.Task;
                throw new MinerFailedException("miner", "it broke.");
            }

            yield return new JobTokens([65]);
            if (Interlocked.Increment(ref _begun) == 2)
            {
                _othersHaveBegun.SetResult();
            }

            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            finally
            {
                lock (_othersHaveBegun)
                {
                    Cancelled++;
                }
            }
        }

        private static T Proxy<T>(Func<MethodInfo, object?[], object> answer)
            where T : class
        {
            var proxy = DispatchProxy.Create<T, AnsweringProxy>();
            ((AnsweringProxy)(object)proxy).Answer = answer;
            return proxy;
        }
    }

    /// <summary>Answers every method by a function.</summary>
    public class AnsweringProxy : DispatchProxy
    {
        public Func<MethodInfo, object?[], object> Answer { get; set; } = static (_, _) => throw new NotSupportedException();

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(targetMethod!, args!);
    }
}
