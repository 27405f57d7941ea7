using Orleans.TestingHost;

namespace Orleans.Conformance.Tests.Filters;

public sealed class CallFilterTests
{
    [Fact]
    public async Task Incoming_Several_RunInTheOrderOfRegistrationThenTheGrainsOwn()
    {
        await using var cluster = await Clusters.StartAsync(configure: static silo =>
        {
            silo.AddIncomingGrainCallFilter(new Appending("second") { Inner = "first" });
            silo.AddIncomingGrainCallFilter(new Appending("first"));
        });

        var answer = await Grain<SelfFilteredGrain>(cluster.Client).Echo("text");

        Assert.Equal("text self first second", answer);
    }

    [Fact]
    public async Task Incoming_GrainIsItsOwnFilter_RunsWithoutAnyOfTheSilo()
    {
        await using var cluster = await Clusters.StartAsync();

        Assert.Equal("text self", await Grain<SelfFilteredGrain>(cluster.Client).Echo("text"));
        Assert.Equal("text", await Grain<FilteredGrain>(cluster.Client).Echo("text"));
    }

    [Fact]
    public async Task Incoming_Context_TellsMethodsAndArguments()
    {
        await using var cluster = await StartAsync(static context =>
        {
            Assert.Equal(2, context.Request.GetArgumentCount());
            Assert.Equal(2, context.Request.GetArgument(0));
            Assert.Equal(typeof(IFilteredGrain).GetMethod("Add", [typeof(int), typeof(int)]), context.InterfaceMethod);
            Assert.Equal(
                typeof(FilteredGrain).GetMethod("Add", [typeof(int), typeof(int)]), context.ImplementationMethod);
            Assert.Equal("filtered", context.TargetId.Key.ToString());
            Assert.IsType<FilteredGrain>(context.Grain);
            context.Request.SetArgument(1, 40);
            return context.Invoke();
        });

        Assert.Equal(42, await Grain<FilteredGrain>(cluster.Client).Add(2, 3));
    }

    [Fact]
    public async Task Incoming_CallsOnAgain_MethodRunsAgain()
    {
        await using var cluster = await Clusters.StartAsync(configure: static silo =>
        {
            silo.AddIncomingGrainCallFilter(static async context =>
            {
                try
                {
                    await context.Invoke();
                }
                catch (NotSupportedException)
                {
                    await context.Invoke();
                }
            });
            var calls = 0;
            silo.AddIncomingGrainCallFilter(context =>
            {
                return ++calls == 1 ? throw new NotSupportedException("The first time.") : context.Invoke();
            });
        });

        Assert.Equal("again", await Grain<FilteredGrain>(cluster.Client).Echo("again"));
    }

    [Fact]
    public async Task Incoming_NeitherCallsOnNorAnswers_CallerGetsAnError()
    {
        await using var cluster = await StartAsync(static _ => Task.CompletedTask);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Grain<FilteredGrain>(cluster.Client).Echo("text"));
    }

    [Fact]
    public async Task Incoming_SwallowsAnException_CallerStillGetsItUnlessAResultIsSet()
    {
        var answers = false;
        await using var cluster = await Clusters.StartAsync(configure: silo =>
            silo.AddIncomingGrainCallFilter(async context =>
            {
                try
                {
                    await context.Invoke();
                }
                catch (NotSupportedException) when (answers)
                {
                    context.Result = null;
                }
                catch (NotSupportedException)
                {
                }
            }));
        var grain = Grain<FilteredGrain>(cluster.Client);

        await Assert.ThrowsAsync<NotSupportedException>(() => grain.Fail());
        answers = true;
        await grain.Fail();
    }

    [Fact]
    public async Task Incoming_ResultOfTheWrongType_CallerGetsAnError()
    {
        await using var cluster = await StartAsync(static context =>
        {
            context.Result = 7;
            return Task.CompletedTask;
        });

        await Assert.ThrowsAsync<InvalidCastException>(() => Grain<FilteredGrain>(cluster.Client).Echo("text"));
    }

    [Fact]
    public async Task Incoming_Stream_IsSeenAndMayBeRefused()
    {
        var refuses = false;
        var methods = new ConcurrentQueue<string>();
        await using var cluster = await Clusters.StartAsync(configure: silo =>
            silo.AddIncomingGrainCallFilter(context =>
            {
                methods.Enqueue(context.MethodName);
                return refuses ? throw new UnauthorizedAccessException("Not you.") : context.Invoke();
            }));
        var grain = Grain<FilteredGrain>(cluster.Client);

        Assert.Equal([0, 1, 2], await Collect(grain.Count(3)));
        refuses = true;
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Collect(grain.Count(3)));

        Assert.Contains(methods, static method => method.StartsWith("MoveNext", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Incoming_TimerTick_IsSeen()
    {
        var signal = $"tick {Guid.NewGuid():N}";
        await using var cluster = await Clusters.StartAsync(configure: silo =>
            silo.AddIncomingGrainCallFilter(async context =>
            {
                await context.Invoke();
                Signals.Set($"{signal} {context.MethodName}");
            }));

        await Grain<FilteredGrain>(cluster.Client).StartTimer();

        await Signals.Await($"{signal} InvokeCallbackAsync");
    }

    [Fact]
    public async Task Outgoing_ChangesContextArgumentsAndResult()
    {
        await using var cluster = await Clusters.StartAsync(configure: static silo =>
        {
            silo.AddOutgoingGrainCallFilter(static async context =>
            {
                RequestContext.Set("filter", "was here");
                await context.Invoke();
            });
            silo.AddOutgoingGrainCallFilter<Doubling>();
        });
        var grain = Grain<FilteredGrain>(cluster.Silos[0].GrainFactory());

        Assert.Equal("was here", await grain.ContextValue("filter"));
        Assert.Equal(8, await grain.Add(4));
        await Assert.ThrowsAsync<NotSupportedException>(() => grain.Fail());
    }

    /// <summary>Filters calls of the test's grains; Orleans' own grains make calls as well.</summary>
    private static Task<InProcessTestCluster> StartAsync(Func<IIncomingGrainCallContext, Task> filter)
    {
        return Clusters.StartAsync(configure: silo => silo.AddIncomingGrainCallFilter(
            context => context.Grain is FilteredGrain ? filter(context) : context.Invoke()));
    }

    private static IFilteredGrain Grain<T>(IGrainFactory factory)
    {
        return factory.GetGrain<IFilteredGrain>("filtered", typeof(T).FullName);
    }

    private static async Task<List<int>> Collect(IAsyncEnumerable<int> items)
    {
        var result = new List<int>();
        await foreach (var item in items)
        {
            result.Add(item);
        }

        return result;
    }

    /// <summary>Appends its name to a text, and checks which filter ran inside of it.</summary>
    private sealed class Appending(string name) : IIncomingGrainCallFilter
    {
        public string? Inner { get; init; }

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            await context.Invoke();
            if (context.Grain is not FilteredGrain)
            {
                return;
            }

            if (Inner is not null)
            {
                Assert.EndsWith(Inner, (string)context.Result!, StringComparison.Ordinal);
            }

            context.Result += " " + name;
        }
    }

    /// <summary>Doubles integers that come back; it needs a grain factory to be made.</summary>
    private sealed class Doubling(IGrainFactory factory) : IOutgoingGrainCallFilter
    {
        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            Assert.NotNull(factory);
            await context.Invoke();
            if (context.Result is int value)
            {
                context.Result = value * 2;
            }
        }
    }
}
