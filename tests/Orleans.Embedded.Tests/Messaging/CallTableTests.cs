using System.Net;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.Tests.Messaging;

public sealed class CallTableTests
{
    private static readonly SiloAddress Silo = SiloAddress.New(IPAddress.Loopback, 1, 1);
    private readonly CallTable _calls = new();

    [Fact]
    public void Take_AddedCall_IsGivenOnce()
    {
        var call = Add();

        Assert.Same(call, _calls.Find(call.Id));
        Assert.Same(call, _calls.Take(call.Id));
        Assert.Null(_calls.Take(call.Id));
        Assert.Null(_calls.Find(call.Id));
    }

    [Fact]
    public void Take_SlotUsedAgain_OldIdFindsNothing()
    {
        var first = Add();
        _calls.Take(first.Id);
        var second = Add();

        Assert.NotEqual(first.Id, second.Id);
        Assert.Null(_calls.Take(first.Id));
        Assert.Same(second, _calls.Take(second.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Take_IdThatNeverWas_FindsNothing(long id)
    {
        Add();

        Assert.Null(_calls.Take(id));
    }

    [Fact]
    public void TakeWhere_SomeMeetTheCondition_LeavesTheOthers()
    {
        var early = Add(deadline: 10);
        var late = Add(deadline: 20);

        Assert.Equal([early], _calls.TakeWhere(10, static (call, now) => call.Deadline <= now));
        Assert.Same(late, _calls.Take(late.Id));
    }

    [Fact]
    public void Add_ManyFromManyThreads_AllHaveTheirOwnId()
    {
        var ids = new ConcurrentDictionary<long, Message>();

        Parallel.For(0, 5_000, i =>
        {
            var call = Add();
            Assert.True(ids.TryAdd(call.Id, call));
            if (i % 3 == 0)
            {
                Assert.Same(call, _calls.Take(call.Id));
            }
        });

        Assert.Equal(5_000 - 1_667, _calls.TakeWhere(0, static (_, _) => true).Count);
    }

    private Message Add(long deadline = long.MaxValue)
    {
        var call = new Message { Kind = MessageKind.Request, SendingSilo = Silo, Deadline = deadline };
        _calls.Add(call);
        return call;
    }
}
