namespace BTTInferGrid.Inference.Tests.Engines;

public class BatchPlanTests
{
    [Fact]
    public void Schedule_ReadersAlone_ShareTheWholeBatchEvenly() =>
        Assert.Equal([100, 100, 100], Scheduled(new BatchPlan(300, 10), Prompts(100, 200, 300)));

    [Fact]
    public void Schedule_LessThanATileForEach_GivesTilesInTurn()
    {
        var plan = new BatchPlan(100, 1);
        var running = Prompts(200, 200, 200);

        Assert.Equal([64, 36, 0], Scheduled(plan, running));
        Assert.Equal([0, 64, 36], Scheduled(plan, running));
        Assert.Equal([36, 0, 64], Scheduled(plan, running));
    }

    [Fact]
    public void Schedule_FewReadersBesideWriters_TakeTurnsAtTheirLeast()
    {
        var plan = new BatchPlan(48, 20);
        var running = Prompts(1, 100, 200, 1, 1, 1);

        Assert.Equal([1, 20, 0, 1, 1, 1], Scheduled(plan, running));
        Assert.Equal([1, 0, 20, 1, 1, 1], Scheduled(plan, running));
    }

    [Fact]
    public void Schedule_ManyReadersBesideWriters_HaveTheirPartOfTheBatch() =>
        Assert.Equal([64, 1, 64, 64], Scheduled(new BatchPlan(256, 20), Prompts(200, 1, 200, 200)));

    [Theory]
    [InlineData(127, 256, 127)]
    [InlineData(128, 256, 64)]
    [InlineData(100, 80, 64)]
    public void Schedule_RestOfLessThanATile_IsReadWithWhatComesBeforeIfItFits(int prompt, int batch, int read) =>
        Assert.Equal([1, 1, 1, 1, read], Scheduled(new BatchPlan(batch, 64), Prompts(1, 1, 1, 1, prompt)));

    [Fact]
    public void Schedule_LimitAboveTheBatch_LeavesEveryWriterItsToken() =>
        Assert.Equal([1, 6, 1], Scheduled(new BatchPlan(8, 4096), Prompts(1, 100, 1)));

    [Fact]
    public void Schedule_ShortPrompt_LeavesItsShareToTheOthers() =>
        Assert.Equal([164, 10, 126], Scheduled(new BatchPlan(300, 1), Prompts(200, 10, 300)));

    [Fact]
    public void Schedule_MoreReadersThanCells_ServesAllInTurn()
    {
        var plan = new BatchPlan(64, 2);
        var running = Prompts(1, 100, 100, 100, 100, 100);
        var read = new int[running.Count];
        for (var step = 0; step < 60; step++)
        {
            var scheduled = Scheduled(plan, running, cells: 3);
            Assert.Equal(2, scheduled[1..].Sum());
            for (var i = 0; i < read.Length; i++)
            {
                read[i] += scheduled[i];
            }
        }

        Assert.Equal(60, read[0]);
        Assert.All(read[1..], tokens => Assert.InRange(tokens, 20, 30));
    }

    [Fact]
    public void Schedule_EverythingFits_SchedulesEverything() =>
        Assert.Equal([5, 3, 2], Scheduled(new BatchPlan(64, 1), Prompts(5, 3, 2)));

    [Fact]
    public void Schedule_FewCells_ServesTheWritersFirst() =>
        Assert.Equal([1, 5, 1, 0], Scheduled(new BatchPlan(64, 32), Prompts(1, 50, 1, 50), cells: 7));

    [Fact]
    public void Schedule_NoCellForAWriterOrForAnyReader_IsNothing()
    {
        Assert.Equal(0, new BatchPlan(64, 32).Schedule(Prompts(1, 50, 1), cells: 1));
        Assert.Equal(0, new BatchPlan(64, 32).Schedule(Prompts(50, 50), cells: 0));
        Assert.Equal(2, new BatchPlan(64, 32).Schedule(Prompts(1, 50, 1), cells: 2));
    }

    private static int[] Scheduled(BatchPlan plan, List<Generation> running, int cells = 4096)
    {
        var sum = plan.Schedule(running, cells);
        Assert.Equal(sum, running.Sum(generation => generation.Scheduled));
        return [.. running.Select(generation => generation.Scheduled)];
    }

    private static List<Generation> Prompts(params int[] lengths) => [.. lengths.Select(length => new Generation(
        new EngineRequest { Prompt = new int[length], MaxTokens = 1 },
        new TokenText(table: null, []),
        grammar: null,
        TimeProvider.System))];
}
