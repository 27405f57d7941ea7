using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference.Native;

/// <summary>A context of a model. It holds its model, which must not be freed first.</summary>
internal sealed class ContextHandle : SafeHandle
{
    private readonly ModelHandle _model;

    private ContextHandle(ModelHandle model)
        : base(0, ownsHandle: true) => _model = model;

    public override bool IsInvalid => handle == 0;

    /// <exception cref="LlamaLibraryException">The context does not fit into memory, or the model has none.</exception>
    public static ContextHandle Create(ModelHandle model, ContextParams parameters)
    {
        var context = new ContextHandle(model);
        var added = false;
        model.DangerousAddRef(ref added);
        LlamaLog.TakeLastError();
        context.SetHandle(NativeMethods.ContextCreate(model.DangerousGetHandle(), parameters));
        if (!context.IsInvalid)
        {
            return context;
        }

        model.DangerousRelease();
        throw new LlamaLibraryException(
            $"llama.cpp made no context of {parameters.Context} tokens: "
            + (LlamaLog.TakeLastError() ?? "no reason given"));
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.ContextFree(handle);
        _model.DangerousRelease();
        return true;
    }
}
