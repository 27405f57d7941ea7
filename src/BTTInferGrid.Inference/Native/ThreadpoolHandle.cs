using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference.Native;

/// <summary>
/// The worker threads of one context. Without it ggml starts new threads for each decode; with polling off they sleep
/// between decodes.
/// </summary>
internal sealed unsafe class ThreadpoolHandle : SafeHandle
{
    private readonly delegate* unmanaged[Cdecl]<nint, void> _free;

    private ThreadpoolHandle(nint pool, nint free)
        : base(0, ownsHandle: true)
    {
        SetHandle(pool);
        _free = (delegate* unmanaged[Cdecl]<nint, void>)free;
    }

    public override bool IsInvalid => handle == 0;

    public static ThreadpoolHandle Create(LlamaLibrary library, int threads)
    {
        Unsafe.SkipInit(out ThreadpoolParams parameters);
        NativeMethods.ThreadpoolDefaults(&parameters, threads);
        parameters.Poll = 0;
        var create = (delegate* unmanaged[Cdecl]<ThreadpoolParams*, nint>)library.CpuFunction("ggml_threadpool_new");
        var pool = create(&parameters);
        return pool != 0
            ? new ThreadpoolHandle(pool, library.CpuFunction("ggml_threadpool_free"))
            : throw new LlamaLibraryException($"ggml started no pool of {threads} threads.");
    }

    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }
}
