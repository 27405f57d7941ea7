using BTTInferGrid.Node.Jobs;
using BTTInferGrid.Node.Tests.Grid;

namespace BTTInferGrid.Node.Tests.Jobs;

public sealed class JobCreditTests
{
    [Fact]
    public async Task WaitAsync_CreditLeft_ReturnsAllOfIt()
    {
        var credit = new JobCredit(5);
        credit.Spend(2);

        (await credit.WaitAsync(CancellationToken.None)).Should().Be(3);
    }

    [Fact]
    public async Task WaitAsync_NoCredit_WaitsForAGrant()
    {
        var credit = new JobCredit(0);
        var wait = credit.WaitAsync(CancellationToken.None).AsTask();

        wait.IsCompleted.Should().BeFalse();
        credit.Grant(0);
        wait.IsCompleted.Should().BeFalse("nothing was granted");
        credit.Grant(7);

        (await wait.Within("the grant")).Should().Be(7);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        var wait = new JobCredit(0).WaitAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();

        await wait.Awaiting(task => task.Within("the cancellation")).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Grant_MoreThanANumberHolds_StaysAtTheLargest()
    {
        var credit = new JobCredit(uint.MaxValue);
        credit.Grant(uint.MaxValue);
        credit.Grant(uint.MaxValue);

        (await credit.WaitAsync(CancellationToken.None)).Should().Be(int.MaxValue);
    }
}
