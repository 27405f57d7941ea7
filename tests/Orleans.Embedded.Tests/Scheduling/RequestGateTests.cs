using System.Net;
using Orleans.Embedded.Activations;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.Tests.Scheduling;

/// <summary>The gate alone, with a queue that only notes which requests were started.</summary>
public sealed class RequestGateTests
{
    private static readonly SiloAddress Sender = SiloAddress.New(IPAddress.Loopback, 1, 1);
    private readonly StartedRequests _started = new();
    private readonly Message _exclusive = Request(1, GrainMethodOptions.None);
    private readonly Message _other = Request(2, GrainMethodOptions.None);
    private readonly Message _readOnly = Request(3, GrainMethodOptions.ReadOnly);
    private readonly Message _interleaving = Request(4, GrainMethodOptions.AlwaysInterleave);

    [Fact]
    public void TryAdmit_BeforeOpen_WaitsUntilItOpens()
    {
        var gate = new RequestGate(_started, isReentrant: false);

        Assert.True(gate.TryAdmit(_interleaving));
        Assert.Empty(_started.Requests);

        gate.TryOpen();
        Assert.Equal([_interleaving], _started.Requests);
    }

    [Fact]
    public void TryOpen_SeveralWait_StartsTheFirstExclusiveAndAllInterleaving()
    {
        var gate = new RequestGate(_started, isReentrant: false);
        gate.TryAdmit(_exclusive);
        gate.TryAdmit(_other);
        gate.TryAdmit(_interleaving);

        gate.TryOpen();

        Assert.Equal([_exclusive, _interleaving], _started.Requests);
        Assert.Equal([_other], gate.Leave());
    }

    [Fact]
    public void Complete_ExclusiveEnds_StartsTheNextInOrder()
    {
        var gate = Open();
        gate.TryAdmit(_exclusive);
        gate.TryAdmit(_other);
        gate.TryAdmit(_readOnly);

        Assert.False(gate.Complete(_exclusive));

        Assert.Equal([_exclusive, _other], _started.Requests);
        Assert.Equal([_readOnly], gate.Leave());
    }

    [Fact]
    public void TryAdmit_Reentrant_StartsAll()
    {
        var gate = new RequestGate(_started, isReentrant: true);
        gate.TryOpen();

        gate.TryAdmit(_exclusive);
        gate.TryAdmit(_other);
        gate.TryAdmit(_readOnly);

        Assert.Equal([_exclusive, _other, _readOnly], _started.Requests);
    }

    [Fact]
    public void Close_NothingRuns_IsReadyToEndOnce()
    {
        var gate = Open();

        Assert.True(gate.Close());
        Assert.True(gate.TryAdmit(_exclusive));
        Assert.Equal([_exclusive], gate.Leave());
        Assert.False(gate.TryAdmit(_other));
    }

    [Fact]
    public void Close_RequestsRun_IsReadyWhenTheLastEnds()
    {
        var gate = Open();
        gate.TryAdmit(_exclusive);
        gate.TryAdmit(_interleaving);
        gate.TryAdmit(_other);

        Assert.False(gate.Close());
        Assert.False(gate.Complete(_exclusive));
        Assert.True(gate.Complete(_interleaving));
        Assert.Equal([_other], gate.Leave());
    }

    [Fact]
    public void Close_BeforeOpen_OpenFails()
    {
        var gate = new RequestGate(_started, isReentrant: false);

        Assert.False(gate.Close());
        Assert.False(gate.TryOpen());
    }

    [Fact]
    public void Cancel_WaitingRequest_IsDroppedAndARunningOneFound()
    {
        var gate = Open();
        gate.TryAdmit(_exclusive);
        gate.TryAdmit(_other);

        Assert.Null(gate.Cancel(Sender, _other.Id));
        Assert.Same(_exclusive, gate.Cancel(Sender, _exclusive.Id));

        Assert.Empty(gate.Leave());
    }

    private RequestGate Open()
    {
        var gate = new RequestGate(_started, isReentrant: false);
        gate.TryOpen();
        return gate;
    }

    private static Message Request(long id, GrainMethodOptions options)
    {
        return new Message
        {
            Id = id,
            Kind = MessageKind.Request,
            SendingSilo = Sender,
            Body = new TestRequest(options),
        };
    }

    private sealed class TestRequest(GrainMethodOptions options) : VoidGrainRequest
    {
        public override GrainMethod Method { get; } = new("ITest", "Run", options);

        public override ValueTask Invoke(object target)
        {
            return ValueTask.CompletedTask;
        }
    }

    private sealed class StartedRequests : ITurnQueue
    {
        public List<object> Requests { get; } = [];

        public void Enqueue(object turn)
        {
            Requests.Add(turn);
        }
    }
}
