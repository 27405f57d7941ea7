using System.Net;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.Tests.Messaging;

public sealed class PendingCallsTests
{
    private static readonly SiloAddress Self = SiloAddress.New(IPAddress.Loopback, 1, 1);
    private static readonly SiloAddress Other = SiloAddress.New(IPAddress.Loopback, 2, 1);
    private readonly PendingCalls _calls = new();

    [Fact]
    public async Task Succeed_ThenFail_TheFirstCounts()
    {
        var (request, call) = Add();

        _calls.Succeed(request.Id, 7);
        _calls.Fail(request.Id, new NotSupportedException());

        Assert.Equal(7, await call.Task);
    }

    [Fact]
    public async Task Fail_ThenSucceed_TheFirstCounts()
    {
        var (request, call) = Add();

        _calls.Fail(request.Id, new NotSupportedException());
        _calls.Succeed(request.Id, 7);

        await Assert.ThrowsAsync<NotSupportedException>(() => call.Task);
    }

    [Fact]
    public async Task Deliver_AnswerOfAnotherType_FailsTheCall()
    {
        var (request, call) = Add();

        // The number 7, for a call that has no result.
        _calls.Deliver(request.Id, new ReceivedResponse([0x10, 0x07], Serialization.Wire.Serializer));

        await Assert.ThrowsAsync<Orleans.Serialization.SerializerException>(() => call.Task);
    }

    [Fact]
    public void TryCancel_Completed_DoesNothing()
    {
        var (request, call) = Add();
        _calls.Succeed(request.Id, 7);

        Assert.False(_calls.TryCancel(request.Id, new CancellationToken(canceled: true)));
        Assert.True(call.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task FailAllTo_DeadSilo_FailsOnlyTheCallsThere()
    {
        var (there, lost) = Add();
        there.NoteHolder(SiloAddress.New(IPAddress.Loopback, 2, 1), hops: 1);
        var (_, unsent) = Add();

        _calls.FailAllTo(Other);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => lost.Task);
        Assert.False(unsent.Task.IsCompleted);
    }

    [Fact]
    public async Task FailAllTo_NewsOfTheHolderCameOutOfOrder_TheLatestHopCounts()
    {
        var (request, call) = Add();
        request.NoteHolder(Self, hops: 2);
        request.NoteHolder(Other, hops: 1);

        _calls.FailAllTo(Other);
        Assert.False(call.Task.IsCompleted);
        _calls.FailAllTo(Self);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call.Task);
    }

    [Fact]
    public async Task FailAll_OwnSiloStops_FailsEveryCall()
    {
        var (_, one) = Add();
        var (_, two) = Add();

        _calls.FailAll();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => one.Task);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => two.Task);
    }

    private (Message Request, PendingCall<int> Call) Add()
    {
        var call = new PendingCall<int>();
        var request = new Message
        {
            Kind = MessageKind.Request,
            SendingSilo = Self,
            Call = call,
            Deadline = long.MaxValue,
            Body = new Orleans.Embedded.Streaming.StopRequest(Guid.Empty),
        };
        _calls.Add(request);
        return (request, call);
    }
}
