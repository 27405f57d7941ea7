using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference.Native;

/// <summary>Keeps a native object alive for a scope, whatever other threads dispose meanwhile.</summary>
internal readonly ref struct HandleUse
{
    private readonly SafeHandle _handle;

    /// <exception cref="ObjectDisposedException">The object is gone.</exception>
    public HandleUse(SafeHandle handle)
    {
        var added = false;
        handle.DangerousAddRef(ref added);
        _handle = handle;
    }

    public nint Pointer => _handle.DangerousGetHandle();

    public void Dispose() => _handle.DangerousRelease();
}
