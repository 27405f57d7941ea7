using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using FluentAssertions;

namespace BTTInferGrid.Grains.Tests.Jobs;

public sealed class AttemptFailureTests
{
    public static TheoryData<Exception, AttemptOutcome> Failures => new()
    {
        { new MinerBusyException("m"), AttemptOutcome.Busy },
        { new MinerLostException("m", "gone"), AttemptOutcome.Lost },
        { new MinerFailedException("m", "broken"), AttemptOutcome.Failed },
        { new RequestRefusedException("prompt", "too long"), AttemptOutcome.Refused },
        { new TimeoutException(), AttemptOutcome.Stalled },
        { new OrleansException("rejected"), AttemptOutcome.Lost },
        { new SiloUnavailableException(), AttemptOutcome.Lost },
        { new EnumerationAbortedException("aborted"), AttemptOutcome.Lost },
        { new OperationCanceledException(), AttemptOutcome.Lost },
        { new TaskCanceledException(), AttemptOutcome.Lost },
        { new InvalidDataException(), AttemptOutcome.Failed },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void From_ExceptionOfACallToAMiner_IsTheMinersFaultOnlyIfItIsItsOwn(Exception failure, AttemptOutcome outcome) =>
        AttemptFailure.From(failure).Outcome.Should().Be(outcome);
}
