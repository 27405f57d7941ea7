namespace BTTInferGrid.Inference.Tests.Engines;

/// <summary>
/// A clock that stops the engine's decode thread wherever it next reads the time, until the test opens it: the engine
/// is then surely busy.
/// </summary>
internal sealed class StopwatchGate : TimeProvider, IDisposable
{
    private readonly ManualResetEvent _open = new(initialState: false);
    private readonly ManualResetEvent _reached = new(initialState: false);

    public void WaitUntilReached() => _reached.Within("the decode thread reads the clock");

    public void Open() => _open.Set();

    public override long GetTimestamp()
    {
        if (Thread.CurrentThread.Name == "BTTInferGrid decode")
        {
            _reached.Set();
            _open.Within("the test opens the gate");
        }

        return base.GetTimestamp();
    }

    public void Dispose()
    {
        _open.Dispose();
        _reached.Dispose();
    }
}
