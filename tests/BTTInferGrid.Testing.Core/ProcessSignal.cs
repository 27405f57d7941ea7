namespace BTTInferGrid.Testing;

/// <summary>What a process can be sent. The values are Linux's.</summary>
public enum ProcessSignal
{
    /// <summary>Ctrl-C: end in good order.</summary>
    Interrupt = 2,

    /// <summary>End at once; the process is not asked.</summary>
    Kill = 9,

    /// <summary>What a service manager sends: end in good order.</summary>
    Terminate = 15,

    /// <summary>Go on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Stand still; the process is not asked, and its sockets stay open.</summary>
    Stop = 19,
}
